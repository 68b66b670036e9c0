import Activations
import Layers
import Tensor

/// Reads the connections of a functional model's layers: `inbound_nodes`, `input_layers` and `output_layers`.
struct GraphReader<Scalar: RealScalar> {
  let context: ReadingContext<Scalar>
  private var entries: [LayerEntry] = []
  private var masks: MaskOperations!
  private var parts: [ExactName: Part] = [:]
  private var calls: [Call] = []

  /// The meaning of a name in the configuration.
  private enum Part {
    case input(Int)
    /// A layer, and the range of its uses among all.
    case stage(Int, calls: Range<Int>)
  }

  /// One use of a layer.
  private struct Call {
    let entry: Int
    let stage: Int
    let inputs: [TensorReference]
    /// The place of `training: false`, which makes the layer compute as in inference.
    let placeOutsideTraining: String?
  }

  init(_ context: ReadingContext<Scalar>) { self.context = context }

  func graph(_ entry: LayerEntry) throws -> Graph<Scalar> {
    var reader = self
    return try reader.read(entry)
  }

  private mutating func read(_ entry: LayerEntry) throws -> Graph<Scalar> {
    let all = try ModelReader<Scalar>.entries(of: entry)
    let masks = MaskOperations(all, of: entry)
    self.masks = masks
    entries = all.filter { !masks.contains($0) }
    let inputs = try references(entry, "input_layers")
    var graph = Graph<Scalar>(inputCount: inputs.count)
    graph.inputNames = inputs.map { $0.layer.replacing("/", with: "_") }
    try readInputs(inputs, &graph)
    var stages: [Stage<Scalar>] = []
    for (index, layer) in entries.enumerated() where !layer.isInput {
      let stage = try context.stage(layer)
      // References use names.
      guard !stage.name.isEmpty else {
        throw ModelConfigurationError(expected: "a name", found: "none", place: layer.place)
      }
      stages.append(stage)
      try readCalls(of: layer, index, &stages[stages.count - 1], stages.count - 1)
    }
    for call in calls { try requireSameInTraining(call, stages[call.stage]) }
    try ModelReader.add(stages, to: &graph, inputs: graph.inputNames)
    let outputs = try references(entry, "output_layers")
    let bases = nodeBases(stages, outputs)
    try connect(&graph, bases)
    try setOutputs(outputs, bases, &graph)
    return graph
  }

  // MARK: What is written

  private func references(_ entry: LayerEntry, _ field: String) throws(ModelConfigurationError) -> [TensorReference] {
    let references = TensorReference.all(in: entry.config[field] ?? .null)
    guard let references, !references.isEmpty else {
      throw ModelConfigurationError(
        expected: "layers as [name, node, tensor]", found: entry.config[field]?.shortened ?? "none", place: field)
    }
    return references
  }

  private mutating func readInputs(
    _ references: [TensorReference], _ graph: inout Graph<Scalar>
  ) throws(ModelConfigurationError) {
    for (index, reference) in references.enumerated() {
      guard parts.updateValue(.input(index), forKey: ExactName(reference.layer)) == nil else {
        throw ModelConfigurationError(
          expected: "each input once", found: "\"\(reference.layer.onOneLine)\" twice", place: "input_layers")
      }
    }
    var shapes = [[Int?]?](repeating: nil, count: references.count)
    var isFound = [Bool](repeating: false, count: references.count)
    for entry in entries where entry.isInput {
      do {
        let name = entry.referenceName
        guard case .input(let index)? = parts[ExactName(name)], !isFound[index] else {
          throw ModelConfigurationError(
            expected: "an input that input_layers names, once", found: "\"\(name.onOneLine)\"")
        }
        isFound[index] = true
        shapes[index] = try InputReader<Scalar>.shape(entry)
      } catch {
        throw ModelConfigurationError(error, place: entry.place)
      }
    }
    if let index = isFound.firstIndex(of: false) {
      throw ModelConfigurationError(
        expected: "an InputLayer of the name \"\(references[index].layer.onOneLine)\"", found: "none",
        place: "input_layers")
    }
    if !shapes.contains(nil) { graph.declaredShapes = shapes.map { $0! } }
  }

  private mutating func readCalls(
    of entry: LayerEntry, _ index: Int, _ stage: inout Stage<Scalar>, _ number: Int
  ) throws {
    let begin = calls.count
    try ModelReader<Scalar>.requireNodeCount(begin + entry.inboundNodes.count)
    var layer = stage.layer as? any CallConfigurable<Scalar>
    let names = layer.map { type(of: $0).inputNames } ?? ["inputs"]
    var longest: LayerCall?
    var hasMask = false
    for (node, configuration) in entry.inboundNodes.enumerated() {
      let place = "\(entry.place), inbound_nodes[\(node)]"
      var arguments = try CallArguments(configuration, at: place, takesConstants: entry.isOperation)
      arguments.omit(masks)
      hasMask = hasMask || arguments.hasMask
      let (call, inputs) = try arguments.call(names)
      longest = try longest.map { try longer($0, call, at: place) } ?? call
      if layer == nil, !entry.isOperation, let option = call.options.keys.min() {
        throw ModelConfigurationError(
          expected: "no arguments except tensors",
          found: "\(option.onOneLine): \(call.options[option]!.shortened)", place: place)
      }
      calls.append(
        Call(
          entry: index, stage: number, inputs: inputs, placeOutsideTraining: arguments.isOutsideTraining ? place : nil))
    }
    if let longest, layer != nil {
      do { try layer!.setCall(longest) } catch { throw ModelConfigurationError(error, place: entry.place) }
      stage.layer = layer!
      // Keras 3 passes a mask on by itself to calls with a single tensor.
      if longest.inputs.count > 1 && !hasMask && context.dialect == .keras3 {
        stage.layer = stage.layer.withoutMaskOfSequences
      }
    }
    guard begin < calls.count else {
      throw ModelConfigurationError(expected: "inbound_nodes of one node or more", found: "none", place: entry.place)
    }
    // A duplicate name is rejected when the stages are added.
    let name = ExactName(entry.referenceName)
    if parts[name] == nil { parts[name] = .stage(number, calls: begin..<calls.count) }
  }

  /// The call with more tensors; a layer is called in one way, though with fewer of the last tensors at some places.
  private func longer(
    _ first: LayerCall, _ second: LayerCall, at place: String
  ) throws(ModelConfigurationError) -> LayerCall {
    let (shorter, longer) = first.inputs.count <= second.inputs.count ? (first, second) : (second, first)
    guard longer.inputs.starts(with: shorter.inputs), longer.options == shorter.options else {
      throw ModelConfigurationError(
        expected: "the arguments of the layer's other calls: \(first)", found: "\(second)", place: place)
    }
    return longer
  }

  /// A layer that Keras 2 calls with `training: false` always computes as in inference. Here, training is a property of
  /// the whole model, so the layer must compute the same in training and in inference.
  private func requireSameInTraining(_ call: Call, _ stage: Stage<Scalar>) throws(ModelConfigurationError) {
    guard let place = call.placeOutsideTraining, !stage.computesAlikeInTraining() else { return }
    throw ModelConfigurationError(
      expected: "no training: false in a call of a layer that behaves differently in training", found: "it",
      place: place
    )
  }

  // MARK: What it means

  /// The numbers of the layers' first nodes: Keras counts a node for nested models themselves, but not everywhere.
  private struct NodeBases {
    /// In references that are lists, as in Keras 2.
    var inLists: [Int]
    /// In the outputs of Keras 3.
    var inOutputs: [Int]
  }

  private func nodeBases(_ stages: [Stage<Scalar>], _ outputs: [TensorReference]) -> NodeBases {
    let isFunctional = stages.map { ($0.layer as? Model<Scalar>)?.form == .functional }
    var first = [Int](repeating: .max, count: stages.count)
    for reference in calls.flatMap(\.inputs) + outputs {
      if case .stage(let stage, _)? = parts[ExactName(reference.layer)] {
        first[stage] = min(first[stage], reference.node)
      }
    }
    let models = stages.map { $0.layer is Model<Scalar> }
    let inLists = stages.indices.map { models[$0] && first[$0] > 0 ? 1 : 0 }
    return NodeBases(
      inLists: inLists, inOutputs: context.dialect == .keras2 ? inLists : isFunctional.map { $0 ? 1 : 0 })
  }

  /// The input or call to which a reference points (inputs are numbered first, then calls), and the index of its
  /// output.
  private struct Source {
    let number: Int
    var output = 0
  }

  private func source(
    of reference: TensorReference, _ bases: [Int]?, _ graph: Graph<Scalar>, _ place: String
  ) throws(ModelConfigurationError) -> Source {
    func failure(_ expected: String, _ found: String) -> ModelConfigurationError {
      ModelConfigurationError(expected: expected, found: found, place: place)
    }
    func requireOutput(_ count: Int) throws(ModelConfigurationError) {
      guard 0 <= reference.tensor, reference.tensor < count else {
        throw failure(
          "one of the \(count) outputs of \"\(reference.layer.onOneLine)\"", "tensor \(reference.tensor)")
      }
    }
    switch parts[ExactName(reference.layer)] {
    case .input(let index)?:
      guard reference.node == 0 else { throw failure("node 0 of an input", "node \(reference.node)") }
      try requireOutput(1)
      return Source(number: index)
    case .stage(let stage, let range)?:
      let (node, overflow) = reference.node.subtractingReportingOverflow(bases?[stage] ?? 0)
      guard !overflow, 0 <= node, node < range.count else {
        throw failure(
          "one of the \(range.count) nodes of \"\(reference.layer.onOneLine)\"", "node \(reference.node)")
      }
      try requireOutput(graph.stages[stage].layer.outputCount)
      return Source(number: graph.inputCount + range.lowerBound + node, output: reference.tensor)
    case nil:
      throw failure("a layer of the model", "\"\(reference.layer.onOneLine)\"")
    }
  }

  /// Adds the calls in an order in which each follows those whose results it takes; of several possible calls, the one
  /// that has been possible for longest.
  private mutating func connect(_ graph: inout Graph<Scalar>, _ bases: NodeBases) throws {
    let inputCount = graph.inputCount
    var sources: [[Source]] = []
    var followers = [[Int]](repeating: [], count: calls.count)
    var missing = [Int](repeating: 0, count: calls.count)
    for (index, call) in calls.enumerated() {
      var own: [Source] = []
      for reference in call.inputs {
        let source = try source(
          of: reference, reference.isListed ? bases.inLists : nil, graph, entries[call.entry].place)
        own.append(source)
        if source.number >= inputCount {
          followers[source.number - inputCount].append(index)
          missing[index] += 1
        }
      }
      sources.append(own)
    }
    var ready = calls.indices.filter { missing[$0] == 0 }
    var next = 0
    places = [Int](repeating: -1, count: calls.count)
    while next < ready.count {
      let index = ready[next]
      next += 1
      let inputs = sources[index].map { place(of: $0, inputCount) }
      try requireInputCount(inputs.count, calls[index], graph)
      let stage = calls[index].stage
      places[index] = graph.use(stage, inputs, outputCount: graph.stages[stage].layer.outputCount)
      for follower in followers[index] {
        missing[follower] -= 1
        if missing[follower] == 0 { ready.append(follower) }
      }
    }
    if next < calls.count { throw cycle(sources.map { $0.map(\.number) }, inputCount) }
  }

  /// The graph's first tensor of each call.
  private var places: [Int] = []

  private func place(of source: Source, _ inputCount: Int) -> Int {
    source.number < inputCount ? source.number : places[source.number - inputCount] + source.output
  }

  private func requireInputCount(_ count: Int, _ call: Call, _ graph: Graph<Scalar>) throws {
    let layer = graph.stages[call.stage].layer
    // Layers check the number themselves when the shapes are known.
    let expected = (layer as? Model<Scalar>)?.inputCount ?? (layer as? OperationLayer<Scalar>)?.inputCount
    guard count > 0, count == expected ?? count else {
      throw ModelConfigurationError(
        LayerError.inputCount(layer: layer.className, expected: expected ?? 1, found: count),
        place: entries[call.entry].place)
    }
  }

  /// The remaining calls take tensors from remaining calls: going back from one of them leads to a cycle.
  private func cycle(_ sources: [[Int]], _ inputCount: Int) -> ModelConfigurationError {
    var call = places.firstIndex(of: -1)!
    var path: [Int] = []
    var seen: [Int: Int] = [:]
    while seen[call] == nil {
      seen[call] = path.count
      path.append(call)
      call = sources[call].first { $0 >= inputCount && places[$0 - inputCount] < 0 }! - inputCount
    }
    let circle = path[seen[call]!...].reversed()
    let names = circle.map { entries[calls[$0].entry].place }
    let text = names.count > 8 ? names.prefix(8) + ["…"] : names
    return ModelConfigurationError(
      expected: "layers without cycles",
      found: "a cycle of \(text.joined(separator: ", "))")
  }

  private func setOutputs(
    _ references: [TensorReference], _ bases: NodeBases, _ graph: inout Graph<Scalar>
  ) throws(ModelConfigurationError) {
    var outputs: [Int] = []
    for reference in references {
      let source = try source(of: reference, bases.inOutputs, graph, "output_layers")
      outputs.append(place(of: source, graph.inputCount))
    }
    graph.setOutputs(outputs)
  }
}

extension Stage {
  /// Whether the layer computes the same in training. Frozen batch normalisation uses its moving statistics; custom
  /// layers may do anything.
  fileprivate func computesAlikeInTraining(isTrainable: Bool = true) -> Bool {
    let isTrained = isTrainable && self.isTrainable
    switch layer {
    case let model as Model<Scalar>:
      return model.stages.allSatisfy { $0.computesAlikeInTraining(isTrainable: isTrained) }
    case let both as ActivatedLayer<Scalar>:
      return [both.layer, both.activation].allSatisfy {
        Stage($0).computesAlikeInTraining(isTrainable: isTrained)
      }
    case is BatchNormalization<Scalar>: return !isTrained
    case is Dropout<Scalar>, is StochasticDepth<Scalar>, is AlphaDropout<Scalar>, is any SpatialDropout<Scalar>,
      is GaussianDropout<Scalar>,
      is GaussianNoise<Scalar>,
      is ActivityRegularization<Scalar>:
      return false
    default: return isBuiltInLayer(layer)
    }
  }
}
