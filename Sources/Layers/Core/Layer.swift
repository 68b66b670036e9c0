public import Tensor

/// A stage of a network: a description of its computation, and the weights that it uses.
///
/// Layers are values. Use a layer by itself, `try Dense(10)(x)`, or in a model. Shapes in this protocol are those of
/// one sample, without the batch axis of tensors.
///
/// A custom layer declares its weights and its computation; the gradients are derived (<doc:CustomLayers>):
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
///   func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x * factor }
/// }
/// ```
///
/// A layer with several inputs or outputs implements the forms of these functions with arrays. For a computation that
/// no existing operation provides, write a custom ``TensorOperation`` with its pullback.
public protocol Layer<Scalar>: Sendable, CustomStringConvertible {
  /// The element type of inputs, weights and outputs.
  associatedtype Scalar: RealScalar

  /// The shape of a sample's output; the input's shape by default.
  /// - Throws: ``LayerError/inputShape(layer:expected:found:)`` if the layer does not accept such an input. Models ask
  ///   every layer before they compute anything.
  func outputShape(for inputShape: [Int]) throws -> [Int]

  /// The shapes of a sample's outputs for the shapes of its inputs; by default, a layer has one of each.
  func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]]

  /// The number of outputs, whatever the shapes are: 1 by default.
  var outputCount: Int { get }

  /// Creates the weights for samples of this shape, which ``outputShape(for:)`` has accepted; by default, none. A model
  /// stops the program if this function leaves a weight without a value.
  mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws

  /// Creates the weights for samples of these shapes; by default, for the first.
  mutating func build(inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws

  /// Visits the weights, to read or to change them, in Keras's order: first those that are trained, then the others. By
  /// default, there are none. A model stops the program if a layer computes with a weight, its own or that of a nested
  /// layer, without visiting it. Declare a weight that may be absent as an optional.
  mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows

  /// Whether the weights have been created; true by default if there are none.
  var isBuilt: Bool { get }

  /// Describes the layer's computation. A model stops the program if the shape of the result is not the one that
  /// ``outputShape(for:)`` returns.
  func call(_ x: Traced<Scalar>) throws -> Traced<Scalar>

  /// Describes the computation for any number of inputs and outputs; by default, one of each.
  func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>]

  /// Whether outputs keep the first input's mask unless `call` gives them another one: Keras's `supports_masking`.
  /// False by default: results of operations have no mask.
  var keepsMask: Bool { get }

  /// Keras's name for the kind of layer, such as `Dense`; by default, the name of the type.
  var className: String { get }
}

extension Layer {
  public func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
  public var outputCount: Int { 1 }
  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {}
  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {}

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    trap("\(className): a layer has a function call(_:) of one tensor or of a list of them")
  }

  public func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    try requireOneInput(inputShapes.count)
    return [try outputShape(for: inputShapes[0])]
  }

  public mutating func build(inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws {
    try build(inputShape: inputShapes[0], using: &generator)
  }

  public func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    try requireOneInput(inputs.count)
    return [try call(inputs[0])]
  }

  private func requireOneInput(_ count: Int) throws {
    if count != 1 { throw LayerError.inputCount(layer: className, expected: 1, found: count) }
  }

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

  public var keepsMask: Bool { false }
  public var className: String { Self.className }
  package static var className: String {
    (Self.self as? any RankedLayer.Type)?.kerasName ?? String("\(Self.self)".prefix { $0 != "<" })
  }

  /// Applies the layer as part of another layer's `call(_:)`.
  public func callAsFunction(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x.value.recorder.call(self, [x])[0] }

  /// Applies the layer to any number of inputs, as part of another layer's `call(_:)`.
  public func callAsFunction(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    require(!inputs.isEmpty, "\(className): there is no input")
    return try inputs[0].value.recorder.call(self, inputs)
  }

  /// Visits the weights of a nested layer under a name: `try encoder.forEachWeight(in: "encoder", body)`.
  public mutating func forEachWeight(
    in name: String, _ body: (inout Weight<Scalar>) throws -> Void
  ) rethrows {
    try forEachWeight { weight in
      weight.scopes.insert(name, at: 0)
      defer { weight.scopes.removeFirst() }
      try body(&weight)
    }
  }
}

extension Layer {
  /// A batch's shape without the batch axis.
  func sampleShape(_ shape: [Int]) throws -> [Int] {
    guard !shape.isEmpty else {
      throw LayerError.inputShape(layer: className, expected: "[batch, …]", found: "[]")
    }
    return Array(shape.dropFirst())
  }

  /// Throws if the layer does not accept such samples.
  func requireOutputs(for inputShapes: [[Int]]) throws {
    for shape in try outputShapes(for: inputShapes) { try Scalar.requireSampleShape(shape, className) }
  }

  /// Creates the weights for batches like this one.
  public mutating func build(for x: Tensor<Scalar>, using generator: inout PhiloxGenerator) throws {
    let shape = try sampleShape(x.shape)
    try requireOutputs(for: [shape])
    try build(inputShapes: [shape], using: &generator)
    requireBuilt(className)
  }
}
