public import Activations
public import Tensor

/// A stage of a network: it is told its input's shape once, computes, and passes gradients back.
///
/// Layers are values. A layer computes alone, `try Dense(10)(x)`, or in a model. Shapes in this protocol are those of one
/// sample, without the batch axis that tensors begin with.
///
/// A layer of one's own with a weight:
///
/// ```swift
/// struct Scale<Scalar: RealScalar>: Layer {
///   var factor = Weight<Scalar>("factor", initializer: .ones)
///
///   mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
///     try factor.build(inputShape, using: &generator)
///   }
///   mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows { try body(&factor) }
///
///   func forward(_ x: Tensor<Scalar>, _ pass: Pass<Scalar>) -> Tensor<Scalar> { x * factor.value }
///
///   mutating func pullback(
///     _ upstream: Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
///   ) -> Tensor<Scalar> {
///     factor.addGradient((upstream * input).sum(axis: 0))
///     return upstream * factor.value
///   }
/// }
/// ```
public protocol Layer<Scalar>: Sendable, CustomStringConvertible {
  /// The element type of inputs, weights and outputs.
  associatedtype Scalar: RealScalar

  /// The shape of a sample's output; as the input's by default.
  /// - Throws: ``LayerError/inputShape(layer:expected:found:)`` where such an input does not fit. Models ask every layer
  ///   before they compute anything.
  func outputShape(for inputShape: [Int]) throws -> [Int]

  /// Makes the weights for samples of this shape, which ``outputShape(for:)`` has accepted. Nothing by default. Models trap where a
  /// weight is left without a value.
  mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws

  /// Visits the weights, to read or to change them, in Keras's order: those that are trained, then the others. None by
  /// default. Models trap for a layer that stores a weight, or a layer with one, and does not visit it; one that there may be or not
  /// is an optional.
  mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows

  /// Whether the weights have been made. True by default where there are none.
  var isBuilt: Bool { get }

  /// The output for a batch. What the pullback needs besides input and output goes to the pass. Models trap where it has not the
  /// shape that ``outputShape(for:)`` says.
  func forward(_ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) throws -> Tensor<Scalar>

  /// From the gradient by the output, the gradient by the input; gradients by weights are added to the weights, by
  /// ``Weight/addGradient(_:)``. Models trap where the gradient has not the input's shape, and in training for a weight to which
  /// neither the layer nor a regularizer adds a gradient; one of zeros stands for a weight that had no part in the output.
  /// - Parameter output: what the forward computation gave.
  /// - Parameter upstream: the gradient by the output; its memory may be reused.
  /// - Parameter input: that of the forward computation.
  /// - Parameter pass: that of the forward computation.
  mutating func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar>

  /// The activation that ends the layer, if it leaves it out where ``Pass/leavesOutActivation`` says so: for losses that
  /// take it over. None by default.
  var lastActivation: Activation<Scalar>? { get }

  /// Keras's name of the kind of layer: `Dense`. That of the type by default.
  var className: String { get }

  /// Whether gradients pass through: not where an activation of one's own has no pullback. By default that of the
  /// ``lastActivation``.
  var hasPullback: Bool { get }
}

extension Layer {
  public func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {}
  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {}
  public var lastActivation: Activation<Scalar>? { nil }
  public var hasPullback: Bool { lastActivation?.hasPullback ?? true }

  public var isBuilt: Bool {
    var copy = self
    var isBuilt = true
    copy.forEachWeight { isBuilt = isBuilt && $0.isBuilt }
    return isBuilt
  }

  /// The weights in Keras's order.
  public var weights: [Weight<Scalar>] {
    var copy = self
    var weights: [Weight<Scalar>] = []
    copy.forEachWeight { weights.append($0) }
    return weights
  }

  public var className: String { Self.className }
  package static var className: String { String(String(describing: Self.self).prefix { $0 != "<" }) }
}

extension Layer {
  /// The layer's output for a batch [batch, …], as in use after training.
  ///
  /// A layer that has not been built is built for this call, by a generator of seed 0: every call gives the same.
  /// - Throws: ``LayerError`` where the input does not fit.
  public func callAsFunction(_ x: consuming Tensor<Scalar>) throws -> Tensor<Scalar> {
    var generator = PhiloxGenerator(seed: 0)
    return try computed(x, Pass(), using: &generator)
  }

  /// The layer's output for a batch as in training: with dropout and noise, normalised by the batch.
  public func callAsFunction(
    _ x: consuming Tensor<Scalar>, training: Bool, using generator: inout PhiloxGenerator
  ) throws -> Tensor<Scalar> {
    try computed(x, Pass(training: training, generator: generator.split()), using: &generator)
  }

  private func computed(
    _ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>, using generator: inout PhiloxGenerator
  ) throws -> Tensor<Scalar> {
    let (batch, shape) = (x.shape.first ?? 0, try sampleShape(x.shape))
    let built = try ready(for: shape, using: &generator)
    let expected = try built.outputShape(for: shape)
    let output = try built.forward(x, pass)
    requireResult(output, batch: batch, expected, className)
    return output
  }

  private func ready(for inputShape: [Int], using generator: inout PhiloxGenerator) throws -> Self {
    try requireOutput(for: inputShape)
    requireVisits(className)
    if isBuilt { return self }
    var built = self
    try built.build(inputShape: inputShape, using: &generator)
    built.requireBuilt(className)
    return built
  }

  /// A batch's shape without the batch axis.
  func sampleShape(_ shape: [Int]) throws -> [Int] {
    guard !shape.isEmpty else {
      throw LayerError.inputShape(layer: className, expected: "[batch, …]", found: "[]")
    }
    return Array(shape.dropFirst())
  }

  /// Throws where the layer does not take such samples.
  private func requireOutput(for inputShape: [Int]) throws {
    try Scalar.requireSampleShape(outputShape(for: inputShape), className)
  }

  /// Makes the weights for batches such as this one.
  public mutating func build(for x: Tensor<Scalar>, using generator: inout PhiloxGenerator) throws {
    let shape = try sampleShape(x.shape)
    try requireOutput(for: shape)
    requireVisits(className)
    try build(inputShape: shape, using: &generator)
    requireBuilt(className)
  }
}
