import Activations
import Layers
import Tensor

/// Reads the configuration of a model and of its layers.
struct ModelReader<Scalar: RealScalar> {
  let context: ReadingContext<Scalar>

  init(_ context: ReadingContext<Scalar>) { self.context = context }

  func model(_ kind: LayerEntry.ModelClass, _ entry: LayerEntry) throws -> Model<Scalar> {
    var graph =
      switch kind {
      case .sequential: try sequence(entry)
      case .functional: try GraphReader(context).graph(entry)
      }
    graph.name = try entry.name(in: context.dialect)
    if graph.name == "" { graph.name = nil }
    if kind == .functional { graph.outputNames = Self.outputNames(entry, count: graph.outputs.count) }
    let entries = try Self.entries(of: entry)
    // A sequence without an input takes whatever it gets.
    if entries.contains(where: \.isInput) {
      try requireTexts(graph, Set(entries.filter(\.isTextInput).map { ExactName($0.referenceName) }))
    }
    try check(graph, entries.filter { !$0.isInput }.map(\.place))
    return Model(graph, kind == .sequential ? .sequential : .functional)
  }

  /// The keys of outputs written as an object, in the order of the outputs.
  private static func outputNames(_ entry: LayerEntry, count: Int) -> [String]? {
    guard let outputs = entry.config["output_layers"]?.asObject, outputs.count == count,
      outputs.values.allSatisfy({ TensorReference($0) != nil })
    else { return nil }
    return outputs.keys.sorted()
  }

  /// The parts of a model with their places; their names are unique.
  static func entries(of entry: LayerEntry) throws(ModelConfigurationError) -> [LayerEntry] {
    guard let configurations = entry.layerList ?? entry.config["layers"]?.asList else {
      throw ModelConfigurationError(
        expected: "a list as layers", found: entry.config["layers"]?.shortened ?? "none")
    }
    try ReadingContext<Scalar>.requireLayerCount(configurations.count)
    var entries: [LayerEntry] = []
    for (index, configuration) in configurations.enumerated() {
      entries.append(try LayerEntry(configuration, at: "layers[\(index)]"))
    }
    return entries
  }

  /// Adds layers, whose names must differ.
  static func add(_ stages: [Stage<Scalar>], to graph: inout Graph<Scalar>, inputs: [String] = []) throws {
    var names = Set(inputs.map { ExactName($0) })
    for stage in stages where !stage.name.isEmpty && !names.insert(ExactName(stage.name)).inserted {
      throw ModelConfigurationError(
        expected: "layers of different names", found: "two with the name \"\(stage.name)\"")
    }
    graph.add(contentsOf: stages)
  }

  private func sequence(_ entry: LayerEntry) throws -> Graph<Scalar> {
    var entries = try Self.entries(of: entry)
    var graph = Graph<Scalar>(inputCount: 1)
    var shape: [Int?]?
    if let first = entries.first {
      shape = try InputReader<Scalar>.shape(first)
      if first.isInput {
        let name = try first.name(in: context.dialect)
        if !name.isEmpty { graph.inputNames = [name] }
        entries.removeFirst()
      }
    }
    var stages: [Stage<Scalar>] = []
    for entry in entries { stages.append(try context.stage(entry)) }
    try Self.add(stages, to: &graph)
    for index in stages.indices { _ = graph.use(index, graph.outputs) }
    shape = try shape ?? InputReader<Scalar>.shape(entry.config["build_input_shape"], in: "build_input_shape")
    shape = try shape ?? InputReader<Scalar>.shape(entry.buildConfig?["input_shape"], in: "build_config")
    shape = shape ?? (stages.first?.layer as? Model<Scalar>)?.graph.declaredShapes?.first
    if let shape { graph.declaredShapes = [shape] }
    return graph
  }

  // MARK: Checks

  /// Nested models, each used several times, can require more work than there are atoms.
  private static var greatestNodeCount: Int { 100_000 }

  static func requireNodeCount(_ count: Int) throws(ModelConfigurationError) {
    guard count <= greatestNodeCount else {
      throw ModelConfigurationError(
        expected: "a model of at most \(greatestNodeCount) computations of layers", found: "more")
    }
  }

  /// Checks that texts, and nothing else, are inputs of layers that take texts.
  private func requireTexts(_ graph: Graph<Scalar>, _ texts: Set<ExactName>) throws(ModelConfigurationError) {
    for node in graph.nodes {
      let layer = graph.stages[node.stage].layer
      for (place, input) in node.inputs.enumerated() {
        let isText = input < graph.inputCount && texts.contains(ExactName(graph.inputNames[input]))
        let takesText = layer is any TextLayer<Scalar> || (layer as? Model<Scalar>)?.takesTexts(place) == true
        guard isText == takesText else {
          throw ModelConfigurationError(
            expected: takesText ? "an input of texts, with the dtype string" : "a layer that takes texts",
            found: takesText ? "numbers" : layer.className.onOneLine, place: graph.stages[node.stage].name.onOneLine)
        }
      }
    }
  }

  /// Checks that the layers accept their inputs, and how much memory the model takes, before anything is created.
  private func check(_ graph: Graph<Scalar>, _ places: [String]) throws {
    try Self.requireNodeCount(graph.expandedNodeCount)
    if graph.inputShapes == nil { return }
    var placed = graph
    do throws(StageFailure) {
      try placed.placeWeights()
    } catch {
      throw ModelConfigurationError(error.error, place: error.stage.map { places[$0] } ?? "")
    }
    var bytes = 0
    placed.forEachWeight { weight in
      bytes = bytes.addingReportingOverflow(weight.value.count * MemoryLayout<Scalar>.stride).partialValue
      if bytes < 0 { bytes = .max }
    }
    guard !exceedsMemory(bytes) else {
      throw ModelConfigurationError(
        expected: "weights of at most \(physicalMemory) bytes, which is the machine's memory", found: "\(bytes) bytes")
    }
  }
}

/// Reads an input's shape from a configuration.
enum InputReader<Scalar: RealScalar> {
  /// The input shape of a sequence's first layer; `nil` if it does not declare one.
  static func shape(_ entry: LayerEntry) throws(ModelConfigurationError) -> [Int?]? {
    if entry.isInput { try check(entry) }
    for parameter in ["batch_shape", "batch_input_shape"] {
      // The bytes of texts are an axis more.
      let bytes: [Int?] = entry.isTextInput ? [nil] : []
      if let shape = try shape(entry.config[parameter], in: "\(entry.place), \(parameter)") { return shape + bytes }
    }
    return nil
  }

  /// A batch's shape without the batch axis; `nil` for null, no value, or shapes by name.
  static func shape(_ given: Configuration?, in place: String) throws(ModelConfigurationError) -> [Int?]? {
    guard let given = given?.withoutPythonTypes, given != .null, given.asObject == nil else { return nil }
    guard let lengths = given.asList, !lengths.isEmpty,
      lengths.allSatisfy({ $0 == .null || ($0.asInteger ?? 0) > 0 })
    else {
      throw ModelConfigurationError(
        expected: "a list of lengths of at least 1 and null that begins with the batch",
        found: given.description.onOneLine,
        place: place)
    }
    let shape = lengths.dropFirst().map(\.asInteger)
    if let expected = Scalar.mismatch(withSampleShape: shape.map { $0 ?? 1 }) {
      throw ModelConfigurationError(expected: "a shape \(expected)", found: batchDescription(shape), place: place)
    }
    return shape
  }

  /// Rejects inputs that are optional or not dense tensors.
  private static func check(_ entry: LayerEntry) throws(ModelConfigurationError) {
    for parameter in ["sparse", "ragged", "optional"] where entry.config[parameter] == true {
      throw ModelConfigurationError(expected: "\(parameter): false", found: "true", place: entry.place)
    }
  }
}
