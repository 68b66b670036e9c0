public import Tensor

/// Layers that compute and are trained together. A model is also a layer.
///
/// ``Sequential`` arranges layers one after another, ``Functional`` lets them branch and join; both are names of this
/// type. Models are values: a copy is a checkpoint, which shares its memory until one of the two is trained.
public struct Model<Scalar: RealScalar>: Layer {
  /// The form in which the model was created, which determines its form in Keras's files.
  public enum Form: Hashable, Sendable {
    /// Layers one after another.
    case sequential
    /// Layers that branch and join.
    case functional
  }

  /// The form in which the model was created.
  public let form: Form
  /// The layers and their connections.
  package var graph: Graph<Scalar>
  /// The value of `compilation`; changed directly during training.
  var compiled: Compilation<Scalar>?

  package init(_ graph: Graph<Scalar>, _ form: Form) {
    self.graph = graph
    self.form = form
  }

  /// The optimizer, losses and metrics for training; see ``compile(optimizer:loss:metrics:weightedMetrics:)``.
  public var compilation: Compilation<Scalar>? {
    get { compiled }
    set {
      compiled = newValue
      graph.changed()
    }
  }

  /// Keras's class name: `Sequential` or `Functional`.
  public var className: String { form == .sequential ? "Sequential" : "Functional" }

  /// The layers in the order in which they were added, with their names.
  public var stages: [Stage<Scalar>] {
    get { graph.stages }
    set { graph.changeStages { $0 = newValue } }
  }

  /// Keras's name of the model; by default that of its class, such as "sequential".
  public var name: String {
    get { graph.name ?? snakeCase(className) }
    set { graph.name = newValue }
  }

  /// The parts that could not be read from the model's file, one sentence each: a loss, a metric or an optimizer
  /// without a counterpart here, or an optimizer's state that does not fit. Empty for other models.
  public var notes: [String] { graph.notes }

  /// The layer with a name.
  /// - Precondition: a layer has this name.
  public subscript(name: String) -> Stage<Scalar> {
    get { stages[index(of: name)] }
    set {
      let index = index(of: name)
      graph.changeStages { $0[index] = newValue }
    }
  }

  private func index(of name: String) -> Int {
    guard let index = stages.firstIndex(where: { $0.name.isExactly(name) }) else {
      trap("no layer of the model has the name \"\(name)\"; there are \(stages.map(\.name).joined(separator: ", "))")
    }
    return index
  }

  // MARK: As a layer

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try graph.requireOneInputAndOutput(className)
    return try graph.shapes(for: [inputShape])[graph.outputs[0]]
  }

  public var outputCount: Int { graph.outputs.count }

  public func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    try graph.requireInputs(inputShapes.count, className)
    let shapes = try graph.shapes(for: inputShapes)
    return graph.outputs.map { shapes[$0] }
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try build(inputShapes: [inputShape], using: &generator)
  }

  public mutating func build(inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws {
    try graph.requireInputs(inputShapes.count, className)
    try graph.build(inputShapes, using: &generator)
  }

  /// Creates the weights of a model whose input shapes are known.
  /// - Throws: ``LayerError/notBuilt(model:reason:)`` if they are not known.
  public mutating func build(using generator: inout PhiloxGenerator) throws {
    guard let shapes = graph.inputShapes else { throw LayerError.unknownInput(className) }
    try graph.build(shapes, using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try graph.forEachWeight(body)
  }

  public var isBuilt: Bool { graph.isBuilt }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try call([x])[0] }

  public func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] { try graph.call(inputs) }

  // MARK: Inference

  /// Returns the model's output for a batch, computed all at once; `predict` takes any number of samples.
  ///
  /// A model that has not been built is built for this call, with a generator of seed 0.
  /// - Throws: ``LayerError`` before anything is computed, if the model does not accept the input.
  /// - Complexity: after the first call, memory is allocated for the result only.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func callAsFunction(_ x: consuming Tensor<Scalar>) throws -> Tensor<Scalar> {
    if let computation = graph.computations.take(for: x), computation.plan.outputs.count == 1 {
      computation.setInput(0, x)
      try computation.infer()
      let output = computation.takeOutput(0)
      graph.computations.give(computation)
      return output
    }
    if x.rank == 0 { _ = try sampleShape([]) }
    try graph.requireOneInputAndOutput(className)
    return try self([x])[0]
  }

  /// Returns the outputs for the model's inputs, each a batch of the same length, computed all at once: `try
  /// model([left, right])`.
  /// - Throws: ``LayerError`` if the number of inputs is wrong, or the model does not accept one of them.
  public func callAsFunction(_ inputs: [Tensor<Scalar>]) throws -> [Tensor<Scalar>] {
    try graph.requireInputs(inputs.count, className)
    try graph.requireBatch(inputs.map { $0.shape }, className)
    guard isBuilt else { return try built(for: inputs.map(\.shape))(inputs) }
    let computation =
      try graph.computations.take(for: inputs)
      ?? graph.computation(.inference, inputs.map { Array($0.shape.dropFirst()) }, isDifferentiated: false)
    for (index, input) in inputs.enumerated() { computation.setInput(index, input) }
    try computation.infer()
    let outputs = graph.outputs.indices.map { computation.output($0) }
    computation.releaseOutputs()
    graph.computations.give(computation)
    return outputs
  }

  /// Returns the output for a batch written as rows of numbers: `try model([[0, 1], [1, 1]])`.
  /// - Precondition: all rows have the same length.
  /// - Throws: ``LayerError`` if the model does not accept such rows.
  public func callAsFunction(_ rows: [[Scalar]]) throws -> Tensor<Scalar> { try self(Tensor(rows)) }

  func built(for shapes: [[Int]]) throws -> Self {
    var generator = PhiloxGenerator(seed: 0)
    var model = self
    try graph.requireInputs(shapes.count, className)
    try model.graph.build(shapes.map { Array($0.dropFirst()) }, using: &generator)
    return model
  }
}

extension Graph {
  /// A computation on samples of these shapes, with the layers' current weights.
  func computation(
    _ mode: ComputationMode, _ shapes: [[Int]], isDifferentiated: Bool, _ request: Plan<Scalar>.Request = .init()
  ) throws -> Computation<Scalar> {
    var numbered = self
    return try numbered.numberedComputation(mode, shapes, isDifferentiated: isDifferentiated, request)
  }

  /// A computation whose weights keep their numbers.
  mutating func numberedComputation(
    _ mode: ComputationMode, _ shapes: [[Int]], isDifferentiated: Bool, _ request: Plan<Scalar>.Request = .init()
  ) throws -> Computation<Scalar> {
    var weights: [PlannedWeight<Scalar>] = []
    let numbering = Numbering()
    numberWeights(from: &weights, numbering)
    let recorder = Recorder<Scalar>(mode, numbering, isDifferentiated: isDifferentiated)
    let outputs = try call(shapes.map { recorder.input($0) })
    if mode == .training { recorder.requireUse(of: weights) }
    let plan = Plan(recorder, inputCount: inputCount, outputs: outputs, weights: weights, request)
    let computation = Computation(plan)
    computation.context.weights.reserveCapacity(weights.count)
    for stage in stages {
      var layer = stage.layer
      layer.forEachWeight { computation.context.weights.append($0.value) }
    }
    return computation
  }

  /// Swaps the values of the weights with others, in the order of their numbers.
  mutating func exchangeWeights(_ values: inout [Tensor<Scalar>]) {
    var number = 0
    visitWeights { weight in
      swap(&weight.value, &values[number])
      number += 1
    }
  }
}
