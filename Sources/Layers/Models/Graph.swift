internal import Activations
public import Tensor

/// The layers of a model and how they follow one another. Tensors between them are numbered: first the inputs, then what each
/// node computes.
public struct Graph<Scalar: RealScalar>: Sendable {
  package struct Node: Sendable {
    package let stage: Int
    /// Tensors that it takes.
    package let inputs: [Int]
    /// Whether the layer takes several tensors.
    package let isMerging: Bool
  }

  /// The layers, in the order in which they were added.
  public private(set) var stages: [Stage<Scalar>] = []
  /// What the layers are, looked up once.
  private(set) var kinds: [Kind] = []

  enum Kind: Sendable {
    case model
    /// Takes the gradient off its kernel when it does not need it any more.
    case dense
    case other

    init(_ layer: any Layer<Scalar>) {
      self = layer is any Model<Scalar> ? .model : layer is Dense<Scalar> ? .dense : .other
    }
  }
  /// In the order in which they compute.
  package private(set) var nodes: [Node] = []
  package let inputCount: Int
  /// The node that takes a tensor last, by tensor.
  private var lastUse: [Int]
  /// The tensors that are the result.
  package private(set) var outputs: [Int]
  /// The shapes of a sample's inputs that the model was built for or declares.
  package var inputShapes: [[Int]]?
  /// Those that an ``Input`` has declared, nil for lengths that any sample may have: others are refused.
  package var declaredShapes: [[Int?]]? {
    didSet { inputShapes = declaredShapes?.map { shape in shape.map { $0 ?? 1 } } }
  }
  /// Keras's name of the model; none until one is given.
  package var name: String?
  /// Keras's names of the inputs; those that it would give until others are given.
  package var inputNames: [String]
  /// The names of the outputs, where they are others than those of the layers that compute them.
  package var outputNames: [String]?
  /// See ``Model/notes``.
  package var notes: [String] = []
  /// Whether the layers have been found trainable and their weights know which of them are trained.
  var isPrepared = false
  /// Whether weights are penalised; known when the model is prepared.
  var hasRegularizers = false
  /// Renewed when the model changes while a copy may use them.
  private(set) var passes = PassPool<Scalar>()

  package init(inputCount: Int) {
    self.inputCount = inputCount
    inputNames = []
    outputs = [0]
    lastUse = [Int](repeating: -1, count: inputCount)
    nameInputs([String](repeating: "", count: inputCount))
  }

  // MARK: Construction

  /// Names the inputs; those without a name get Keras's. Traps for names that two have.
  mutating func nameInputs(_ names: [String]) {
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

  /// Adds a layer and gives its number. Traps for a name that another layer has.
  mutating func add(_ stage: Stage<Scalar>) -> Int {
    add(contentsOf: [stage])
    return stages.count - 1
  }

  /// Adds layers. Traps for names that other layers have.
  package mutating func add(contentsOf newStages: [Stage<Scalar>]) {
    var taken = Set(stages.map { ExactName($0.name) })
    var names = taken.union(newStages.map { ExactName($0.name) })
    var numbers: [String: Int] = [:]
    for var stage in newStages {
      if stage.name.isEmpty {
        let base = snakeCase(stage.layer.className)
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
      stage.layer.requireVisits(stage.title)
      stages.append(stage)
      kinds.append(Kind(stage.layer))
    }
  }

  /// Lets a layer take tensors and gives the number of the tensor that it computes, which is the result for now.
  package mutating func use(_ stage: Int, _ inputs: [Int]) -> Int {
    for input in inputs { lastUse[input] = nodes.count }
    changed()
    nodes.append(Node(stage: stage, inputs: inputs, isMerging: stages[stage].layer is any MergingLayer<Scalar>))
    lastUse.append(-1)
    outputs = [inputCount + nodes.count - 1]
    return outputs[0]
  }

  package mutating func setOutputs(_ outputs: [Int]) { self.outputs = outputs }

  mutating func removeLast() -> Stage<Scalar> {
    changed()
    let node = nodes.removeLast()
    lastUse.removeLast()
    for input in node.inputs { lastUse[input] = nodes.lastIndex { $0.inputs.contains(input) } ?? -1 }
    outputs = node.inputs
    kinds.removeLast()
    return stages.removeLast()
  }

  /// Changes layers, not how they follow one another.
  mutating func changeStages(_ body: (inout [Stage<Scalar>]) throws -> Void) rethrows {
    changed()
    let count = stages.count
    try body(&stages)
    kinds = stages.map { Kind($0.layer) }
    for stage in stages { stage.layer.requireVisits(stage.title) }
    require(stages.count == count, "a model of \(count) layers was given \(stages.count)")
  }

  private mutating func changed() {
    passes = PassPool()
    isPrepared = false
  }

  // MARK: Shapes and weights

  /// The shapes of a sample's tensors between the layers.
  func shapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    if let declaredShapes {
      for (declared, given) in zip(declaredShapes, inputShapes) where !matches(given, declared) {
        throw LayerError.inputShape(
          layer: "Input", expected: batchDescription(declared), found: batchDescription(given))
      }
    }
    var shapes = inputShapes
    shapes.reserveCapacity(inputCount + nodes.count)
    for shape in shapes { try Scalar.requireSampleShape(shape, "Input") }
    for node in nodes {
      let inputs = node.inputs.map { shapes[$0] }
      shapes.append(try stages[node.stage].naming { try outputShape(of: node, inputs) })
    }
    return shapes
  }

  private func matches(_ shape: [Int], _ declared: [Int?]) -> Bool {
    guard shape.count == declared.count else { return false }
    for (given, length) in zip(shape, declared) where length != nil && length != given { return false }
    return true
  }

  func outputShape(of node: Node, _ inputShapes: [[Int]]) throws -> [Int] {
    let layer = stages[node.stage].layer
    let shape =
      node.isMerging
      ? try (layer as! any MergingLayer<Scalar>).outputShape(forInputs: inputShapes)
      : try layer.outputShape(for: inputShapes[0])
    try Scalar.requireSampleShape(shape, layer.className)
    return shape
  }

  /// Whether a layer computes several times.
  var sharesStages: Bool {
    nodes.count > stages.count
      || zip(stages, kinds).contains { $1 == .model && ($0.layer as! any Model<Scalar>).graph.sharesStages }
  }

  var isBuilt: Bool { stages.allSatisfy { $0.layer.isBuilt } }

  mutating func build(_ inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws {
    let shapes = try shapes(for: inputShapes)
    self.inputShapes = inputShapes
    changed()
    var isBuilt = [Bool](repeating: false, count: stages.count)
    for node in nodes where !isBuilt[node.stage] {
      // Each layer has a generator of its own: what one draws does not depend on the others.
      var own = generator.split()
      let stage = stages[node.stage]
      if !stage.layer.isBuilt {
        try stage.naming { try stages[node.stage].layer.build(inputShape: shapes[node.inputs[0]], using: &own) }
        stages[node.stage].layer.requireBuilt(stage.title)
      }
      isBuilt[node.stage] = true
    }
  }

  /// Changes a layer to one of the same kind.
  mutating func changeLayer(_ index: Int, _ body: (inout any Layer<Scalar>) -> Void) { body(&stages[index].layer) }

  /// Visits the layers, to change what belongs to their use.
  mutating func changeLayers(_ body: (inout Stage<Scalar>, Kind) -> Void) {
    if !isKnownUniquelyReferenced(&passes) { passes = PassPool() }
    for index in stages.indices { body(&stages[index], kinds[index]) }
  }

  package mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    if !isKnownUniquelyReferenced(&passes) { passes = PassPool() }
    for index in stages.indices { try stages[index].layer.forEachWeight(body) }
  }

  // MARK: Inputs

  func requireInputs(_ count: Int, _ model: String) throws {
    guard count == inputCount else {
      throw LayerError.inputCount(layer: model, expected: inputCount, found: count)
    }
  }

  /// As a layer a model takes one tensor and gives one.
  func requireOneInputAndOutput(_ model: any Layer.Type) throws {
    if inputCount != 1 { throw LayerError.inputCount(layer: model.className, expected: inputCount, found: 1) }
    guard outputs.count == 1 else {
      throw LayerError.notBuilt(
        model: model.className, reason: "a model of \(outputs.count) outputs is called with a list of inputs")
    }
  }

  /// Inputs begin with the same number of samples.
  func requireBatch(_ shapes: [[Int]], _ model: String) throws {
    guard !shapes.contains([]), Set(shapes.map { $0[0] }).count <= 1 else {
      throw LayerError.inputShapes(
        layer: model, expected: "batches of the same number of samples", found: shapes.map { "\($0)" })
    }
  }

  // MARK: Computation

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func forward(_ inputs: consuming [Tensor<Scalar>], _ pass: Pass<Scalar>) throws -> [Tensor<Scalar>] {
    try begin(inputs.map { $0.shape }, pass)
    for (index, input) in inputs.enumerated() { pass.values[index] = input }
    inputs = []
    try run(pass)
    return outputs.map { pass.values[$0]! }
  }

  /// As `forward`, for one tensor each way: without arrays.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func forward(_ input: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) throws -> Tensor<Scalar> {
    if pass.shapes.isEmpty || !input.layout.isBatch(of: pass.shapes[0]) {
      try begin([input.shape], pass)
    }
    pass.values[0] = consume input
    try run(pass)
    let output = pass.values[outputs[0]]!
    if !pass.isTraining { pass.values[outputs[0]] = nil }
    return output
  }

  /// Asks the layers whether they take such tensors.
  private func begin(_ shapes: [[Int]], _ pass: Pass<Scalar>) throws {
    let sampleShapes = shapes.map { Array($0.dropFirst()) }
    if pass.values.count != inputCount + nodes.count {
      pass.children = nodes.map { _ in Pass(workspace: pass.workspace) }
      pass.values = [Tensor<Scalar>?](repeating: nil, count: inputCount + nodes.count)
    }
    if !pass.shapes.starts(with: sampleShapes) || pass.shapes.isEmpty {
      pass.shapes = try self.shapes(for: sampleShapes)
    }
  }

  private func run(_ pass: Pass<Scalar>) throws {
    pass.penalty = 0
    let batch = pass.values[0]!.layout.shape[0]
    for (index, node) in nodes.enumerated() {
      let child = pass.children[index]
      let stage = stages[node.stage]
      prepare(child, of: index, stage, pass)
      let output: Tensor<Scalar>
      do {
        if node.isMerging {
          let layer = stage.layer as! any MergingLayer<Scalar>
          output = try layer.forward(takenInputs(node, index, pass), child)
        } else {
          output = try stage.layer.forward(taken(node.inputs[0], index, pass), child)
        }
      } catch let error as LayerError {
        throw error.named(stage.name)
      }
      stage.layer.requireResult(output, batch: batch, pass.shapes[inputCount + index], stage.title)
      pass.values[inputCount + index] = output
      if child.penalty != 0 {
        pass.penalty += child.penalty
        child.penalty = 0
      }
    }
  }

  /// A tensor for a node, which may overwrite it where nobody needs it afterwards.
  private func taken(_ tensor: Int, _ node: Int, _ pass: Pass<Scalar>) -> Tensor<Scalar> {
    if pass.isTraining || lastUse[tensor] != node || outputs.contains(tensor) { return pass.values[tensor]! }
    return pass.values[tensor].take()!
  }

  private func takenInputs(_ node: Node, _ index: Int, _ pass: Pass<Scalar>) -> [Tensor<Scalar>] {
    let inputs = node.inputs.map { pass.values[$0]! }
    // After all have been read: a tensor may be taken twice.
    for input in node.inputs where pass.values[input] != nil { _ = taken(input, index, pass) }
    return inputs
  }

  private func prepare(_ child: Pass<Scalar>, of node: Int, _ stage: Stage<Scalar>, _ pass: Pass<Scalar>) {
    var mode = pass.mode
    if !stage.isTrainable { mode.isTrainable = false }
    if inputCount + node != outputs[0] { mode.leavesOutActivation = false }
    child.mode = mode
    if mode.isTraining { child.generator = pass.generator.split() }
  }

  /// The gradients by the inputs. Gives back the tensors of the forward computation.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  mutating func pullback(
    _ upstream: consuming Tensor<Scalar>, _ pass: Pass<Scalar>
  ) throws -> [Tensor<Scalar>] {
    var gradients = [Tensor<Scalar>?](repeating: nil, count: inputCount + nodes.count)
    gradients[outputs[0]] = consume upstream
    for index in nodes.indices.reversed() {
      let node = nodes[index]
      let place = inputCount + index
      let child = pass.children[index]
      let output = pass.values[place]!
      pass.values[place] = nil
      // A node whose result nobody used has no gradient.
      if let upstream = gradients[place].take() {
        child.needsInputGradient = pass.needsInputGradient || node.inputs.contains { $0 >= inputCount }
        try pullback(upstream, output, node, child, pass, &gradients)
      }
      child.recycleSaved()
      pass.recycle(output)
    }
    for index in 0..<inputCount {
      if let input = pass.values[index].take() { pass.recycle(input) }
    }
    guard pass.needsInputGradient else { return [] }
    return (0..<inputCount).map { gradients[$0]! }
  }

  private mutating func pullback(
    _ upstream: consuming Tensor<Scalar>, _ output: Tensor<Scalar>, _ node: Node, _ child: Pass<Scalar>,
    _ pass: Pass<Scalar>, _ gradients: inout [Tensor<Scalar>?]
  ) throws {
    let name = stages[node.stage].name
    do {
      if node.isMerging {
        var layer = stages[node.stage].layer as! any MergingLayer<Scalar>
        let inputs = node.inputs.map { pass.values[$0]! }
        let all = try layer.pullback(upstream, inputs: inputs, output: output, child)
        stages[node.stage].layer = layer
        require(
          all.count == inputs.count,
          "\(title(of: node)): the pullback gave \(all.count) gradients for \(inputs.count) inputs")
        for (input, gradient) in zip(node.inputs, all) { add(gradient, of: input, from: node, &gradients, pass) }
      } else {
        let input = pass.values[node.inputs[0]]!
        let gradient = try stages[node.stage].layer.pullback(upstream, input: input, output: output, child)
        add(gradient, of: node.inputs[0], from: node, &gradients, pass)
      }
    } catch let error as LayerError {
      throw error.named(name)
    }
  }

  private func title(of node: Node) -> String { stages[node.stage].title }

  private func add(
    _ gradient: consuming Tensor<Scalar>, of tensor: Int, from node: Node, _ gradients: inout [Tensor<Scalar>?],
    _ pass: Pass<Scalar>
  ) {
    if tensor < inputCount && !pass.needsInputGradient {
      pass.recycle(gradient)
      return
    }
    let (found, expected) = (gradient.layout, pass.values[tensor]!.layout)
    require(
      found.shape == expected.shape,
      "\(title(of: node)): the pullback gave a gradient of the shape \(found.shape) for an input of the shape \(expected.shape)"
    )
    if gradients[tensor] == nil {
      gradients[tensor] = gradient
    } else {
      gradients[tensor]! += gradient
      pass.recycle(gradient)
    }
  }

  /// The activation that ends the model, if a loss can take it over.
  var lastActivation: Activation<Scalar>? {
    guard outputs.count == 1, outputs[0] >= inputCount, lastUse[outputs[0]] < 0 else { return nil }
    return stages[nodes[outputs[0] - inputCount].stage].layer.lastActivation
  }
}

extension Stage {
  /// Errors of the layer say which of the model's it is.
  func naming<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as LayerError {
      throw error.named(name)
    }
  }
}
