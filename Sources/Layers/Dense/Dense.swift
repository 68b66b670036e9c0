public import Activations
public import Tensor

/// A fully connected layer: `activation(x · kernel + bias)`.
///
/// ```swift
/// let hidden = Dense<Float>(64, activation: .selu, kernelInitializer: .lecunNormal)
/// let classes = Dense<Float>(10, activation: "softmax")
/// ```
///
/// Input [batch, …, inputs], output [batch, …, units]. Product, bias and elementwise activation are one pass: equal to
/// `Dense(64)` followed by `Activation(.selu)` to the bit.
///
/// A layer such as ``LeakyReLU`` does not compile as `activation:`. It may have weights of its own and is to follow this one,
/// or stands under one name with it in an ``ActivatedLayer``.
/// - Complexity: 2 · batch · inputs · units operations. In use, the kernel is kept a second time, in the order in which products
///   read it.
public struct Dense<Scalar: RealScalar>: Layer {
  /// How many features come out.
  public let units: Int
  /// What ends the layer; the identity by default.
  public var activation: Activation<Scalar>
  /// What is added to the loss for the output, divided by the batch's length.
  public let activityRegularizer: Regularizer<Scalar>?
  package var kernelWeight: Weight<Scalar>
  package var biasWeight: Weight<Scalar>?

  /// Traps for units below 1.
  /// - Parameter units: how many features come out; from 1 on.
  /// - Parameter activation: a value, or Keras's identifier.
  /// - Parameter useBias: whether there is one.
  /// - Parameter kernelInitializer: how the kernel begins.
  /// - Parameter biasInitializer: how the bias begins.
  /// - Parameter kernelRegularizer: what is added to the loss for the kernel.
  /// - Parameter biasRegularizer: what is added to the loss for the bias.
  /// - Parameter activityRegularizer: what is added to the loss for the outputs.
  /// - Parameter kernelConstraint: what the kernel is brought back to after every step.
  /// - Parameter biasConstraint: what the bias is brought back to after every step.
  public init(
    _ units: Int, activation: Activation<Scalar> = .linear, useBias: Bool = true,
    kernelInitializer: Initializer<Scalar> = .glorotUniform, biasInitializer: Initializer<Scalar> = .zeros,
    kernelRegularizer: Regularizer<Scalar>? = nil, biasRegularizer: Regularizer<Scalar>? = nil,
    activityRegularizer: Regularizer<Scalar>? = nil, kernelConstraint: Constraint<Scalar>? = nil,
    biasConstraint: Constraint<Scalar>? = nil
  ) {
    require(units >= 1, "Dense: units are \(units), allowed are integers from 1 on")
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

  /// A layer whose activation is a function of one's own, from tensor to tensor of the same shape. It computes, but is not
  /// trained through: for that, `activation:` takes ``/Activations/Activation/custom(_:_:pullback:)``.
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

  /// A layer with given weights. Traps when they do not fit each other.
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

  /// A layer with given weights whose activation is a function of one's own.
  public init(
    kernel: Tensor<Scalar>, bias: Tensor<Scalar>? = nil,
    activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(kernel: kernel, bias: bias, activation: Activation(activation))
  }

  /// [inputs, units]; empty until the layer is built.
  public var kernel: Tensor<Scalar> { kernelWeight.value }
  /// [units], or none.
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
        try x.applying(ProductOperation(), kernelWeight, biasWeight)
      } else {
        try x.applying(ProductOperation(), kernelWeight)
      }
    return try product.activated(by: activation).penalized(by: activityRegularizer)
  }
}
