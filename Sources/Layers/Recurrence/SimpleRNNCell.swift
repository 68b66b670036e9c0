public import Activations
public import Tensor

/// A step of a ``SimpleRNN``: `h = activation(x · kernel + h · recurrentKernel + bias)`. The state is h, [units], which is
/// the output, too.
/// - Reference: Elman, Cognitive Science 14, 1990.
public struct SimpleRNNCell<Scalar: RealScalar>: GatedCell {
  public var core: GatedCellCore<Scalar>

  /// Creates a cell whose weights are not built yet.
  /// - Parameter units: the number of output features; at least 1.
  /// - Parameter activation: the activation: a value, or Keras's identifier.
  /// - Parameter useBias: whether there is a bias.
  /// - Parameter kernelInitializer: the initializer of the kernel of inputs.
  /// - Parameter recurrentInitializer: the initializer of the kernel of states.
  /// - Parameter biasInitializer: the initializer of the bias.
  /// - Parameter kernelRegularizer: the penalty for the kernel of inputs.
  /// - Parameter recurrentRegularizer: the penalty for the kernel of states.
  /// - Parameter biasRegularizer: the penalty for the bias.
  /// - Parameter kernelConstraint: the constraint that the kernel of inputs satisfies after every step of training.
  /// - Parameter recurrentConstraint: the constraint of the kernel of states.
  /// - Parameter biasConstraint: the constraint of the bias.
  /// - Parameter dropout: the fraction of the input's features that is dropped in training; in 0...1.
  /// - Parameter recurrentDropout: the fraction of the state's features that products do not see in training; in 0...1.
  public init(
    _ units: Int, activation: Activation<Scalar> = .tanh, useBias: Bool = true,
    kernelInitializer: Initializer<Scalar> = .glorotUniform, recurrentInitializer: Initializer<Scalar> = .orthogonal,
    biasInitializer: Initializer<Scalar> = .zeros, kernelRegularizer: Regularizer<Scalar>? = nil,
    recurrentRegularizer: Regularizer<Scalar>? = nil, biasRegularizer: Regularizer<Scalar>? = nil,
    kernelConstraint: Constraint<Scalar>? = nil, recurrentConstraint: Constraint<Scalar>? = nil,
    biasConstraint: Constraint<Scalar>? = nil, dropout: Double = 0, recurrentDropout: Double = 0
  ) {
    core = GatedCellCore(
      "SimpleRNNCell", .simple, units, activation, nil, states: 1, dropout: dropout,
      recurrentDropout: recurrentDropout,
      kernel: Weight(
        "kernel", initializer: kernelInitializer, regularizer: kernelRegularizer, constraint: kernelConstraint),
      recurrent: Weight(
        "recurrent_kernel", initializer: recurrentInitializer, regularizer: recurrentRegularizer,
        constraint: recurrentConstraint),
      bias: useBias
        ? Weight("bias", initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint) : nil)
  }
}
