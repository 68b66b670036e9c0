package import Tensor

/// The layers of a model and their connections. The tensors between them are numbered: first the inputs, then the
/// results of the nodes.
package struct Graph<Scalar: RealScalar>: Sendable {
  package struct Node: Sendable {
    package let stage: Int
    /// The numbers of its input tensors.
    package let inputs: [Int]
    /// The numbers of its output tensors.
    package let outputs: Range<Int>
  }

  /// The layers, in the order in which they were added.
  package private(set) var stages: [Stage<Scalar>] = []
  /// The nodes, in the order in which they compute.
  package private(set) var nodes: [Node] = []
  package let inputCount: Int
  /// The node that computes a tensor, by the tensor's number minus the number of inputs.
  package private(set) var producers: [Int] = []
  /// The tensors that are the result.
  package private(set) var outputs: [Int]
  /// The input shapes of a sample that the model was built for, or that it declares, with arbitrary lengths that its
  /// layers accept.
  package var inputShapes: [[Int]]? {
    get { builtShapes ?? acceptedShapes }
    set { builtShapes = newValue }
  }
  private var builtShapes: [[Int]]?
  /// The shapes declared by ``Input``, with `nil` for arbitrary lengths; other shapes are rejected.
  package var declaredShapes: [[Int?]]? {
    didSet { builtShapes = nil }
  }
  /// Keras's name of the model; `nil` until one is set.
  package var name: String?
  /// The names of the inputs; Keras's default names until others are set.
  package var inputNames: [String]
  /// The names of the outputs, if they differ from those of the layers that compute them.
  package var outputNames: [String]?
  /// See ``Model/notes``.
  package var notes: [String] = []
  /// Memory of computations, renewed when the model changes while a copy may use it.
  private(set) var computations = ComputationPool<Scalar>()

  package init(inputCount: Int) {
    self.inputCount = inputCount
    inputNames = []
    outputs = [0]
    nameInputs([String](repeating: "", count: inputCount))
  }

  // MARK: Construction

  /// Names the inputs; empty names are replaced by Keras's default names.
  /// - Precondition: the names are unique.
  package mutating func nameInputs(_ names: [String]) {
    var taken: Set<ExactName> = []
    for name in names where !name.isEmpty {
      require(
        taken.insert(ExactName(name)).inserted,
        "two inputs of a model have the name \"\(name)\"; names are to be unique")
    }
    var number = 0
    inputNames = names.map { given in
      var name = given
      while name.isEmpty || (given.isEmpty && !taken.insert(ExactName(name)).inserted) {
        name = number == 0 ? "input_layer" : "input_layer_\(number)"
        number += 1
      }
      return name
    }
  }

  /// Adds a layer and returns its number.
  /// - Precondition: no other layer has the same name.
  package mutating func add(_ stage: Stage<Scalar>) -> Int {
    add(contentsOf: [stage])
    return stages.count - 1
  }

  /// Adds layers.
  /// - Precondition: no other layers have the same names.
  package mutating func add(contentsOf newStages: [Stage<Scalar>]) {
    var taken = Set(stages.map { ExactName($0.name) })
    var names = taken.union(newStages.map { ExactName($0.name) })
    var numbers: [String: Int] = [:]
    for var stage in newStages {
      if stage.name.isEmpty {
        let base = stage.layer.defaultName
        stage.name = base
        while names.contains(ExactName(stage.name)) {
          numbers[base, default: 0] += 1
          stage.name = "\(base)_\(numbers[base]!)"
        }
        names.insert(ExactName(stage.name))
      }
      require(
        taken.insert(ExactName(stage.name)).inserted,
        "two layers of a model have the name \"\(stage.name)\"; names are to be unique")
      stages.append(stage)
    }
  }

  /// Applies a layer to tensors and returns the number of its first result, which becomes the output for now.
  package mutating func use(_ stage: Int, _ inputs: [Int], outputCount: Int = 1) -> Int {
    changed()
    let first = inputCount + producers.count
    producers += [Int](repeating: nodes.count, count: outputCount)
    nodes.append(Node(stage: stage, inputs: inputs, outputs: first..<first + outputCount))
    outputs = [first]
    return first
  }

  package mutating func setOutputs(_ outputs: [Int]) { self.outputs = outputs }

  /// The node that computes a tensor; `nil` for an input.
  package func producer(of tensor: Int) -> Node? {
    tensor < inputCount ? nil : nodes[producers[tensor - inputCount]]
  }

  mutating func removeLast() -> Stage<Scalar> {
    changed()
    let node = nodes.removeLast()
    producers.removeLast(node.outputs.count)
    outputs = node.inputs
    return stages.removeLast()
  }

  /// Changes layers, but not their connections.
  package mutating func changeStages(_ body: (inout [Stage<Scalar>]) throws -> Void) rethrows {
    changed()
    let count = stages.count
    try body(&stages)
    require(stages.count == count, "a model of \(count) layers was given \(stages.count)")
  }

  /// The computation of the last training step, if it can be reused. Others are discarded, so that the weights have one
  /// owner.
  mutating func takeTraining() -> TrainingComputation<Scalar>? {
    if isKnownUniquelyReferenced(&computations) { return computations.takeTraining() }
    changed()
    return nil
  }

  /// Discards recorded computations.
  mutating func changed() { computations = ComputationPool() }

  // MARK: Shapes and weights

  /// The shapes of a sample's tensors between the layers.
  package func shapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    if let declaredShapes {
      for (declared, given) in zip(declaredShapes, inputShapes) where !matches(given, declared) {
        throw LayerError.inputShape(
          layer: "Input", expected: batchDescription(declared), found: batchDescription(given))
      }
    }
    var shapes = inputShapes
    shapes.reserveCapacity(inputCount + producers.count)
    for shape in shapes { try Scalar.requireSampleShape(shape, "Input") }
    for node in nodes {
      let inputs = node.inputs.map { shapes[$0] }
      shapes += try stages[node.stage].naming { try outputShapes(of: node, inputs) }
    }
    return shapes
  }

  private func matches(_ shape: [Int], _ declared: [Int?]) -> Bool {
    guard shape.count == declared.count else { return false }
    for (given, length) in zip(shape, declared) where length != nil && length != given { return false }
    return true
  }

  func outputShapes(of node: Node, _ inputShapes: [[Int]]) throws -> [[Int]] {
    let layer = stages[node.stage].layer
    let shapes = try layer.outputShapes(for: inputShapes)
    for shape in shapes { try Scalar.requireSampleShape(shape, layer.className) }
    guard shapes.count == node.outputs.count else {
      let counts = "\(shapes.count) outputs, of which the model takes \(node.outputs.count)"
      let reason = "the layer gives \(counts); Functional takes several"
      throw LayerError.notBuilt(model: layer.className, reason: reason)
    }
    return shapes
  }

  var isBuilt: Bool { stages.allSatisfy { $0.layer.isBuilt } }

  mutating func build(_ inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws {
    let shapes = try shapes(for: inputShapes)
    self.inputShapes = inputShapes
    changed()
    var isBuilt = [Bool](repeating: false, count: stages.count)
    for node in nodes where !isBuilt[node.stage] {
      // Each layer has a separate generator: its random numbers do not depend on the other layers.
      var own = generator.split()
      let stage = stages[node.stage]
      let inputs = node.inputs.map { shapes[$0] }
      if !stage.layer.isBuilt {
        try stage.naming { try stages[node.stage].layer.build(inputShapes: inputs, using: &own) }
        stages[node.stage].layer.requireBuilt(stage.title)
      }
      try stages[node.stage].layer.requireVisits(inputs, stages[node.stage])
      isBuilt[node.stage] = true
    }
  }

  /// Replaces a layer by one of the same kind.
  mutating func changeLayer(_ index: Int, _ body: (inout any Layer<Scalar>) -> Void) { body(&stages[index].layer) }

  /// Visits the weights, to read or to change them.
  package mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    changed()
    for index in stages.indices {
      try stages[index].layer.forEachWeight(in: stages[index].name, body)
    }
  }

  /// Visits the weights for a change after which recorded computations remain valid.
  mutating func visitWeights(_ body: (inout Weight<Scalar>) -> Void) {
    for index in stages.indices { stages[index].layer.forEachWeight(body) }
  }

  // MARK: Inputs

  func requireInputs(_ count: Int, _ model: String) throws {
    guard count == inputCount else {
      throw LayerError.inputCount(layer: model, expected: inputCount, found: count)
    }
  }

  /// Used as a layer, a model has one input and one output.
  func requireOneInputAndOutput(_ model: String) throws {
    if inputCount != 1 { throw LayerError.inputCount(layer: model, expected: inputCount, found: 1) }
    guard outputs.count == 1 else {
      throw LayerError.notBuilt(
        model: model, reason: "a model of \(outputs.count) outputs is called with a list of inputs")
    }
  }

  /// All inputs have the same number of samples.
  func requireBatch(_ shapes: [[Int]], _ model: String) throws {
    guard !shapes.contains([]), Set(shapes.map { $0[0] }).count <= 1 else {
      throw LayerError.inputShapes(
        layer: model, expected: "batches of the same number of samples", found: shapes.map { "\($0)" })
    }
  }

  // MARK: Computation

  /// Describes the layers' computation.
  func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    let recorder = inputs[0].value.recorder
    var tensors = inputs
    tensors.reserveCapacity(inputCount + producers.count)
    for node in nodes { tensors += try recorder.call(stages[node.stage], node.inputs.map { tensors[$0] }) }
    return outputs.map { tensors[$0] }
  }

  /// Numbers the weights in the order in which they are visited, and describes each for a plan.
  /// - Parameters:
  ///   - path: the names of the enclosing models.
  ///   - isTrained: whether these weights are trained.
  mutating func numberWeights(
    from weights: inout [PlannedWeight<Scalar>], _ numbering: Numbering, path: String = "", isTrained: Bool = true
  ) {
    for index in stages.indices {
      let stage = stages[index]
      let isTrained = isTrained && stage.isTrainable
      if var model = stage.layer as? Model<Scalar> {
        model.graph.numberWeights(from: &weights, numbering, path: "\(path)\(stage.name)/", isTrained: isTrained)
        stages[index].layer = model
        continue
      }
      var areTrained = stage.layer.areTrained(isTrained)[...]
      stages[index].layer.forEachWeight { weight in
        weight.number(weights.count, among: numbering, in: "\(path)\(stage.title)")
        weight.isFrozen = !(areTrained.popFirst() ?? isTrained)
        weights.append(
          PlannedWeight(
            weight, path: "\(path)\(stage.name)/\(weight.path)", title: "\(path)\(stage.title): \(weight.path)"))
      }
    }
  }
}

extension Stage {
  /// Adds the layer's name in the model to its errors.
  func naming<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as LayerError {
      throw error.named(name)
    }
  }
}
