public import Activations
public import Tensor

/// A recurrent layer whose output is its state: ``SimpleRNNCell``.
///
/// The input is [batch, steps, features]; see ``RecurrentLayer`` for initial states, masks and outputs. A sample's output
/// does not depend on the others, nor on the number of threads. For single steps, see ``RecurrentState``.
/// - Complexity: 2 · batch · steps · units · (features + units) operations. Training keeps products,
///   outputs, states and the input: 4 · units + features numbers for each step of a sample.
public struct SimpleRNN<Scalar: RealScalar>: RecurrentLayer {
  public var cell: SimpleRNNCell<Scalar>
  public var options: RecurrentOptions

  /// Creates a layer over a cell.
  /// - Parameter cell: the cell.
  /// - Parameter options: what the layer returns, and in which order it takes the steps.
  public init(_ cell: SimpleRNNCell<Scalar>, options: RecurrentOptions = RecurrentOptions()) {
    self.cell = cell
    self.options = options
  }

  /// Creates a layer whose weights are not built yet. Parameters are those of ``SimpleRNNCell``, then those of
  /// ``RecurrentOptions``.
  public init(
    _ units: Int, activation: Activation<Scalar> = .tanh, useBias: Bool = true,
    kernelInitializer: Initializer<Scalar> = .glorotUniform, recurrentInitializer: Initializer<Scalar> = .orthogonal,
    biasInitializer: Initializer<Scalar> = .zeros, kernelRegularizer: Regularizer<Scalar>? = nil,
    recurrentRegularizer: Regularizer<Scalar>? = nil, biasRegularizer: Regularizer<Scalar>? = nil,
    kernelConstraint: Constraint<Scalar>? = nil, recurrentConstraint: Constraint<Scalar>? = nil,
    biasConstraint: Constraint<Scalar>? = nil, dropout: Double = 0, recurrentDropout: Double = 0,
    returnSequences: Bool = false, returnState: Bool = false, goBackwards: Bool = false,
    zeroOutputForMask: Bool = false
  ) {
    cell = SimpleRNNCell(
      units, activation: activation, useBias: useBias, kernelInitializer: kernelInitializer,
      recurrentInitializer: recurrentInitializer, biasInitializer: biasInitializer,
      kernelRegularizer: kernelRegularizer, recurrentRegularizer: recurrentRegularizer,
      biasRegularizer: biasRegularizer, kernelConstraint: kernelConstraint,
      recurrentConstraint: recurrentConstraint, biasConstraint: biasConstraint, dropout: dropout,
      recurrentDropout: recurrentDropout)
    options = RecurrentOptions(
      returnSequences: returnSequences, returnState: returnState, goBackwards: goBackwards,
      zeroOutputForMask: zeroOutputForMask)
  }
}
