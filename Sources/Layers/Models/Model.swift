public import Activations
public import Tensor

/// Layers that compute together and are trained together: ``Sequential`` or ``Functional``. A model is a layer too.
///
/// Models are values: a copy is a checkpoint, which shares its memory until one of the two is trained.
public protocol Model<Scalar>: Layer {
  /// The layers and how they follow one another.
  var graph: Graph<Scalar> { get set }
  /// How the model is trained; see ``Model/compile(optimizer:loss:metrics:weightedMetrics:)``.
  var compilation: Compilation<Scalar>? { get set }
}

extension Model {
  /// The layers in the order in which they were added, with their names.
  public var stages: [Stage<Scalar>] {
    get { graph.stages }
    set { graph.changeStages { $0 = newValue } }
  }

  /// Keras's name of the model, by default that of its class: "sequential".
  public var name: String {
    get { graph.name ?? snakeCase(className) }
    set { graph.name = newValue }
  }

  /// What reading the model from a file left aside, a sentence each: a loss, a metric or an optimizer without counterpart
  /// here, an optimizer's state that does not fit. Empty for other models.
  public var notes: [String] { graph.notes }

  /// A layer by its name in the model. Traps where no layer has it.
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
    try graph.requireOneInputAndOutput(Self.self)
    return try graph.shapes(for: [inputShape])[graph.outputs[0]]
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try graph.requireOneInputAndOutput(Self.self)
    try graph.build([inputShape], using: &generator)
  }

  /// Makes the weights of a model that knows the shapes of its inputs.
  /// - Throws: ``LayerError/notBuilt(model:reason:)`` where it does not.
  public mutating func build(using generator: inout PhiloxGenerator) throws {
    guard let shapes = graph.inputShapes else { throw LayerError.unknownInput(className) }
    try graph.build(shapes, using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    graph.isPrepared = false
    try graph.forEachWeight(body)
  }

  public var isBuilt: Bool { graph.isBuilt }

  public var lastActivation: Activation<Scalar>? { graph.lastActivation }

  public func forward(_ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) throws -> Tensor<Scalar> {
    try graph.forward(x, pass)
  }

  public mutating func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar> {
    let gradients = try graph.pullback(upstream, pass)
    return gradients.first ?? .zeros([0])
  }

  // MARK: Use

  /// The model's output for a batch, all of it at once; `predict` takes any number of samples.
  ///
  /// A model that has not been built is built for this call, by a generator of seed 0.
  /// - Throws: ``LayerError`` where the input does not fit, before anything is computed.
  /// - Complexity: memory is allocated at the first call only, but for the result.
  @_specialize(where Self == Sequential<Float>)
  @_specialize(where Self == Sequential<Double>)
  public func callAsFunction(_ x: consuming Tensor<Scalar>) throws -> Tensor<Scalar> {
    if x.rank == 0 { _ = try sampleShape([]) }
    try graph.requireOneInputAndOutput(Self.self)
    let pass = graph.passes.take()
    guard isReady(pass) else { return try built(for: [x.shape])(x) }
    let output = try graph.forward(x, pass)
    graph.passes.give(pass)
    return output
  }

  /// The outputs for the model's inputs, each a batch of the same length, all of it at once: `try model([left, right])`.
  /// - Throws: ``LayerError`` where there are more or fewer inputs than the model has, or one does not fit.
  public func callAsFunction(_ inputs: [Tensor<Scalar>]) throws -> [Tensor<Scalar>] {
    try graph.requireInputs(inputs.count, className)
    try graph.requireBatch(inputs.map { $0.shape }, className)
    let pass = graph.passes.take()
    guard isReady(pass) else { return try built(for: inputs.map(\.shape))(inputs) }
    let outputs = try graph.forward(inputs, pass)
    graph.passes.give(pass)
    return outputs
  }

  /// The output for a batch written as rows of numbers: `try model([[0, 1], [1, 1]])`. Traps where their lengths differ.
  /// - Throws: ``LayerError`` where a row does not fit.
  public func callAsFunction(_ rows: [[Scalar]]) throws -> Tensor<Scalar> { try self(Tensor(rows)) }

  private func isReady(_ pass: Pass<Scalar>) -> Bool {
    if !pass.isKnownToBeBuilt { pass.isKnownToBeBuilt = isBuilt }
    pass.mode = Pass.Mode()
    return pass.isKnownToBeBuilt
  }

  func built(for shapes: [[Int]]) throws -> Self {
    var generator = PhiloxGenerator(seed: 0)
    var model = self
    try graph.requireInputs(shapes.count, className)
    try model.graph.build(shapes.map { Array($0.dropFirst()) }, using: &generator)
    return model
  }
}
