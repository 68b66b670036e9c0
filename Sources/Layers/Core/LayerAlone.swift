public import Tensor

// A layer used without a model.

extension Layer {
  /// Returns the layer's output for a batch [batch, …], in inference.
  ///
  /// A layer that has not been built is built for this call, with a generator of seed 0, so every call gives the same
  /// result.
  /// - Throws: ``LayerError`` if the layer does not accept the input.
  public func callAsFunction(_ x: consuming Tensor<Scalar>) throws -> Tensor<Scalar> {
    var generator = PhiloxGenerator(seed: 0)
    return try computed([x], training: false, using: &generator)[0]
  }

  /// Returns the layer's output for a batch in inference or training; training applies dropout, noise and batch
  /// statistics.
  public func callAsFunction(
    _ x: consuming Tensor<Scalar>, training: Bool, using generator: inout PhiloxGenerator
  ) throws -> Tensor<Scalar> {
    try computed([x], training: training, using: &generator)[0]
  }

  /// The outputs for any number of inputs.
  func computed(
    _ inputs: consuming [Tensor<Scalar>], training: Bool, using generator: inout PhiloxGenerator
  ) throws -> [Tensor<Scalar>] {
    let shapes = try inputs.map { try sampleShape($0.shape) }
    let layer = try ready(for: shapes, using: &generator)
    let computation = try layer.computation(
      training ? .training : .inference, shapes, isDifferentiated: training)
    for (index, input) in inputs.enumerated() { computation.setInput(index, input) }
    inputs = []
    if training { try computation.forward(using: &generator) } else { try computation.infer() }
    return computation.plan.outputs.indices.map { computation.takeOutput($0) }
  }

  /// The layer's computation on samples of these shapes, with its weights.
  func computation(
    _ mode: ComputationMode, _ shapes: [[Int]], isDifferentiated: Bool, _ request: Plan<Scalar>.Request = .init()
  ) throws -> Computation<Scalar> {
    if let model = self as? Model<Scalar> {
      return try model.graph.computation(mode, shapes, isDifferentiated: isDifferentiated, request)
    }
    var numbered = self
    let numbering = Numbering()
    let weights = numbered.numberWeights(numbering)
    let recorder = Recorder<Scalar>(mode, numbering, isDifferentiated: isDifferentiated)
    let inputs = shapes.map { recorder.input($0) }
    let outputs = try recorder.call(numbered, inputs)
    if mode == .training { recorder.requireUse(of: weights) }
    let computation = Computation(
      Plan(recorder, inputCount: inputs.count, outputs: outputs, weights: weights, request))
    computation.context.weights = numbered.weights.map(\.value)
    return computation
  }

  func ready(for inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws -> Self {
    try requireOutputs(for: inputShapes)
    if isBuilt { return self }
    var built = self
    try built.build(inputShapes: inputShapes, using: &generator)
    built.requireBuilt(className)
    return built
  }

  /// Numbers the weights in the order in which they are visited, and describes each for a plan.
  mutating func numberWeights(_ numbering: Numbering) -> [PlannedWeight<Scalar>] {
    var weights: [PlannedWeight<Scalar>] = []
    let name = className
    var areTrained = areTrained(true)[...]
    forEachWeight { weight in
      weight.isFrozen = !(areTrained.popFirst() ?? true)
      weight.number(weights.count, among: numbering, in: name)
      weights.append(PlannedWeight(weight, path: weight.path, title: "\(name): \(weight.path)"))
    }
    return weights
  }
}

extension PlannedWeight {
  init(_ weight: Weight<Scalar>, path: String, title: String) {
    self.init(
      path: path, title: title, shape: weight.value.shape, isTrainable: weight.isTrainable,
      isTrained: weight.isTrainable && !weight.isFrozen, regularizer: weight.regularizer, constraint: weight.constraint)
  }
}
