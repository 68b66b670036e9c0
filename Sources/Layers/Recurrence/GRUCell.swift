public import Activations
public import Tensor

/// A step of a ``GRU``: a gated recurrent unit.
///
/// With the gates z and r, which are `recurrentActivation(x · kernel + h · recurrentKernel + bias)`, and the candidate g,
/// in which r multiplies the part of h: `h = z · h + (1 - z) · g`. The state is h, [units], which is the output, too. The
/// gates' columns stand in the order z, r, g.
/// - Reference: Cho et al., arXiv:1406.1078.
public struct GRUCell<Scalar: RealScalar>: GatedCell {
  public var core: GatedCellCore<Scalar>
  /// The activation of the gates.
  public var recurrentActivation: Activation<Scalar> { core.recurrentActivation! }
  /// Whether r multiplies the product of h and its kernel, instead of h itself.
  public var resetAfter: Bool { core.rule == .gru }

  /// Creates a cell whose weights are not built yet.
  /// - Parameter units: the number of output features; at least 1.
  /// - Parameter activation: the activation of candidates: a value, or Keras's identifier.
  /// - Parameter recurrentActivation: the activation of the gates.
  /// - Parameter useBias: whether the gates have a bias: [2, 3 · units] with `resetAfter`, for inputs and for states.
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
  /// - Parameter resetAfter: whether the reset gate multiplies the product of the state and its kernel, instead of the
  ///   state itself.
  public init(
    _ units: Int, activation: Activation<Scalar> = .tanh, recurrentActivation: Activation<Scalar> = .sigmoid,
    useBias: Bool = true, kernelInitializer: Initializer<Scalar> = .glorotUniform,
    recurrentInitializer: Initializer<Scalar> = .orthogonal, biasInitializer: Initializer<Scalar> = .zeros,
    kernelRegularizer: Regularizer<Scalar>? = nil, recurrentRegularizer: Regularizer<Scalar>? = nil,
    biasRegularizer: Regularizer<Scalar>? = nil, kernelConstraint: Constraint<Scalar>? = nil,
    recurrentConstraint: Constraint<Scalar>? = nil, biasConstraint: Constraint<Scalar>? = nil, dropout: Double = 0,
    recurrentDropout: Double = 0, resetAfter: Bool = true
  ) {
    core = GatedCellCore(
      "GRUCell", resetAfter ? .gru : .earlyResetGRU, units, activation, recurrentActivation, states: 1,
      dropout: dropout, recurrentDropout: recurrentDropout,
      kernel: Weight(
        "kernel", initializer: kernelInitializer, regularizer: kernelRegularizer, constraint: kernelConstraint),
      recurrent: Weight(
        "recurrent_kernel", initializer: recurrentInitializer, regularizer: recurrentRegularizer,
        constraint: recurrentConstraint),
      bias: useBias
        ? Weight("bias", initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint) : nil)
  }
}
