public import Activations
public import Tensor

/// Long short-term memory: a recurrent layer whose ``LSTMCell`` keeps what it needs over many steps.
///
/// ```swift
/// let sentiment = Sequential<Float> {
///   Input(100, 64)
///   LSTM(64, activation: .tanh, recurrentActivation: "sigmoid", returnSequences: true)
///   LSTM(32)
///   Dense(1, activation: .sigmoid)
/// }
/// ```
///
/// The input is [batch, steps, features]; see ``RecurrentLayer`` for initial states, masks and outputs. The products of all
/// steps with the input's kernel are one; then each step's product, gates and states follow in one pass. A sample's
/// output does not depend on the others, nor on the number of threads. For single steps, see ``RecurrentState``.
/// - Complexity: 8 · batch · steps · units · (features + units) operations. Training keeps products,
///   gates, both states and the input: 11 · units + features numbers for each step of a sample.
public struct LSTM<Scalar: RealScalar>: RecurrentLayer {
  public var cell: LSTMCell<Scalar>
  public var options: RecurrentOptions

  /// Creates a layer over a cell.
  /// - Parameter cell: the cell.
  /// - Parameter options: what the layer returns, and in which order it takes the steps.
  public init(_ cell: LSTMCell<Scalar>, options: RecurrentOptions = RecurrentOptions()) {
    self.cell = cell
    self.options = options
  }

  /// Creates a layer whose weights are not built yet. Parameters are those of ``LSTMCell``, then those of
  /// ``RecurrentOptions``.
  public init(
    _ units: Int, activation: Activation<Scalar> = .tanh, recurrentActivation: Activation<Scalar> = .sigmoid,
    useBias: Bool = true, kernelInitializer: Initializer<Scalar> = .glorotUniform,
    recurrentInitializer: Initializer<Scalar> = .orthogonal, biasInitializer: Initializer<Scalar> = .zeros,
    unitForgetBias: Bool = true, kernelRegularizer: Regularizer<Scalar>? = nil,
    recurrentRegularizer: Regularizer<Scalar>? = nil, biasRegularizer: Regularizer<Scalar>? = nil,
    kernelConstraint: Constraint<Scalar>? = nil, recurrentConstraint: Constraint<Scalar>? = nil,
    biasConstraint: Constraint<Scalar>? = nil, dropout: Double = 0, recurrentDropout: Double = 0,
    returnSequences: Bool = false, returnState: Bool = false, goBackwards: Bool = false,
    zeroOutputForMask: Bool = false
  ) {
    cell = LSTMCell(
      units, activation: activation, recurrentActivation: recurrentActivation, useBias: useBias,
      kernelInitializer: kernelInitializer, recurrentInitializer: recurrentInitializer,
      biasInitializer: biasInitializer, unitForgetBias: unitForgetBias, kernelRegularizer: kernelRegularizer,
      recurrentRegularizer: recurrentRegularizer, biasRegularizer: biasRegularizer,
      kernelConstraint: kernelConstraint, recurrentConstraint: recurrentConstraint, biasConstraint: biasConstraint,
      dropout: dropout, recurrentDropout: recurrentDropout)
    options = RecurrentOptions(
      returnSequences: returnSequences, returnState: returnState, goBackwards: goBackwards,
      zeroOutputForMask: zeroOutputForMask)
  }
}
