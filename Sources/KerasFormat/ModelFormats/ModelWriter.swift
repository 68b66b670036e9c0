public import Activations
import Layers
import Tensor

extension Model {
  /// The model in Keras 3's format, without its weights: the `config.json` of .keras files, and the result of
  /// `to_json()` in Python.
  ///
  /// ```swift
  /// let text = try model.configuration.json
  /// ```
  ///
  /// ``readModel(configuration:dialect:registry:compile:)`` reads it, and so does Keras's `model_from_json` if Keras
  /// has all parts of the model. Keras has neither `hard_sigmoid_keras2`, nor the functions that only PyTorch (`rrelu`,
  /// `softmin`) or ONNX (`hardmax`) has, nor custom parts, which are written by name and which Keras looks up in its
  /// `custom_objects`. The activation of a normalisation becomes a separate layer, because Keras's normalisations have
  /// none.
  /// - Throws: ``ModelConfigurationError`` if a layer is not a ``ConfigurableLayer``, or a functional model does not
  ///   know the shapes of its inputs.
  public var configuration: Configuration {
    get throws(ModelConfigurationError) {
      guard var fields = try ModelWriter(self).configuration(name: name, isTrainable: true).asObject else { return nil }
      if let compilation = compilationByOutput { fields["compile_config"] = compilation.configuration }
      return .object(fields)
    }
  }
}

/// Writes the configuration of a model and of its layers.
private struct ModelWriter<Scalar: RealScalar> {
  private let graph: Graph<Scalar>
  private let order: [ModelPart]
  private let isSequential: Bool
  /// The shapes of a sample's tensors, if the inputs' are known, with `nil` for arbitrary lengths.
  private let inputShapes: [[Int?]]?
  private let shapes: [[Int?]]?
  private let inputNames: [String]
  private let areTexts: [Bool]

  init(_ given: Model<Scalar>) {
    let model = given.inKeras
    graph = model.graph
    areTexts = (0..<model.graph.inputCount).map(model.takesTexts)
    order = model.layersInKerasOrder
    isSequential = model.form == .sequential
    inputShapes = graph.declaredShapes ?? graph.inputShapes
    shapes = graph.freeShapes
    var names = Set(graph.stages.map { ExactName($0.name) })
    inputNames = graph.inputNames.map { given in
      var name = given
      while !names.insert(ExactName(name)).inserted { name += "_input" }
      return name
    }
  }

  func configuration(name: String, isTrainable: Bool) throws(ModelConfigurationError) -> Configuration {
    isSequential ? try sequential(name, isTrainable) : try functional(name, isTrainable)
  }

  private func sequential(_ name: String, _ isTrainable: Bool) throws(ModelConfigurationError) -> Configuration {
    var layers: [Configuration] = []
    if let inputShapes { layers.append(input(0, inputShapes)) }
    for index in graph.stages.indices { layers.append(.object(try layer(index))) }
    var config: [String: Configuration] = [
      "name": .string(name), "trainable": .flag(isTrainable), "dtype": elementType, "layers": .list(layers),
    ]
    var fields: [String: Configuration] = ["module": "keras", "class_name": "Sequential", "registered_name": nil]
    if let inputShapes, !areTexts[0] {
      config["build_input_shape"] = batch(inputShapes[0])
      fields["build_config"] = ["input_shape": batch(inputShapes[0])]
    }
    fields["config"] = .object(config)
    return .object(fields)
  }

  private func functional(_ name: String, _ isTrainable: Bool) throws(ModelConfigurationError) -> Configuration {
    guard let inputShapes else { throw ModelConfigurationError(LayerError.unknownInput("Functional")) }
    let calls = Calls(graph)
    var layers: [Configuration] = []
    for part in order {
      switch part {
      case .input(let index):
        guard var fields = input(index, inputShapes).asObject else { continue }
        fields["name"] = .string(inputNames[index])
        fields["inbound_nodes"] = []
        layers.append(.object(fields))
      case .stage(let index):
        var fields = try layer(index)
        fields["name"] = .string(graph.stages[index].name)
        fields["inbound_nodes"] = .list(calls.ofStages[index].map { node($0, calls) })
        layers.append(.object(fields))
      }
    }
    let outputs = graph.outputs.map { reference($0, calls, countsOwnNode: true) }
    let named = graph.outputNames.map { Configuration.object(Dictionary(uniqueKeysWithValues: zip($0, outputs))) }
    let inputs = graph.inputShapes!.indices.map { reference($0, calls) }
    return [
      "module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional",
      "build_config": ["input_shape": nil],
      "config": [
        "name": .string(name), "trainable": .flag(isTrainable), "layers": .list(layers),
        "input_layers": inputs.count == 1 ? inputs[0] : .list(inputs),
        "output_layers": named ?? (outputs.count == 1 ? outputs[0] : .list(outputs)),
      ],
    ]
  }

  // MARK: Layers

  private func input(_ index: Int, _ shapes: [[Int?]]) -> Configuration {
    [
      "module": "keras.layers", "class_name": "InputLayer", "registered_name": nil,
      "config": [
        "name": .string(inputNames[index]),
        // The bytes of texts are no axis for Keras.
        "batch_shape": batch(areTexts[index] ? shapes[index].dropLast() : shapes[index]),
        "dtype": areTexts[index] ? "string" : .string(Scalar.elementType.name),
        "sparse": false, "ragged": false, "optional": false,
      ],
    ]
  }

  private func layer(_ index: Int) throws(ModelConfigurationError) -> [String: Configuration] {
    var stage = graph.stages[index]
    do {
      let activationShape = activationShape(index)
      stage.layer = stage.layer.withModel(asActivationOf: activationShape)
      var fields = try fields(of: stage, named: stage.name)
      if let configuration = buildConfiguration(index) { fields["build_config"] = configuration }
      if let shape = activationShape, var config = fields["config"]?.asObject,
        var activation = config["activation"]?.asObject
      {
        activation["build_config"] = ["input_shape": batch(shape)]
        config["activation"] = .object(activation)
        fields["config"] = .object(config)
      }
      return fields
    } catch {
      throw ModelConfigurationError(error, place: "layers[\(index)] (\(stage.layer.className) \"\(stage.name)\")")
    }
  }

  private func fields(of stage: Stage<Scalar>, named name: String) throws -> [String: Configuration] {
    var fields = try layer(stage.layer, name: name, isTrainable: stage.isTrainable)
    if let regularizer = stage.activityRegularizer, var config = fields["config"]?.asObject {
      config["activity_regularizer"] = regularizer.configuration
      fields["config"] = .object(config)
    }
    return fields
  }

  private func layers(_ layers: LayersInParameter<Scalar>) throws -> Configuration {
    func part(_ stage: Stage<Scalar>) throws -> Configuration {
      let name = stage.name.isEmpty ? snakeCase(stage.layer.className) : stage.name
      return .object(try fields(of: stage, named: name))
    }
    switch layers {
    case .one(let stage): return try part(stage)
    case .list(let stages): return .list(try stages.map(part))
    }
  }

  private func layer(
    _ layer: any Layer<Scalar>, name: String, isTrainable: Bool
  ) throws -> [String: Configuration] {
    if let model = layer as? Model<Scalar> { return try fields(of: model, name, isTrainable) }
    if let activated = layer as? ActivatedLayer<Scalar> {
      var fields = try self.layer(activated.layer, name: name, isTrainable: isTrainable)
      var config = fields["config"]?.asObject ?? [:]
      let activation = activated.activation
      config["activation"] = .object(
        try self.layer(activation, name: activation.defaultName, isTrainable: true))
      fields["config"] = .object(config)
      return fields
    }
    if let operation = (layer as? OperationLayer<Scalar>)?.operation {
      return [
        "module": .string(operation.module), "class_name": .string(operation.name),
        "registered_name": .string(operation.name),
        "config": .object(operation.parameters.merging(["name": .string(name)]) { $1 }),
      ]
    }
    guard let layer = layer as? any ConfigurableLayer<Scalar> else {
      throw ModelConfigurationError(
        expected: "a layer that conforms to ConfigurableLayer", found: "\(type(of: layer))")
    }
    let base: [String: Configuration] = [
      "name": .string(name), "trainable": .flag(isTrainable), "dtype": elementType,
    ]
    var config = base.merging(layer.layerParameters) { $1 }
    for (parameter, layers) in (layer as? any LayerOfLayers<Scalar>)?.layersInParameters ?? [:] {
      config[parameter] = try self.layers(layers)
    }
    let isBuiltIn = isBuiltInLayer(layer)
    var fields: [String: Configuration] = [
      "module": isBuiltIn ? "keras.layers" : nil, "class_name": .string(layer.className), "config": .object(config),
      "registered_name": isBuiltIn ? nil : .string("Custom>\(layer.className)"),
    ]
    if let application = type(of: layer) as? any ApplicationLayer.Type {
      fields["module"] = .string(application.module)
      fields["registered_name"] = fields["class_name"]
    }
    return fields
  }

  private func fields(
    of model: Model<Scalar>, _ name: String, _ isTrainable: Bool
  ) throws(ModelConfigurationError) -> [String: Configuration] {
    try ModelWriter(model).configuration(name: name, isTrainable: isTrainable).asObject ?? [:]
  }

  /// The input shapes with which Keras builds layers with weights and one input, and attention.
  private func buildConfiguration(_ index: Int) -> Configuration? {
    let layer = graph.stages[index].layer
    guard let shapes, !(layer is Model<Scalar>), !layer.weights.isEmpty,
      let node = graph.nodes.first(where: { $0.stage == index })
    else { return nil }
    let own = node.inputs.map { batch(shapes[$0]) }
    if own.count == 1 { return ["input_shape": own[0]] }
    guard layer is any AttentionLayer<Scalar>, let call = (layer as? any CallConfigurable<Scalar>)?.layerCall else {
      return nil
    }
    if call.inputs.count == 1 { return ["input_shape": .list(own)] }
    let named = zip(call.inputs, own).filter { $0.0 != "attention_mask" }.map { ("\($0)_shape", $1) }
    return ["shapes_dict": .object(Dictionary(uniqueKeysWithValues: named))]
  }

  /// For layers whose activation is a layer with weights: the activation's input shape, which is also its output shape.
  private func activationShape(_ index: Int) -> [Int?]? {
    guard let shapes, let layer = graph.stages[index].layer as? ActivatedLayer<Scalar>,
      !layer.activation.weights.isEmpty, let node = graph.nodes.first(where: { $0.stage == index })
    else { return nil }
    return shapes[node.outputs.lowerBound]
  }

  // MARK: Nodes

  /// The uses of each layer, in the order of computation, and the number of each among its layer's uses.
  private struct Calls {
    private(set) var ofStages: [[Int]]
    private(set) var numbers: [Int] = []

    init(_ graph: Graph<Scalar>) {
      ofStages = [[Int]](repeating: [], count: graph.stages.count)
      for (index, node) in graph.nodes.enumerated() {
        numbers.append(ofStages[node.stage].count)
        ofStages[node.stage].append(index)
      }
    }
  }

  private func node(_ index: Int, _ calls: Calls) -> Configuration {
    let node = graph.nodes[index]
    let tensors = node.inputs.map { tensor -> Configuration in
      let shape = shapes?[tensor] ?? (tensor < graph.inputCount ? inputShapes?[tensor] : nil)
      return [
        "class_name": "__keras_tensor__",
        "config": [
          "shape": shape.map(batch) ?? .null, "dtype": .string(Scalar.elementType.name),
          "keras_history": reference(tensor, calls),
        ],
      ]
    }
    let layer = graph.stages[node.stage].layer
    if let operation = layer as? OperationLayer<Scalar> { return operation.node(tensors) }
    // Merging layers are called with a list even of one tensor.
    if layer is any Merge<Scalar> { return ["args": [.list(tensors)], "kwargs": [:]] }
    let call = (layer as? any CallConfigurable<Scalar>)?.layerCall ?? LayerCall(inputs: ["inputs"])
    var kwargs = call.options
    let names = call.names(tensors.count)
    for (name, group) in Dictionary(grouping: zip(names, tensors), by: \.0) {
      kwargs[name] = group.count == 1 ? group[0].1 : .list(group.map(\.1))
    }
    let first = names.first.flatMap { kwargs.removeValue(forKey: $0) }
    return ["args": .list(first.map { [$0] } ?? []), "kwargs": .object(kwargs)]
  }

  /// - Parameter countsOwnNode: whether a functional model counts a node for itself, as Keras does for outputs.
  private func reference(_ tensor: Int, _ calls: Calls, countsOwnNode: Bool = false) -> Configuration {
    if tensor < graph.inputCount { return [.string(inputNames[tensor]), 0, 0] }
    let index = graph.producers[tensor - graph.inputCount]
    let node = graph.nodes[index]
    let stage = graph.stages[node.stage]
    let base = countsOwnNode && (stage.layer as? Model<Scalar>)?.form == .functional ? 1 : 0
    return [
      .string(stage.name), .integer(calls.numbers[index] + base), .integer(tensor - node.outputs.lowerBound),
    ]
  }

  // MARK: Values

  private var elementType: Configuration {
    [
      "module": "keras", "class_name": "DTypePolicy", "config": ["name": .string(Scalar.elementType.name)],
      "registered_name": nil,
    ]
  }

  private func batch(_ sampleShape: [Int?]) -> Configuration { .list([.null] + sampleShape.map { Configuration($0) }) }
}

extension Layer {
  /// Returns the same layer, with its activation's input shape set if that is a model without one. Keras builds layers
  /// according to their configurations.
  fileprivate func withModel(asActivationOf shape: [Int?]?) -> any Layer<Scalar> {
    guard let shape, var activated = self as? ActivatedLayer<Scalar>,
      var model = activated.activation as? Model<Scalar>,
      model.graph.inputShapes == nil
    else { return self }
    model.graph.declaredShapes = [shape]
    activated.activation = model
    return activated
  }
}
