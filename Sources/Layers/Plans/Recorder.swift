internal import Tensor

/// The purpose of a computation.
enum ComputationMode: Hashable, Sendable {
  case inference
  /// Inference with penalties.
  case evaluation
  case training
}

/// Records the operations of a layer, or of a model's layers, while they are called on future tensors.
final class Recorder<Scalar: RealScalar> {
  let mode: ComputationMode
  /// Whether gradients are computed.
  let isDifferentiated: Bool
  /// The numbering of the weights.
  private let numbering: Numbering
  private(set) var steps: [Step<Scalar>] = []
  /// The shapes of samples, by value.
  private(set) var shapes: [[Int]] = []
  /// The constants, which like weights have no batch axis.
  private(set) var constants: [Tensor<Scalar>] = []
  /// For each generator, the one from which it is split.
  private(set) var generatorParents: [Int] = [0]
  private(set) var site = CallSite()
  /// The weights that operations use.
  private(set) var usedWeights: Set<Int> = []

  init(_ mode: ComputationMode, _ numbering: Numbering, isDifferentiated: Bool) {
    self.mode = mode
    self.numbering = numbering
    self.isDifferentiated = isDifferentiated
  }

  /// An input of the computation, a batch of samples of this shape.
  func input(_ shape: [Int]) -> Traced<Scalar> { Traced(value: append(shape)) }

  private func append(_ shape: [Int]) -> TracedValue<Scalar> {
    shapes.append(shape)
    return TracedValue(recorder: self, slot: .value(shapes.count - 1), shape: shape)
  }

  func traced(_ weight: Weight<Scalar>) -> TracedValue<Scalar> {
    guard let (among, number) = weight.number, among === numbering else {
      trap(
        "\(site): forEachWeight(_:) does not visit the weight \"\(weight.path)\", which call(_:) uses (is it declared "
          + "mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows?)")
    }
    weight.requireBuilt(in: "\(site)")
    usedWeights.insert(number)
    return TracedValue(recorder: self, slot: .weight(number), shape: weight.value.shape)
  }

  func constant(_ value: Tensor<Scalar>) -> Traced<Scalar> {
    constants.append(value)
    return Traced(value: TracedValue(recorder: self, slot: .constant(constants.count - 1), shape: value.shape))
  }

  func record(
    _ operation: some TensorOperation<Scalar>, _ operands: [TracedValue<Scalar>]
  ) throws -> [TracedValue<Scalar>] {
    let results = try resultShapes(of: operation, operands).map { shape in
      try Scalar.requireSampleShape(shape, site.className)
      return append(shape)
    }
    let numbers = (shapes.count - results.count)..<shapes.count
    steps.append(OperationStep(operation, operands.map(\.slot), Array(numbers), site))
    return results
  }

  private func resultShapes(
    of operation: some TensorOperation<Scalar>, _ operands: [TracedValue<Scalar>]
  ) throws -> [[Int]] {
    do {
      return try operation.resultShapes(operands.map(\.shape))
    } catch is BroadcastFailure {
      throw LayerError.doNotBroadcast(operands.map(\.description), layer: site.className)
    }
  }

  // MARK: Layers

  /// Computes something with a layer's name in errors.
  func naming<Result>(_ className: String, _ body: () throws -> Result) rethrows -> Result {
    let outer = site
    defer { site = outer }
    site.className = className
    return try body()
  }

  /// Calls a layer, and checks its shapes before and after.
  func call(_ layer: any Layer<Scalar>, _ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    let outer = site
    defer { site = outer }
    if site.className.isEmpty { site.className = layer.className }
    return try checked(layer, inputs)
  }

  /// Computes a part of a layer, which may be frozen by itself.
  func part<Result>(isTrainable: Bool, _ body: () throws -> Result) rethrows -> Result {
    let outer = site
    defer { site = outer }
    site.isTrainable = outer.isTrainable && isTrainable
    return try body()
  }

  /// Calls a layer of a model.
  func call(_ stage: Stage<Scalar>, _ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    let outer = site
    defer { site = outer }
    site.names.append(stage.name)
    site.className = stage.layer.className
    site.isTrainable = outer.isTrainable && stage.isTrainable
    generatorParents.append(outer.generator)
    site.generator = generatorParents.count - 1
    return try stage.naming {
      let outputs = try checked(stage.layer, inputs)
      return try outputs.map { try $0.penalized(by: stage.activityRegularizer) }
    }
  }

  private func checked(_ layer: any Layer<Scalar>, _ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    let expected = try layer.outputShapes(for: inputs.map(\.shape))
    for shape in expected { try Scalar.requireSampleShape(shape, layer.className) }
    let outputs = try layer.call(inputs)
    require(
      outputs.map(\.shape) == expected,
      "\(site): call gave \(description(outputs.map(\.shape))); expected: \(expected.count == 1 ? "\(expected[0])" : description(expected)) by outputShape"
    )
    guard layer.keepsMask, let mask = inputs.first?.mask else { return outputs }
    return outputs.map { $0.mask == nil ? $0.with(mask: mask) : $0 }
  }

  /// Stops the program if no operation uses a weight that is to be trained: it would never change.
  func requireUse(of weights: [PlannedWeight<Scalar>]) {
    for (number, weight) in weights.enumerated() where weight.isTrained && weight.regularizer == nil {
      require(
        usedWeights.contains(number),
        "\(weight.title): call(_:) does not use the weight; create it with isTrainable: false if it is not trained")
    }
  }

  private func description(_ shapes: [[Int]]) -> String {
    shapes.count == 1 ? "the shape \(shapes[0])" : "the shapes \(shapes.map { "\($0)" }.joined(separator: ", "))"
  }
}
