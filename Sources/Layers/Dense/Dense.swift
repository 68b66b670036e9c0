public import Activations
public import Tensor

/// A fully connected layer: `activation(x · kernel + bias)`.
///
/// ```swift
/// let hidden = Dense<Float>(64, activation: .selu, kernelInitializer: .lecunNormal)
/// let classes = Dense<Float>(10, activation: "softmax")
/// ```
///
/// The input is [batch, …, inputs], the output [batch, …, units]. Product, bias and elementwise activation are computed
/// in one pass; the result equals that of `Dense(64)` followed by `Activation(.selu)` to the bit.
///
/// A layer such as ``LeakyReLU``, which may have weights, cannot be passed as `activation:`. Place it after this layer,
/// or combine both under one name in an ``ActivatedLayer``.
/// - Complexity: 2 · batch · inputs · units operations. For inference, a second copy of the kernel is kept in the order
///   in which products read it.
public struct Dense<Scalar: RealScalar>: Layer {
  /// The number of output features.
  public let units: Int
  /// The activation; the identity by default.
  public var activation: Activation<Scalar>
  /// The penalty for the output that is added to the loss, divided by the length of the batch.
  public let activityRegularizer: Regularizer<Scalar>?
  package var kernelWeight: Weight<Scalar>
  package var biasWeight: Weight<Scalar>?

  /// Creates a dense layer whose weights are not built yet.
  /// - Parameter units: the number of output features; at least 1.
  /// - Parameter activation: a value, or Keras's identifier.
  /// - Parameter useBias: whether the layer adds a bias.
  /// - Parameter kernelInitializer: the initializer of the kernel.
  /// - Parameter biasInitializer: the initializer of the bias.
  /// - Parameter kernelRegularizer: the penalty for the kernel that is added to the loss.
  /// - Parameter biasRegularizer: the penalty for the bias that is added to the loss.
  /// - Parameter activityRegularizer: the penalty for the outputs that is added to the loss.
  /// - Parameter kernelConstraint: the constraint that the kernel satisfies after every step.
  /// - Parameter biasConstraint: the constraint that the bias satisfies after every step.
  public init(
    _ units: Int, activation: Activation<Scalar> = .linear, useBias: Bool = true,
    kernelInitializer: Initializer<Scalar> = .glorotUniform, biasInitializer: Initializer<Scalar> = .zeros,
    kernelRegularizer: Regularizer<Scalar>? = nil, biasRegularizer: Regularizer<Scalar>? = nil,
    activityRegularizer: Regularizer<Scalar>? = nil, kernelConstraint: Constraint<Scalar>? = nil,
    biasConstraint: Constraint<Scalar>? = nil
  ) {
    require(units >= 1, "Dense: units are \(units); allowed: integers of at least 1")
    self.units = units
    self.activation = activation
    self.activityRegularizer = activityRegularizer
    kernelWeight = Weight(
      "kernel", initializer: kernelInitializer, regularizer: kernelRegularizer, constraint: kernelConstraint)
    if useBias {
      biasWeight = Weight(
        "bias", initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    }
  }

  /// Creates a layer whose activation is a custom function from a tensor to a tensor of the same shape. It works in
  /// inference, but cannot be trained; for training, pass ``/Activations/Activation/custom(_:_:pullback:)`` as
  /// `activation:`.
  ///
  /// ```swift
  /// let gated = Dense<Float>(64) { x in x * sigmoid(x) }
  /// ```
  public init(
    _ units: Int, useBias: Bool = true, kernelInitializer: Initializer<Scalar> = .glorotUniform,
    biasInitializer: Initializer<Scalar> = .zeros,
    activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(
      units, activation: Activation(activation), useBias: useBias, kernelInitializer: kernelInitializer,
      biasInitializer: biasInitializer)
  }

  /// Creates a layer with given weights.
  /// - Precondition: `kernel` is [inputs, units], and `bias` is [units].
  public init(kernel: Tensor<Scalar>, bias: Tensor<Scalar>? = nil, activation: Activation<Scalar> = .linear) {
    require(kernel.rank == 2, "Dense: the kernel is [inputs, units], not \(kernel.shape)")
    if let bias {
      require(
        bias.shape == [kernel.shape[1]],
        "Dense: the bias is \([kernel.shape[1]]) for a kernel of \(kernel.shape), not \(bias.shape)")
    }
    self.init(kernel.shape[1], activation: activation, useBias: bias != nil)
    kernelWeight.value = kernel
    if let bias { biasWeight!.value = bias }
  }

  /// Creates a layer with given weights whose activation is a custom function.
  public init(
    kernel: Tensor<Scalar>, bias: Tensor<Scalar>? = nil,
    activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(kernel: kernel, bias: bias, activation: Activation(activation))
  }

  /// The kernel, [inputs, units]; empty until the layer is built.
  public var kernel: Tensor<Scalar> { kernelWeight.value }
  /// The bias, [units], or `nil`.
  public var bias: Tensor<Scalar>? { biasWeight?.value }

  public var isBuilt: Bool { kernelWeight.isBuilt }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard let inputs = inputShape.last, inputs > 0, !isBuilt || inputs == kernel.shape[0] else {
      let expected = isBuilt ? "\(kernel.shape[0])" : "inputs"
      throw LayerError.inputShape(
        layer: className, expected: "[batch, …, \(expected)]", found: batchDescription(inputShape))
    }
    let outputShape = Array(inputShape.dropLast()) + [units]
    if let expected = activityRegularizer?.mismatch(with: [1] + outputShape) {
      throw LayerError.inputShape(
        layer: className, expected: "one whose outputs are \(expected)", found: batchDescription(inputShape))
    }
    return try activation.outputShape(for: outputShape, layer: className)
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try kernelWeight.build([inputShape[inputShape.count - 1], units], using: &generator)
    try biasWeight?.build([units], using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try body(&kernelWeight)
    if biasWeight != nil { try body(&biasWeight!) }
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let product =
      if let biasWeight {
        try x.applying(LinearOperation(MatrixMap<Scalar>()), kernelWeight, biasWeight)
      } else {
        try x.applying(LinearOperation(MatrixMap<Scalar>()), kernelWeight)
      }
    return try product.activated(by: activation).penalized(by: activityRegularizer)
  }
}
