public import Tensor

/// A model whose layers branch and join; see ``Symbol`` for an example.
public typealias Functional<Scalar: RealScalar> = Model<Scalar>

extension Model {
  /// - Throws: ``LayerError`` if the outputs depend on an input that is not in `inputs`, or a layer does not accept its
  ///   input.
  public init(inputs: [Symbol<Scalar>], outputs: [Symbol<Scalar>]) throws {
    var writer = GraphWriter(inputs)
    try writer.write(outputs)
    self.init(writer.graph, .functional)
    _ = try graph.shapes(for: graph.inputShapes!)
  }

  /// Creates a model with one input and one output.
  /// - Throws: ``LayerError`` if a layer does not accept its input.
  public init(inputs: Symbol<Scalar>, outputs: Symbol<Scalar>) throws {
    try self.init(inputs: [inputs], outputs: [outputs])
  }

  /// Creates a model with one input and several outputs.
  /// - Throws: ``LayerError`` if a layer does not accept its input.
  public init(inputs: Symbol<Scalar>, outputs: [Symbol<Scalar>]) throws {
    try self.init(inputs: [inputs], outputs: outputs)
  }

  /// Creates a model with several inputs and one output.
  /// - Throws: ``LayerError`` if a layer does not accept its input.
  public init(inputs: [Symbol<Scalar>], outputs: Symbol<Scalar>) throws {
    try self.init(inputs: inputs, outputs: [outputs])
  }
}

/// Sorts the layers behind symbols into an order in which they can compute.
private struct GraphWriter<Scalar: RealScalar> {
  var graph: Graph<Scalar>
  /// Tensor numbers by the first output of each call.
  private var tensors: [ObjectIdentifier: Int] = [:]
  private var shapes: [[Int]] = []
  private var stages: [ObjectIdentifier: Int] = [:]

  init(_ inputs: [Symbol<Scalar>]) {
    var names: [String] = []
    for (index, input) in inputs.enumerated() {
      guard case .input(let shape, let name) = input.source else { trap("Functional: input \(index) is not an Input") }
      require(tensors[ObjectIdentifier(input)] == nil, "Functional: input \(index) is given twice")
      tensors[ObjectIdentifier(input)] = index
      shapes.append(shape)
      names.append(name)
    }
    graph = Graph(inputCount: inputs.count)
    graph.nameInputs(names)
    graph.declaredShapes = shapes
  }

  mutating func write(_ outputs: [Symbol<Scalar>]) throws {
    require(!outputs.isEmpty, "Functional: there is no output")
    var results: [Int] = []
    for output in outputs { results.append(try tensor(of: output)) }
    graph.setOutputs(results)
  }

  /// Depth first, with an explicit stack, because networks may be deep.
  private mutating func tensor(of symbol: Symbol<Scalar>) throws -> Int {
    var stack = [symbol.first]
    while let top = stack.last {
      if tensors[ObjectIdentifier(top)] != nil {
        stack.removeLast()
        continue
      }
      guard case .layer(let layer, let inputs) = top.source else {
        throw LayerError.notBuilt(
          model: "Functional", reason: "the outputs depend on an Input that is not among the inputs")
      }
      let missing = inputs.map(\.first).filter { tensors[ObjectIdentifier($0)] == nil }
      if missing.isEmpty {
        let stage = stages[ObjectIdentifier(layer)] ?? graph.add(layer.stage)
        stages[ObjectIdentifier(layer)] = stage
        let taken = inputs.map { tensors[ObjectIdentifier($0.first)]! + $0.index }
        let results = try graph.stages[stage].naming {
          try graph.stages[stage].layer.outputShapes(for: taken.map { shapes[$0] })
        }
        tensors[ObjectIdentifier(top)] = graph.use(stage, taken, outputCount: results.count)
        shapes += results
        stack.removeLast()
      } else {
        stack += missing.reversed()
      }
    }
    let results = shapes.count
    let tensor = tensors[ObjectIdentifier(symbol.first)]! + symbol.index
    require(tensor < results, "Functional: output \(symbol.index) of a layer that gives fewer")
    return tensor
  }
}
