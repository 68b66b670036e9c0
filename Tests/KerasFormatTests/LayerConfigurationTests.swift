import Testing

@testable import KerasFormat
@testable import Layers

@Suite struct LayerConfigurationTests {
  /// What Keras says of every layer, or has and this package has not.
  private static let others: Set = [
    "dtype", "seed", "quantization_config", "renorm", "renorm_momentum", "renorm_clipping", "synchronized",
    "rms_scaling",
  ]

  private func parameters(_ configuration: Configuration) -> [String: Configuration] {
    var config = configuration["config"]?.asObject ?? [:]
    config = config.filter { !Self.others.contains($0.key) && $0.key != "activity_regularizer" || $0.value != .null }
    // Keras's LayerNormalization writes its axis as a list when it is built.
    if configuration["class_name"] == "LayerNormalization", let axis = config["axis"]?.asInteger {
      config["axis"] = [.integer(axis)]
    }
    return config.filter { !Self.others.contains($0.key) }.mapValues(plain)
  }

  /// Without what differs in nested layers too: their names.
  private func plain(_ value: Configuration) -> Configuration {
    switch value {
    case .list(let list): return .list(list.map(plain))
    case .object(let fields) where fields["class_name"] != nil && fields["module"] == "keras.layers":
      let config = parameters(value).filter { $0.key != "name" && $0.key != "trainable" && $0.value != .null }
      return ["class_name": fields["class_name"]!, "config": .object(config)]
    case .object(let fields): return .object(fields.mapValues(plain).filter { $0.key != "seed" })
    default: return value
    }
  }

  @Test(arguments: KerasConfigurations.keras3["layers"].keys.sorted())
  func `layers of Keras 3 are read and written with all parameters`(_ name: String) throws {
    let keras = KerasConfigurations.keras3["layers"][name]!
    let stage = try readStage(keras)
    #expect(stage.name == keras["config"]?["name"]?.asString)
    let written = try written(stage)
    // Keras's spatial dropout does not say whether it is trained.
    let isSaid = keras["config"]?["trainable"] != nil
    #expect(parameters(written).filter { isSaid || $0.key != "trainable" } == parameters(keras))
    for field in ["module", "class_name", "registered_name"] { #expect(written[field] == keras[field]) }
    #expect(try self.written(readStage(written)) == written)
  }

  @Test(arguments: KerasConfigurations.keras2["layers"].keys.sorted())
  func `layers of Keras 2 are those of Keras 3`(_ name: String) throws {
    let keras2 = KerasConfigurations.keras2["layers"][name]!
    let written = try written(readStage(keras2, .keras2))
    guard let keras3 = KerasConfigurations.keras3["layers"][name], !name.contains("hard_sigmoid") else {
      // Keras 3 has ReLU for it.
      let className = keras2["class_name"] == "ThresholdedReLU" ? "ReLU" : keras2["class_name"]
      #expect(written["class_name"] == className)
      return
    }
    func comparable(_ configuration: Configuration) -> Configuration {
      Configuration.object(parameters(configuration).filter { $0.key != "name" }).roundedToFloat
    }
    #expect(comparable(written) == comparable(keras3))
  }

  private func written(_ stage: Stage<Float>) throws -> Configuration {
    var model = Sequential<Float>()
    model.add(stage)
    return try #require(model.configuration["config"]?["layers"]?.asList?.first)
  }

  @Test func `parts that are frozen or have penalties stay so`() throws {
    let dense: Configuration = ["class_name": "Dense", "config": ["units": 2, "trainable": false]]
    let lstm: Configuration = [
      "class_name": "LSTM",
      "config": [
        "units": 2, "trainable": false, "activity_regularizer": ["class_name": "L2", "config": ["l2": 0.5]],
      ],
    ]
    let cell: Configuration = ["class_name": "GRUCell", "config": ["units": 2, "trainable": false]]
    let wrappers: [(Configuration, String)] = [
      (["class_name": "TimeDistributed", "config": ["layer": dense]], "layer"),
      (["class_name": "Bidirectional", "config": ["layer": lstm]], "backward_layer"),
      (["class_name": "RNN", "config": ["cell": cell]], "cell"),
    ]
    for (wrapper, parameter) in wrappers {
      let stage = try readStage(wrapper, .keras3)
      #expect(try #require(stage.layer as? any CompositeLayer<Float>).parts.allSatisfy { !$0.isTrainable })
      let part = try written(stage)["config"]?[parameter]?["config"]
      #expect(part?["trainable"] == false, "\(parameter)")
      #expect((part?["activity_regularizer"]?["class_name"] == "L2") == (parameter == "backward_layer"))
    }
  }

  @Test func `layers are listed under the names of their types`() {
    for (name, type) in builtInLayers(Float.self) { #expect(type().className == name) }
  }

  @Test func `hard_sigmoid means in a file what that file's Keras computes`() throws {
    let dense: Configuration = ["class_name": "Dense", "config": ["units": 1, "activation": "hard_sigmoid"]]
    let old = try #require(try readStage(dense, .keras2).layer as? Dense<Float>)
    #expect(old.activation == .hardSigmoidKeras2)
    let new = try #require(try readStage(dense, .keras3).layer as? Dense<Float>)
    #expect(new.activation == .hardSigmoid)
    let inside: Configuration = [
      "class_name": "Dense",
      "config": [
        "units": 1, "activation": ["class_name": "Activation", "config": ["activation": "hard_sigmoid"]],
      ],
    ]
    #expect(try (readStage(inside, .keras2).layer as? Dense<Float>)?.activation == .hardSigmoidKeras2)
  }

  @Test func `a layer with weights as an activation follows the layer under its name`() throws {
    let stage = try readStage(KerasConfigurations.keras3["layers"]["Dense with PReLU"]!)
    let both = try #require(stage.layer as? ActivatedLayer<Float>)
    #expect(both.layer is Dense<Float> && both.activation is PReLU<Float> && stage.layer.className == "Dense")
    var model = Sequential<Float> { Input(4) }
    model.add(stage)
    var generator = PhiloxGenerator(seed: 1)
    try model.build(using: &generator)
    #expect(model.stages[0].layer.weights.map(\.name) == ["kernel", "bias", "alpha"])
    let x = Tensor<Float>.normal([5, 4], using: &generator)
    model.stages[0].layer = ActivatedLayer(
      Dense(kernel: model.stages[0].layer.weights[0].value), activation: both.activation)
    try model.build(using: &generator)
    let dense = Dense<Float>(kernel: model.stages[0].layer.weights[0].value)
    #expect(try model(x) == leakyRelu(dense(x), negativeSlope: 0))
  }

  @Test func `an activation with weights is trained with its layer`() throws {
    var generator = PhiloxGenerator(seed: 2)
    var model = Sequential<Float> {
      Input(3)
      ActivatedLayer(Dense(4), activation: PReLU(alphaInitializer: .constant(0.25)))
      Dense(1)
    }
    model.compile(optimizer: .sgd(learningRate: 0.05), loss: .meanSquaredError)
    let x = Tensor<Float>.normal([64, 3], using: &generator)
    let history = try model.fit(x, x.sum(axis: 1, keepDimensions: true), epochs: 20, using: &generator)
    let losses = history["loss"]
    #expect(losses.last! < losses[0] / 2)
    #expect(model.stages[0].layer.weights[2].value != .filled([4], with: 0.25))
  }

  @Test func `custom layers are registered`() throws {
    struct Shift: ConfigurableLayer, Equatable {
      var by: Double
      var inner: String
      var layerParameters: [String: Configuration] { ["by": .number(by)] }
      init(by: Double) { (self.by, inner) = (by, "") }
      init(from reader: inout LayerReader<Float>) throws {
        by = try reader.number("by", .positive, default: 1)
        inner = reader.isGiven("layer") ? try reader.layer("layer").name : ""
      }
      func call(_ x: Traced<Float>) throws -> Traced<Float> { try x + Float(by) }
    }
    var registry = LayerRegistry<Float>()
    registry.register(Shift.self)
    registry.activations.register("cubed", { $0 * $0 * $0 })
    registry.register(Initializer<Float>.custom("sevens") { shape, _ in .filled(shape, with: 7) })
    let written = try written(Stage(Shift(by: 3), name: "move"))
    #expect(written["registered_name"] == "Custom>Shift" && written["module"] == .null)
    #expect(try readStage(written, .keras3, registry).layer as? Shift == Shift(by: 3))
    let wrapping: Configuration = [
      "class_name": "Shift", "registered_name": "mine>Shift",
      "config": ["layer": ["class_name": "ReLU", "config": ["name": "inside"]]],
    ]
    #expect(try (readStage(wrapping, .keras3, registry).layer as? Shift)?.inner == "inside")
    let dense: Configuration = [
      "class_name": "Dense",
      "config": [
        "units": 2, "activation": "mine>cubed",
        "kernel_initializer": [
          "module": "mine", "class_name": "sevens", "registered_name": "mine>sevens", "config": [:],
        ],
      ],
    ]
    let layer = try #require(try readStage(dense, .keras3, registry).layer as? Dense<Float>)
    #expect(layer.activation == registry.activations["cubed"])
    #expect(layer.weights[0].initializer.name == "sevens")
  }

  @Test func `a layer that configurations do not describe is named`() throws {
    struct Nameless: Layer {
      func call(_ x: Traced<Float>) -> Traced<Float> { x }
    }
    let model = Sequential<Float>([Dense(1), Nameless()])
    let error = #expect(throws: ModelConfigurationError.self) { try model.configuration }
    #expect(
      error?.description
        == "layers[1] (Nameless \"nameless\"): expected a layer that conforms to ConfigurableLayer, found Nameless"
    )
  }
}

extension Configuration {
  /// Keras 2 rounds some parameters to Float.
  var roundedToFloat: Configuration {
    switch self {
    case .number(let number): .number(Double(Float(number)))
    case .list(let list): .list(list.map(\.roundedToFloat))
    case .object(let fields): .object(fields.mapValues(\.roundedToFloat))
    default: self
    }
  }
}
