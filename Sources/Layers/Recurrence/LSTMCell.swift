public import Activations
public import Tensor

/// A step of an ``LSTM``: long short-term memory.
///
/// With the gates i, f and o, which are `recurrentActivation(x · kernel + h · recurrentKernel + bias)`, and the candidate
/// g, which is the same with `activation`: `c = f · c + i · g` and `h = o · activation(c)`. States are h and c, each
/// [units]; the output is h. The gates' columns stand in the order i, f, g, o.
/// - Reference: Hochreiter, Schmidhuber, Neural Computation 9, 1997.
public struct LSTMCell<Scalar: RealScalar>: GatedCell {
  public var core: GatedCellCore<Scalar>
  /// Whether the forget gate's bias begins with 1.
  public let unitForgetBias: Bool
  /// The activation of the gates.
  public var recurrentActivation: Activation<Scalar> { core.recurrentActivation! }

  /// Creates a cell whose weights are not built yet.
  /// - Parameter units: the number of output features; at least 1.
  /// - Parameter activation: the activation of candidates and outputs: a value, or Keras's identifier.
  /// - Parameter recurrentActivation: the activation of the gates.
  /// - Parameter useBias: whether the gates have a bias.
  /// - Parameter kernelInitializer: the initializer of the kernel of inputs.
  /// - Parameter recurrentInitializer: the initializer of the kernel of states.
  /// - Parameter biasInitializer: the initializer of the bias.
  /// - Parameter unitForgetBias: whether the forget gate's bias begins with 1.
  /// - Parameter kernelRegularizer: the penalty for the kernel of inputs.
  /// - Parameter recurrentRegularizer: the penalty for the kernel of states.
  /// - Parameter biasRegularizer: the penalty for the bias.
  /// - Parameter kernelConstraint: the constraint that the kernel of inputs satisfies after every step of training.
  /// - Parameter recurrentConstraint: the constraint of the kernel of states.
  /// - Parameter biasConstraint: the constraint of the bias.
  /// - Parameter dropout: the fraction of the input's features that is dropped in training; in 0...1.
  /// - Parameter recurrentDropout: the fraction of the state's features that products do not see in training; in 0...1.
  public init(
    _ units: Int, activation: Activation<Scalar> = .tanh, recurrentActivation: Activation<Scalar> = .sigmoid,
    useBias: Bool = true, kernelInitializer: Initializer<Scalar> = .glorotUniform,
    recurrentInitializer: Initializer<Scalar> = .orthogonal, biasInitializer: Initializer<Scalar> = .zeros,
    unitForgetBias: Bool = true, kernelRegularizer: Regularizer<Scalar>? = nil,
    recurrentRegularizer: Regularizer<Scalar>? = nil, biasRegularizer: Regularizer<Scalar>? = nil,
    kernelConstraint: Constraint<Scalar>? = nil, recurrentConstraint: Constraint<Scalar>? = nil,
    biasConstraint: Constraint<Scalar>? = nil, dropout: Double = 0, recurrentDropout: Double = 0
  ) {
    self.unitForgetBias = unitForgetBias
    core = GatedCellCore(
      "LSTMCell", .lstm, units, activation, recurrentActivation, states: 2, dropout: dropout,
      recurrentDropout: recurrentDropout,
      kernel: Weight(
        "kernel", initializer: kernelInitializer, regularizer: kernelRegularizer, constraint: kernelConstraint),
      recurrent: Weight(
        "recurrent_kernel", initializer: recurrentInitializer, regularizer: recurrentRegularizer,
        constraint: recurrentConstraint),
      bias: useBias
        ? Weight("bias", initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint) : nil)
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try core.build(inputShape, using: &generator)
    if unitForgetBias, core.biasWeight != nil { core.biasWeight!.value[units..<2 * units] = .ones([units]) }
  }
}
