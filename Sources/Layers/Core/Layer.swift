public import Tensor

/// A stage of a network: a recipe of operations, and the weights that they take.
///
/// Layers are values. A layer computes alone, `try Dense(10)(x)`, or in a model. Shapes in this protocol are those of one
/// sample, without the batch axis that tensors begin with.
///
/// A layer of one's own says which weights it has and what it computes; gradients follow from that (<doc:LayersOfYourOwn>):
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
/// One that takes or gives several tensors has the forms of these functions with lists. What no operation here computes, an
/// ``TensorOperation`` of one's own does, with its pullback.
public protocol Layer<Scalar>: Sendable, CustomStringConvertible {
  /// The element type of inputs, weights and outputs.
  associatedtype Scalar: RealScalar

  /// The shape of a sample's output; as the input's by default.
  /// - Throws: ``LayerError/inputShape(layer:expected:found:)`` where such an input does not fit. Models ask every layer
  ///   before they compute anything.
  func outputShape(for inputShape: [Int]) throws -> [Int]

  /// The shapes of a sample's outputs for those of its inputs: by default one of each.
  func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]]

  /// Makes the weights for samples of this shape, which ``outputShape(for:)`` has accepted. Nothing by default. Models trap where a
  /// weight is left without a value.
  mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws

  /// Makes the weights for samples of these shapes: by default, for the first.
  mutating func build(inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws

  /// Visits the weights, to read or to change them, in Keras's order: those that are trained, then the others. None by
  /// default. Models trap for a layer that computes with a weight, its own or that of a layer within, and does not visit it; one that
  /// there may be or not is an optional.
  mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows

  /// Whether the weights have been made. True by default where there are none.
  var isBuilt: Bool { get }

  /// Writes down what the layer computes. Traps where its result has not the shape that ``outputShape(for:)`` says.
  func call(_ x: Traced<Scalar>) throws -> Traced<Scalar>

  /// The same for any number of inputs and outputs: by default one of each.
  func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>]

  /// Whether the outputs have the mask of the first input, but for those that `call` has given one of their own: Keras's
  /// `supports_masking`. False by default: what operations give has no mask.
  var keepsMask: Bool { get }

  /// Keras's name of the kind of layer: `Dense`. That of the type by default.
  var className: String { get }
}

extension Layer {
  public func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
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
  package static var className: String { String("\(Self.self)".prefix { $0 != "<" }) }

  /// What the layer computes, as part of another one's `call(_:)`.
  public func callAsFunction(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x.value.recorder.call(self, [x])[0] }

  /// The same for any number of inputs and outputs.
  public func callAsFunction(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    require(!inputs.isEmpty, "\(className): there is no input")
    return try inputs[0].value.recorder.call(self, inputs)
  }

  /// Visits the weights of a layer that another one has under a name: `try encoder.forEachWeight(in: "encoder", body)`.
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

  /// Throws where the layer does not take such samples.
  func requireOutputs(for inputShapes: [[Int]]) throws {
    for shape in try outputShapes(for: inputShapes) { try Scalar.requireSampleShape(shape, className) }
  }

  /// Makes the weights for batches such as this one.
  public mutating func build(for x: Tensor<Scalar>, using generator: inout PhiloxGenerator) throws {
    let shape = try sampleShape(x.shape)
    try requireOutputs(for: [shape])
    try build(inputShapes: [shape], using: &generator)
    requireBuilt(className)
  }
}
