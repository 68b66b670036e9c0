public import Activations
public import Tensor

/// A convolutional LSTM of sequences of sequences, [batch, steps, positions, channels].
public typealias ConvLSTM1D<Scalar: RealScalar> = ConvLSTM<Scalar, Spatial1D>
/// A convolutional LSTM of films, [batch, steps, rows, columns, channels].
public typealias ConvLSTM2D<Scalar: RealScalar> = ConvLSTM<Scalar, Spatial2D>
/// A convolutional LSTM of sequences of volumes, [batch, steps, planes, rows, columns, channels].
public typealias ConvLSTM3D<Scalar: RealScalar> = ConvLSTM<Scalar, Spatial3D>

/// An ``LSTM`` whose products are convolutions: ``ConvLSTMCell``.
///
/// ``ConvLSTM1D``, ``ConvLSTM2D`` and ``ConvLSTM3D`` are this layer for one, two and three spatial axes. See
/// ``RecurrentLayer`` for initial states, masks and outputs.
/// - Reference: Shi et al., arXiv:1506.04214.
public struct ConvLSTM<Scalar: RealScalar, Rank: SpatialRank>: RecurrentLayer {
  public var cell: ConvLSTMCell<Scalar, Rank>
  public var options: RecurrentOptions

  /// Creates a layer over a cell.
  /// - Parameter cell: the cell.
  /// - Parameter options: what the layer returns, and in which order it takes the steps.
  public init(_ cell: ConvLSTMCell<Scalar, Rank>, options: RecurrentOptions = RecurrentOptions()) {
    self.cell = cell
    self.options = options
  }

  /// Creates a layer whose weights are not built yet. Parameters are those of ``ConvLSTMCell``, then those of
  /// ``RecurrentOptions``.
  public init(
    _ filters: Int, kernelSize: some SpatialLengths, strides: some SpatialLengths = 1, padding: WindowPadding = .valid,
    dataFormat: DataFormat = .channelsLast, dilationRate: some SpatialLengths = 1,
    activation: Activation<Scalar> = .tanh, recurrentActivation: Activation<Scalar> = .sigmoid, useBias: Bool = true,
    kernelInitializer: Initializer<Scalar> = .glorotUniform, recurrentInitializer: Initializer<Scalar> = .orthogonal,
    biasInitializer: Initializer<Scalar> = .zeros, unitForgetBias: Bool = true,
    kernelRegularizer: Regularizer<Scalar>? = nil, recurrentRegularizer: Regularizer<Scalar>? = nil,
    biasRegularizer: Regularizer<Scalar>? = nil, kernelConstraint: Constraint<Scalar>? = nil,
    recurrentConstraint: Constraint<Scalar>? = nil, biasConstraint: Constraint<Scalar>? = nil, dropout: Double = 0,
    recurrentDropout: Double = 0, returnSequences: Bool = false, returnState: Bool = false, goBackwards: Bool = false,
    zeroOutputForMask: Bool = false
  ) {
    cell = ConvLSTMCell(
      filters, kernelSize: kernelSize, strides: strides, padding: padding, dataFormat: dataFormat,
      dilationRate: dilationRate, activation: activation, recurrentActivation: recurrentActivation, useBias: useBias,
      kernelInitializer: kernelInitializer, recurrentInitializer: recurrentInitializer,
      biasInitializer: biasInitializer, unitForgetBias: unitForgetBias, kernelRegularizer: kernelRegularizer,
      recurrentRegularizer: recurrentRegularizer, biasRegularizer: biasRegularizer,
      kernelConstraint: kernelConstraint, recurrentConstraint: recurrentConstraint, biasConstraint: biasConstraint,
      dropout: dropout, recurrentDropout: recurrentDropout)
    options = RecurrentOptions(
      returnSequences: returnSequences, returnState: returnState, goBackwards: goBackwards,
      zeroOutputForMask: zeroOutputForMask)
  }

  static var kerasName: String { "ConvLSTM\(Rank.axisCount)D" }
  public var className: String { Self.kerasName }
}

extension ConvLSTM: RankedLayer {}
