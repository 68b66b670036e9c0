import Testing

@testable import KerasFormat
@testable import Layers

@Suite struct ModelConfigurationTests {
  static let names = KerasConfigurations.keras3["models"].keys.sorted()

  @Test(arguments: KerasConfigurations.both, names)
  func `models of both Keras are read`(_ keras: KerasConfigurations, _ name: String) throws {
    let model = try keras.model(name)
    #expect(!model.isBuilt)
    let text = try #require(keras["texts"][name]?.asString)
    let fromText: Model<Float> = try readModel(configuration: Configuration(json: text))
    #expect(try fromText.configuration == model.configuration)
    let written = try model.configuration
    let again: Model<Float> = try readModel(configuration: Configuration(json: written.json))
    #expect(try again.configuration == written)
    // Names that are given by default are the models' own.
    if keras.dialect == .keras3 { #expect(model.name == keras["models"][name]?["config"]?["name"]?.asString) }
  }

  @Test(arguments: names) func `models of Keras 3 are written as they were`(_ name: String) throws {
    let keras = try #require(KerasConfigurations.keras3["models"][name])
    let written = try KerasConfigurations.keras3.model(name).configuration
    #expect(comparable(written) == comparable(keras))
  }

  /// Without what Keras writes of layers without weights, and what this package has not.
  private func comparable(_ value: Configuration) -> Configuration {
    switch value {
    case .list(let list): return .list(list.map(comparable))
    case .object(var fields):
      for field in ["build_config", "compile_config", "dtype", "seed"] { fields[field] = nil }
      for field in ["quantization_config", "renorm", "renorm_momentum", "renorm_clipping", "synchronized", "mask"] {
        fields[field] = nil
      }
      if fields["activity_regularizer"] == .null { fields["activity_regularizer"] = nil }
      // Inputs and outputs under names are in the order of the names.
      for field in ["input_layers", "output_layers"] {
        guard let byName = fields[field]?.asObject else { continue }
        fields[field] = .list(byName.sorted { $0.key < $1.key }.map(\.value))
      }
      return .object(fields.mapValues(comparable))
    default: return value
    }
  }

  @Test func `layers keep their names and whether they are trained`() throws {
    let model = try KerasConfigurations.keras3.model("sequential")
    #expect(model.form == .sequential && model.name == "classifier" && model.inputs.map(\.name) == ["input_layer"])
    #expect(model.stages.map(\.name) == ["dense", "dropout", "batch_normalization", "out"])
    #expect(model.stages.map(\.isTrainable) == [true, true, true, false])
    #expect(model.stages.map(\.layer.className) == ["Dense", "Dropout", "BatchNormalization", "Dense"])
    #expect(model.summary().contains("Model: \"classifier\""))
  }

  @Test(arguments: KerasConfigurations.both)
  func `a layer at several places is one`(_ keras: KerasConfigurations) throws {
    var model = try Functional<Float>(
      configuration: try #require(keras["models"]["several"]), dialect: keras.dialect)
    var generator = PhiloxGenerator(seed: 3)
    try model.build(using: &generator)
    let (a, b) = (Tensor<Float>.normal([2, 4], using: &generator), Tensor<Float>.normal([2, 3], using: &generator))
    let results = try model([a, b])
    #expect(results.map(\.shape) == [[2, 2], [2, 1]])
    func dense(_ name: String, _ x: Tensor<Float>) throws -> Tensor<Float> { try model[name].layer(x) }
    let left = try dense("shared", dense("left", a))
    let right = try dense("shared", dense("right", b))
    #expect(try results[0] == dense("out", Concatenate()(left, right)))
    #expect(try results[1] == Dot(axes: 1, normalize: true)(left, right))
  }

  @Test(arguments: KerasConfigurations.both)
  func `models within models compute`(_ keras: KerasConfigurations) throws {
    var model = try Functional<Float>(configuration: try #require(keras["models"]["nested"]), dialect: keras.dialect)
    var generator = PhiloxGenerator(seed: 4)
    try model.build(using: &generator)
    let x = Tensor<Float>.normal([2, 4], using: &generator)
    let first = try model["head"].layer(model["encoder"].layer(x))
    #expect(try model([x]) == [model["head"].layer(first), first])
  }

  @Test func `inputs may have axes of any length`() throws {
    var model = try Sequential<Float>(
      configuration: try #require(KerasConfigurations.keras3["models"]["unknown_length"]))
    try model.placeWeights()
    #expect(model.weights.map(\.value.shape) == [[4, 3], [3]])
    #expect(try model(.zeros([2, 7, 4])).shape == [2, 7, 3])
    #expect(try model(.zeros([2, 1, 4])).shape == [2, 1, 3])
    #expect(throws: LayerError.self) { try model(.zeros([2, 7, 5])) }
  }

  @Test func `windows may be larger than one where axes may have any length`() throws {
    let json = """
      {"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [null, null, null, 3], "name": "x"}},
        {"class_name": "Conv2D", "config": {"filters": 4, "kernel_size": 5, "name": "convolution"}},
        {"class_name": "MaxPooling2D", "config": {"pool_size": 3, "name": "pool"}},
        {"class_name": "GlobalAveragePooling2D", "config": {"name": "mean"}},
        {"class_name": "Dense", "config": {"units": 2, "name": "classes"}}]}}
      """
    var model: Model<Float> = try readModel(configuration: Configuration(json: json))
    #expect(model.inputs[0].shape == [nil, nil, 3] && model.outputs[0].shape == [2])
    #expect(model.layerOutputShapes[1] == [nil, nil, 4])
    var generator = PhiloxGenerator(seed: 3)
    try model.build(using: &generator)
    for size in [[7, 7], [20, 31]] { #expect(try model(Tensor<Float>.ones([1] + size + [3])).shape == [1, 2]) }
    #expect(throws: LayerError.self) { try model(Tensor<Float>.ones([1, 6, 6, 3])) }
    let again: Model<Float> = try readModel(configuration: model.configuration)
    #expect(again.inputs == model.inputs)
    #expect(throws: ModelConfigurationError.self) {
      let low = try Configuration(json: json.replacing("null, null, null", with: "null, 4, null"))
      _ = try readModel(configuration: low) as Model<Float>
    }
  }

  @Test func `weights are placed without being drawn`() throws {
    var model = try KerasConfigurations.keras3.model("sequential")
    try model.placeWeights()
    #expect(model.weights.map(\.value.shape) == [[4, 3], [3], [3], [3], [3], [3], [3, 2], [2]])
    #expect(model.weights.allSatisfy { $0.value.layout.strides.allSatisfy { $0 == 0 } })
    #expect(model.weights[0].initializer == .glorotUniform)
    var late = try KerasConfigurations.keras3.model("unbuilt")
    #expect(throws: LayerError.self) { try late.placeWeights() }
  }

  @Test func `what begins without an input is written and read`() throws {
    let bare: Configuration = [
      ["class_name": "Dense", "config": ["name": "first", "units": 3, "batch_input_shape": [nil, 4]]],
      ["class_name": "Dense", "config": ["name": "second", "units": 2]],
    ]
    var model = try Sequential<Float>(configuration: bare)
    try model.placeWeights()
    #expect(model.weights.map(\.value.shape) == [[4, 3], [3], [3, 2], [2]])
    let h5 = try #require(KerasConfigurations.keras2["texts"]["h5"]?.asString)
    #expect(try Sequential<Float>(configuration: Configuration(json: h5)).graph.declaredShapes == [[4]])
  }

  @Test func `an activation that is a model without an input gets that of its place`() throws {
    let inner = Sequential<Float> { Dense(3, activation: .softmax) }
    let model = Sequential<Float> {
      Input(4)
      ActivatedLayer(Dense(3), activation: inner)
    }
    let written = try model.configuration
    let again: Model<Float> = try readModel(configuration: written)
    #expect(try again.configuration == written)
    let activation = try #require((again.stages[0].layer as? ActivatedLayer<Float>)?.activation as? Model<Float>)
    #expect(activation.inputs.map(\.shape) == [[3]])
  }

  @Test func `models of Swift are written in Keras's order`() throws {
    let a = Input<Float>(4)
    let b = Input<Float>(3)
    let right = Dense(5).named("right")(b)
    let left = Dense(5).named("left")(Dense(6).named("before")(a))
    let model = try Functional(inputs: [a, b], outputs: [Dense(2).named("out")(Add()(left, right))])
    let names = model.layersInKerasOrder.map { part in
      switch part {
      case .input(let index): model.inputs[index].name
      case .stage(let index): model.stages[index].name
      }
    }
    #expect(names == ["input_layer", "before", "input_layer_1", "left", "right", "add", "out"])
    let layers = try model.configuration["config"]?["layers"]?.asList ?? []
    #expect(layers.map { $0["config"]?["name"]?.asString } == names)
    let again = try Functional<Float>(configuration: model.configuration)
    #expect(try again.configuration == model.configuration)
  }

  @Test func `a model has the form of its configuration`() throws {
    let configuration = try #require(KerasConfigurations.keras3["models"]["residual"])
    #expect(try Model<Float>(configuration: configuration).form == .functional)
  }

  @Test func `sums that Python writes with operators are layers`() throws {
    func tensor(_ name: String) -> Configuration {
      ["class_name": "__keras_tensor__", "config": ["keras_history": [.string(name), 0, 0]]]
    }
    func model(_ operation: Configuration) -> Configuration {
      [
        "class_name": "Functional",
        "config": [
          "name": "m", "input_layers": ["x", 0, 0], "output_layers": ["sum", 0, 0],
          "layers": [
            ["class_name": "InputLayer", "config": ["name": "x", "batch_shape": [nil, 4]], "inbound_nodes": []],
            ["class_name": "Dense", "config": ["name": "d", "units": 4], "inbound_nodes": [["args": [tensor("x")]]]],
            operation,
          ],
        ],
      ]
    }
    let sum = try Functional<Float>(
      configuration: model([
        "module": "keras.src.ops.numpy", "class_name": "Add", "config": ["name": "sum"],
        "inbound_nodes": [["args": [tensor("x"), tensor("d")], "kwargs": [:]]],
      ]))
    #expect(sum.stages.map(\.layer.className) == ["Dense", "Add"])
    let error = #expect(throws: ModelConfigurationError.self) {
      try Functional<Float>(
        configuration: model([
          "module": "keras.src.ops.numpy", "class_name": "Vdot", "config": ["name": "sum"],
          "inbound_nodes": [["args": [tensor("x"), tensor("d")], "kwargs": [:]]],
        ]))
    }
    #expect(error?.description.contains("no layer is called \"keras.src.ops.numpy.Vdot\"") == true)
  }
}
