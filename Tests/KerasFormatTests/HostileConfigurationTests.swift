import Testing

@testable import KerasFormat
@testable import Layers

@Suite struct HostileConfigurationTests {
  private func message(_ configuration: Configuration) -> String {
    let error = #expect(throws: ModelConfigurationError.self) { () throws -> Model<Float> in
      try readModel(configuration: configuration)
    }
    return error?.description ?? ""
  }

  private func sequence(_ layers: Configuration..., input: Configuration = [nil, 4]) -> Configuration {
    [
      "class_name": "Sequential",
      "config": [
        "name": "m",
        "layers": .list([["class_name": "InputLayer", "config": ["batch_shape": input]]] + layers),
      ],
    ]
  }

  private func layer(_ className: String, _ config: Configuration) -> Configuration {
    ["class_name": .string(className), "config": config]
  }

  @Test func `errors name the layer and what is allowed`() {
    let dense = layer("Dense", ["name": "out", "units": 0])
    #expect(
      message(sequence(layer("ReLU", [:]), dense))
        == "layers[2] (Dense \"out\"): Dense: units is 0; allowed: integers of at least 1")
    let inner: Configuration = ["class_name": "Sequential", "config": ["name": "inner", "layers": [dense]]]
    #expect(
      message(sequence(inner))
        == "layers[1] (Sequential \"inner\"), layers[0] (Dense \"out\"): Dense: units is 0; allowed: integers of at least 1"
    )
    #expect(
      message(sequence(layer("Dens", [:]))).hasPrefix(
        "layers[1] (Dens): no layer is called \"Dens\"; did you mean Dense"))
    #expect(
      message(sequence(layer("Dense", ["units": 1, "unit": 2]))).contains("Dense has no parameter unit; it has units, ")
    )
    #expect(
      message(sequence(layer("Dense", ["units": 1, "quantization_config": [:]]))).contains("quantization_config"))
    #expect(message(sequence(layer("Dense", ["units": 1, "lora_rank": 4]))).contains("lora_rank"))
    #expect(message(sequence(layer("Dense", ["units": 1, "dtype": "int8_from_float32"]))).contains("dtype"))
    #expect(
      message(sequence(layer("BatchNormalization", ["renorm": true]))).contains(
        "renorm is true; allowed: false alone in this package"))
  }

  @Test(
    arguments: [
      ("Dense", ["units": 1_000_000_000_000_000_000], "the machine has memory"),
      ("Dense", ["units": 1_000_000_000_000], "the output has the shape [batch, 1000000000000]"),
      ("Dense", ["units": 1e30], "integers of at least 1"),
      ("Dense", ["units": 3, "kernel_initializer": "Zeroes"], "no initializer is called \"Zeroes\""),
      (
        "Dense", ["units": 3, "bias_initializer": "Identity"],
        "bias: the weights are of the shape [3]; expected: of rank 2"
      ),
      ("Dense", ["units": 3, "bias_initializer": "Orthogonal"], "expected: of rank 2 or more"),
      (
        "Dense",
        [
          "units": 3,
          "kernel_initializer": ["class_name": "HeNormal", "config": ["input_axes": [5], "output_axes": [0]]],
        ],
        "one with the axes [5, 0]"
      ),
      (
        "Dense",
        [
          "units": 3,
          "kernel_initializer": [
            "class_name": "Constant",
            "config": ["value": ["class_name": "__numpy__", "config": ["value": [[1, 2], [3]]]]],
          ],
        ], "Constant: value"
      ),
      ("Dense", ["units": 3, "activation": "relo"], "no activation is called \"relo\"; did you mean relu"),
      ("Dense", ["units": 3, "activation": ["class_name": "Softmax", "config": ["axis": 7]]], "axis 7"),
      ("Dense", ["units": 3, "bias_constraint": ["class_name": "MaxNorm", "config": ["axis": 1]]], "the axes [1]"),
      ("Dense", ["units": 3, "bias_regularizer": "OrthogonalRegularizer"], "of rank 2, for the regularizer"),
      ("Softmax", ["axis": 5], "axis 5"),
      ("Reshape", ["target_shape": [3, 3]], "9 elements"),
      ("Reshape", ["target_shape": [-1, -1]], "one -1"),
      ("Reshape", ["target_shape": [1_000_000_000_000, 1_000_000_000_000]], "a product that can be counted"),
      ("Reshape", ["target_shape": [-2]], "lengths of at least 0"),
      ("Permute", ["dims": [2, 2]], "each once"),
      ("Permute", ["dims": [2, 1]], "2 axes after the batch"),
      ("RepeatVector", ["n": 1_000_000_000_000], "the machine has memory"),
      ("BatchNormalization", ["axis": [1, 2]], "one axis"),
      ("BatchNormalization", ["axis": 0], "0 is the batch axis"),
      ("BatchNormalization", ["axis": 3], "axis 3"),
      ("BatchNormalization", ["epsilon": -1], "epsilon is -1"),
      ("LayerNormalization", ["axis": [1, 1]], "all different"),
      ("LayerNormalization", ["axis": 1e18], "axis"),
      ("Normalization", ["mean": [1, 2], "variance": [1]], "one shape"),
      ("Normalization", ["mean": [[1, 2], 3], "variance": [1, 2]], "lists of them"),
      ("Normalization", ["variance": [1]], "variance"),
      ("Normalization", ["mean": [1, 2], "variance": [1, 2]], "a mean of [2]"),
      ("PReLU", ["shared_axes": [0]], "0 is the batch axis"),
      ("PReLU", ["shared_axes": [4]], "axis 4"),
      ("Dropout", ["rate": 1.5], "rate is 1.5; allowed: numbers from 0 to 1"),
      ("Dropout", ["rate": 0.5, "noise_shape": [0]], "of at least 1 and null"),
      ("Dropout", ["rate": 0.5, "noise_shape": [nil, 3]], "noise shape"),
      ("Dropout", [:], "rate is missing"),
      ("Rescaling", ["scale": 1e300], "scale is 1e+300"),
      ("EinsumDense", ["equation": "ab,bc->ac", "output_shape": [3, 4]], "equation"),
      ("EinsumDense", ["equation": "->,", "output_shape": 3], "the forms"),
      ("EinsumDense", ["equation": "abc,cd->abd", "output_shape": [nil, 3]], "EinsumDense"),
      ("Concatenate", ["axis": 9], "axis 9"),
      ("Dot", ["axes": [1, 1, 1]], "an axis or two"),
      ("Dot", ["axes": 1], "2 inputs"),
      ("Subtract", [:], "2 inputs"),
      ("Flatten", ["data_format": "channels_middle"], "channels_last"),
      ("Embedding", ["input_dim": 3], "Embedding: output_dim is missing"),
      ("Embedding", ["input_dim": 3, "output_dim": 0], "Embedding: output_dim is 0"),
      ("Embedding", ["input_dim": 16_777_217, "output_dim": 1], "Embedding: input_dim is 16777217"),
      ("Embedding", ["input_dim": 3, "output_dim": 2, "lora_rank": 4], "Embedding: lora_rank is 4"),
      (
        "Embedding", ["input_dim": 3, "output_dim": 2, "quantization_config": [:]], "Embedding: quantization_config is"
      ),
      ("InputLayer", [:], "InputLayer"),
    ] as [(String, Configuration, String)])
  func `what a layer cannot be throws`(_ className: String, _ config: Configuration, _ part: String) {
    let text = message(sequence(layer(className, config)))
    #expect(text.hasPrefix("layers[1] (\(className)") || text.contains("machine's memory"))
    #expect(text.contains(part))
  }

  @Test(
    arguments: [
      3, nil, "Dense", [:], ["class_name": 3], ["class_name": "Sequential", "config": 3],
      ["class_name": "Sequential", "config": ["layers": 3]], ["class_name": "Sequential", "config": [:]],
      ["class_name": "Sequential", "config": ["layers": [3]]],
      ["class_name": "Dense", "config": ["units": 3]],
      ["class_name": "Functional", "config": ["layers": []]],
      ["class_name": "Functional", "config": ["layers": [], "input_layers": [], "output_layers": []]],
      [
        "class_name": "Functional",
        "config": ["layers": [], "input_layers": ["x", 0, 0], "output_layers": ["x", 0, 0]],
      ],
      [
        "class_name": "Sequential",
        "config": ["layers": [["class_name": "InputLayer", "config": ["batch_shape": [nil, -4]]]]],
      ],
      [
        "class_name": "Sequential",
        "config": ["layers": [["class_name": "InputLayer", "config": ["batch_shape": [nil, 4], "sparse": true]]]],
      ],
      [
        "class_name": "Sequential",
        "config": [
          "layers": [
            ["class_name": "ReLU", "config": ["name": "a"]], ["class_name": "ReLU", "config": ["name": "a"]],
          ]
        ],
      ],
      [
        "class_name": "Sequential",
        "config": ["layers": [["module": "keras.layers", "class_name": "ReLU", "config": ["name": "../a"]]]],
      ],
      ["class_name": "Sequential", "config": ["layers": [["class_name": "ReLU", "config": ["trainable": 1]]]]],
    ] as [Configuration])
  func `what is no model throws`(_ configuration: Configuration) {
    #expect(!message(configuration).isEmpty)
  }

  // MARK: Graphs

  private func tensor(_ name: String, _ node: Int = 0, _ index: Int = 0) -> Configuration {
    [
      "class_name": "__keras_tensor__",
      "config": ["keras_history": [.string(name), .integer(node), .integer(index)]],
    ]
  }

  private func graph(_ layers: [(String, String, [[Configuration]])], output: Configuration) -> Configuration {
    let entries = layers.map { className, name, nodes -> Configuration in
      let config: [String: Configuration] = [
        "name": .string(name), "units": className == "Dense" ? 4 : nil,
        "batch_shape": className == "InputLayer" ? [nil, 4] : nil,
      ]
      return [
        "class_name": .string(className), "name": .string(name), "config": .object(config),
        "inbound_nodes": .list(nodes.map { ["args": .list($0), "kwargs": [:]] }),
      ]
    }
    return [
      "class_name": "Functional",
      "config": ["name": "m", "layers": .list(entries), "input_layers": [["x", 0, 0]], "output_layers": output],
    ]
  }

  private let input: (String, String, [[Configuration]]) = ("InputLayer", "x", [])

  @Test func `circles are named`() {
    let circle = graph(
      [
        input, ("Add", "a", [[[tensor("x"), tensor("c")]]]), ("Dense", "b", [[tensor("a")]]),
        ("ReLU", "c", [[tensor("b")]]),
      ], output: ["c", 0, 0])
    #expect(
      message(circle)
        == "expected layers without cycles, found a cycle of "
        + "layers[2] (Dense \"b\"), layers[3] (ReLU \"c\"), layers[1] (Add \"a\")")
    let itself = graph([input, ("Dense", "a", [[tensor("a")]])], output: ["a", 0, 0])
    #expect(message(itself).hasSuffix("a cycle of layers[1] (Dense \"a\")"))
  }

  @Test func `references to what is not there are named`() {
    func message(_ reference: Configuration, output: Configuration = ["a", 0, 0]) -> String {
      self.message(graph([input, ("Dense", "a", [[reference]])], output: output))
    }
    #expect(
      message(tensor("y"))
        == "layers[1] (Dense \"a\"): expected a layer of the model, found \"y\"")
    #expect(message(tensor("x", 1)).contains("expected node 0 of an input, found node 1"))
    #expect(message(tensor("x", .min)).contains("node"))
    #expect(message(tensor("x", 0, 1)).contains("expected one of the 1 outputs of \"x\", found tensor 1"))
    #expect(
      message(tensor("x"), output: ["a", 1, 0]).contains("output_layers: expected one of the 1 nodes of \"a\""))
    #expect(message(tensor("x"), output: ["b", 0, 0]).contains("output_layers"))
    #expect(message(tensor("x"), output: 3).contains("output_layers: expected layers as [name, node, tensor]"))
    #expect(message(1.5).contains("numbers as arguments have no counterpart here"))
    #expect(message([tensor("x"), tensor("x")]).contains("Dense takes one input, not 2"))
    #expect(message([]).contains("Dense takes one input, not 0"))
    let unused = graph([input, ("Dense", "a", [[tensor("x")]]), ("Dense", "b", [])], output: ["a", 0, 0])
    #expect(self.message(unused).contains("layers[2] (Dense \"b\"): expected inbound_nodes of one node or more"))
  }

  /// A layer that is called with an argument of its own.
  private func called(
    _ className: String, _ config: Configuration, training: Configuration, isListed: Bool = false
  ) -> Configuration {
    let node: Configuration =
      isListed ? [["x", 0, 0, ["training": training]]] : ["args": [tensor("x")], "kwargs": ["training": training]]
    let layer: Configuration = ["class_name": .string(className), "config": config, "inbound_nodes": [node]]
    let input: Configuration = ["class_name": "InputLayer", "config": ["name": "x", "batch_shape": [nil, 4]]]
    return [
      "class_name": "Functional",
      "config": ["name": "m", "layers": [input, layer], "input_layers": ["x", 0, 0], "output_layers": ["a", 0, 0]],
    ]
  }

  /// `BatchNormalization` with a mask that functions make of the input of `Masking`.
  private func masked(by value: Configuration, _ given: String, output: String = "b") -> Configuration {
    func entry(_ className: String, _ name: String, _ node: Configuration, module: Configuration = nil) -> Configuration
    {
      let config: Configuration =
        switch className {
        case "Masking": ["name": .string(name), "mask_value": 0.5]
        case "Any": ["name": .string(name), "axis": -1]
        default: ["name": .string(name)]
        }
      return ["class_name": .string(className), "module": module, "config": config, "inbound_nodes": [node]]
    }
    func call(_ arguments: Configuration..., mask: Configuration = nil) -> Configuration {
      ["args": .list(arguments), "kwargs": ["mask": mask]]
    }
    let operations: Configuration = "keras.src.ops.numpy"
    let layers: [Configuration] = [
      ["class_name": "InputLayer", "config": ["name": "x", "batch_shape": [nil, 3, 4]]],
      entry("Masking", "m", call(tensor("x"))),
      entry("NotEqual", "different", call(tensor("x"), value), module: operations),
      entry("Any", "any", call(tensor("different")), module: operations),
      entry("BatchNormalization", "b", call(tensor("m"), mask: tensor(given))),
    ]
    return [
      "class_name": "Functional",
      "config": [
        "name": "m", "layers": .list(layers), "input_layers": ["x", 0, 0], "output_layers": [.string(output), 0, 0],
      ],
    ]
  }

  @Test func `masks are those of Masking layers`() throws {
    let model: Model<Float> = try readModel(configuration: masked(by: 0.5, "any"))
    #expect(model.stages.map(\.name) == ["m", "b"])
    let other = "expected no mask except that of a Masking layer, which is passed on implicitly, found \"any\""
    #expect(message(masked(by: 0.25, "any")).hasSuffix(other))
    #expect(
      message(masked(by: 0.5, "m"))
        == "layers[4] (BatchNormalization \"b\"), inbound_nodes[0]: expected no mask except that of a Masking layer, "
        + "which is passed on implicitly, found \"m\"")
    // A mask may be needed as a tensor too.
    let both: Model<Float> = try readModel(configuration: masked(by: 0.5, "any", output: "any"))
    #expect(both.stages.map(\.name) == ["m", "different", "any", "b"])
  }

  @Test func `operations name what they do not take`() {
    func model(_ className: String, _ arguments: Configuration..., config: [String: Configuration] = [:])
      -> Configuration
    {
      [
        "class_name": "Functional",
        "config": [
          "name": "m", "input_layers": ["x", 0, 0], "output_layers": ["o", 0, 0],
          "layers": [
            ["class_name": "InputLayer", "config": ["name": "x", "batch_shape": [nil, 3]]],
            [
              "module": "keras.src.ops.numpy", "class_name": .string(className), "name": "o",
              "config": .object(config.merging(["name": "o"]) { $1 }), "inbound_nodes": [["args": .list(arguments)]],
            ],
          ],
        ],
      ]
    }
    let place = "layers[1] (Add \"o\")"
    #expect(
      message(model("Add", tensor("x"), 1e39))
        == "\(place): expected tensors, finite numbers of float32 and arrays of them, found 1e+39")
    #expect(message(model("Add", tensor("x"), "three")).contains("found \"three\""))
    #expect(message(model("Add", tensor("x"), [])).contains("arrays of them, found a list"))
    #expect(message(model("Add", tensor("x"), [1, [2, 3]])).contains("arrays of them, found a list"))
    #expect(
      message(model("Add", tensor("x")))
        == "\(place), inbound_nodes[0]: expected 2 arguments, tensors among them, found 1")
    #expect(message(model("Add", 1, 2)).contains("inbound_nodes[0]: expected 2 arguments, tensors among them, found 2"))
    #expect(
      message(model("Add", tensor("x"), 2, config: ["axis": 1])).contains("Add has no parameter axis; it has none"))
    #expect(message(model("Clip", tensor("x"))).contains("Clip: x_min is missing"))
    #expect(message(model("Vdot", tensor("x"))).contains("no layer is called \"keras.src.ops.numpy.Vdot\""))
    for (className, config, text) in [
      ("Sum", [:], "Sum: axis is null; allowed: axes of at least 1"),
      ("Sum", ["axis": 0], "0 is the batch axis"),
      ("Sum", ["axis": 9], "the axes [9] behind the batch"),
      ("Mean", ["axis": 1, "dtype": "float32", "where": 3], "Mean has no parameter where"),
      ("Reshape", ["newshape": [-2, 3]], "newshape"), ("Reshape", ["newshape": 3], "newshape"),
      ("Reshape", ["newshape": [-1, 0]], "[-1, 0]"),
      ("ExpandDims", ["axis": [1, 1]], "each once"),
      ("ExpandDims", ["axis": .list((1...40).map { .integer($0) })], "axes"),
      ("Transpose", [:], "axes is missing"), ("Moveaxis", ["source": 1, "destination": [1, 2]], "as many axes"),
      ("Tile", ["repeats": [1, 0]], "the batch once"), ("Tile", ["repeats": [.integer(1 << 40), 1]], "the batch once"),
      ("Repeat", ["repeats": 0, "axis": 1], "repeats is 0"),
      ("Repeat", ["repeats": .integer(.max), "axis": 1], "is an integer"),
      ("Repeat", ["repeats": .integer(1 << 50), "axis": 1], "expected"),
      ("Pad", ["pad_width": [[0, 0], [-1, 0]]], "pad_width"), ("Pad", ["pad_width": "x"], "pad_width"),
      ("Pad", ["pad_width": 1, "mode": "wrap"], "mode"),
      ("Roll", ["shift": [1, 2], "axis": 1], "as many as axes"),
      ("Split", ["indices_or_sections": 0, "axis": 1], "indices_or_sections"),
      ("Split", ["indices_or_sections": .integer(.max), "axis": 1], "indices_or_sections"),
      ("Unstack", ["num": nil, "axis": 1], "a known length"),
      ("Norm", ["axis": 1, "ord": "nuc"], "ord is \"nuc\""), ("Norm", ["axis": [1, 2], "ord": 2], "ord is 2"),
      ("Einsum", ["subscripts": "ab->ba"], "the batch axis first"), ("Einsum", ["subscripts": "bb->b"], "subscripts"),
      ("OneHot", ["num_classes": .integer(.max)], "num_classes"), ("OneHot", ["num_classes": 3, "axis": 1], "axis"),
      ("Round", ["decimals": 1000], "decimals"), ("GetItem", [:], "expected an index"), ("Take", ["axis": 1], "places"),
      ("Concatenate", ["axis": 3], "the axes [3]"), ("Argmax", ["axis": [1, 2]], "one axis"),
      ("Normalize", ["axis": 1, "order": 0], "order"),
    ] as [(String, [String: Configuration], String)] {
      let found = message(model(className, tensor("x"), config: config))
      #expect(found.contains(text), "\(className) \(config): \(found)")
    }
    let slice: Configuration = ["class_name": "__slice__", "config": ["start": nil, "stop": nil, "step": 0]]
    for key in [[slice, 0], [slice], "x", [[0, 1]], ["class_name": "__other__"], 0, 7] as [Configuration] {
      #expect(message(model("GetItem", tensor("x"), key)).contains("expected"), "\(key)")
    }
    #expect(
      message(model("Multiply", tensor("x"), [1, 2])).contains(
        "Multiply: the inputs have the shapes [batch, 3], the constant [2]"))
  }

  @Test func `arguments of calls that change what is computed are named`() throws {
    #expect(
      message(called("Dropout", ["name": "a", "rate": 0.5], training: true, isListed: true))
        == "layers[1] (Dropout \"a\"), inbound_nodes[0]: expected no arguments except tensors, found training: true")
    #expect(
      message(called("Dropout", ["name": "a", "rate": 0.5], training: false, isListed: true)).contains(
        "inbound_nodes[0]: expected no training: false in a call of a layer that behaves differently in training"))
    #expect(
      message(called("BatchNormalization", ["name": "a"], training: false, isListed: true)).contains("training: false"))
    for (className, config) in [
      ("Dense", ["name": "a", "units": 2]), ("BatchNormalization", ["name": "a", "trainable": false]),
    ] as [(String, Configuration)] {
      let configuration = called(className, config, training: false, isListed: true)
      #expect(try Functional<Float>(configuration: configuration).stages[0].name == "a")
    }
  }

  @Test func `what is registered as somebody's own is not taken for Keras's`() throws {
    let dense: Configuration = [
      "module": "theirs", "class_name": "Dense", "registered_name": "theirs>Dense",
      "config": ["name": "a", "units": 2],
    ]
    #expect(message(["class_name": "Sequential", "config": [dense]]).contains("no layer is called \"theirs>Dense\""))
    let function: Configuration = [
      "module": "builtins", "class_name": "function", "config": "theirs>cube", "registered_name": "function",
    ]
    let activated: Configuration = [
      "class_name": "Dense", "config": ["name": "a", "units": 1, "activation": function],
    ]
    let model: Configuration = ["class_name": "Sequential", "config": ["layers": [activated]]]
    #expect(message(model).contains("no activation is called \"theirs>cube\""))
    var registry = LayerRegistry<Float>()
    registry.activations.register("cube") { $0 * $0 * $0 }
    #expect(try Sequential<Float>(configuration: model, registry: registry).stages.count == 1)
  }

  @Test(arguments: [false, true])
  func `Keras 3 writes training where it means nothing`(_ training: Bool) throws {
    for (className, config) in [
      ("Dropout", ["name": "a", "rate": 0.5]), ("BatchNormalization", ["name": "a"]),
    ] as [(String, Configuration)] {
      let configuration = called(className, config, training: training ? true : false)
      #expect(try Functional<Float>(configuration: configuration).stages[0].name == "a")
    }
  }

  @Test func `models within models are limited`() {
    var nested: Configuration = layer("ReLU", [:])
    for _ in 0..<100 { nested = ["class_name": "Sequential", "config": ["layers": [nested]]] }
    #expect(
      message(nested).hasSuffix("expected at most 32 models and wrapping layers in one another, found more"))
    var activation: Configuration = "relu"
    for _ in 0..<100 { activation = layer("Activation", ["activation": activation]) }
    #expect(message(sequence(activation)).hasSuffix("in one another, found more"))
  }

  @Test func `work that doubles with every level is refused`() {
    // Each model computes the one inside a hundred times.
    var inner = layer("Dense", ["name": "d", "units": 4])
    for level in 0..<12 {
      let calls = (0..<100).map { step in [step == 0 ? tensor("x") : tensor("d", step - 1)] }
      guard case .object(var fields) = inner, case .object(var config)? = fields["config"] else { return }
      config["name"] = "d"
      fields["config"] = .object(config)
      fields["name"] = "d"
      fields["inbound_nodes"] = .list(calls.map { ["args": .list($0), "kwargs": [:]] })
      let isModel = level > 0
      inner = [
        "class_name": "Functional",
        "config": [
          "name": "m",
          "layers": [
            [
              "class_name": "InputLayer", "name": "x", "config": ["name": "x", "batch_shape": [nil, 4]],
              "inbound_nodes": [],
            ], .object(fields),
          ], "input_layers": ["x", 0, 0], "output_layers": ["d", isModel ? 100 : 99, 0],
        ],
      ]
    }
    #expect(
      message(.object(inner.asObject!.merging(["keras_version": "3.15.1"]) { $1 })).contains(
        "a model of at most 100000 computations of layers"))
  }

  @Test func `many layers take the time of many layers`() throws {
    let many = [Configuration](repeating: layer("Identity", [:]), count: 5_000)
    let model = try Sequential<Float>(
      configuration: .object(["class_name": "Sequential", "config": ["layers": .list(many)]]))
    #expect(model.stages.last?.name == "identity_4999")
  }

  @Test func `a model has no more layers than are counted, wherever they are`() {
    let many = [Configuration](repeating: layer("Identity", [:]), count: 20_001)
    let text = "expected a model of at most 20000 layers, those within others included, found more"
    #expect(message(["class_name": "Sequential", "config": ["layers": .list(many)]]) == text)
    let calls = [[Configuration]](repeating: [tensor("x")], count: 100_001)
    #expect(
      message(graph([input, ("ReLU", "a", calls)], output: ["a", 0, 0])).hasSuffix(
        "computations of layers, found more"))
    let part: Configuration = ["class_name": "Sequential", "config": ["layers": .list(Array(many.prefix(7_000)))]]
    #expect(message(["class_name": "Sequential", "config": ["layers": [part, part, part]]]).hasSuffix(text))
  }

  @Test func `a registered activation is known wherever one is named`() throws {
    let activated = sequence(layer("Dense", ["units": 2, "activation": "cubed"]))
    #expect(message(activated).contains("no activation is called \"cubed\""))
    var registry = LayerRegistry<Float>()
    registry.activations.register("cubed", { $0 * $0 * $0 })
    #expect(try Sequential<Float>(configuration: activated, registry: registry).stages.count == 1)
  }
}

@Suite struct MutatedConfigurationTests {
  /// Configurations of Keras with some values replaced: a model or an error, never a trap.
  @Test(arguments: KerasConfigurations.both, 0..<4)
  func `whatever is changed, a model is read or an error is thrown`(_ keras: KerasConfigurations, _ seed: Int) throws {
    var mutation = Mutation(seed: UInt64(seed))
    let models = keras["models"].sorted { $0.key < $1.key }.map(\.value)
    let layers = keras["layers"].sorted { $0.key < $1.key }.map(\.value)
    let compilations = keras["compilations"].sorted { $0.key < $1.key }.map(\.value)
    var read = 0
    for _ in 0..<Mutation.count {
      var model = mutation.element(of: models)
      if mutation.chance(0.5) { model = mutation.inserted(mutation.element(of: layers), into: model) }
      for _ in 0..<mutation.number(below: 4) { model = mutation.changed(model) }
      var compilation = mutation.element(of: compilations)
      if mutation.chance(0.5) { compilation = mutation.changed(compilation) }
      guard case .object(var fields) = model else { continue }
      fields["compile_config"] = compilation
      do {
        var model: Model<Float> = try readModel(configuration: .object(fields), dialect: keras.dialect)
        read += 1
        _ = try? model.configuration
        _ = model.summary()
        var placed = model
        guard (try? placed.placeWeights()) != nil, placed.weights.reduce(0, { $0 + $1.value.count }) < 10_000 else {
          continue
        }
        var generator = PhiloxGenerator(seed: 0)
        try model.build(using: &generator)
        // What does not fit now says so.
        _ = try? use(model)
      } catch is ModelConfigurationError {
      }
    }
    #expect(read > 0)
  }
}

/// Computes with a model that is built, and trains it for a step where it is compiled.
private func use<Scalar>(_ model: Model<Scalar>) throws {
  var model = model
  var generator = PhiloxGenerator(seed: 1)
  let inputs = model.graph.inputShapes!.map { Tensor<Scalar>.uniform([3] + $0, in: 0..<1, using: &generator) }
  let outputs = try model(inputs)
  if model.compilation == nil { return }
  let options = TrainingOptions<Scalar> { $0.progress = .none }
  _ = try model.fit(inputs, outputs, options: options, using: &generator)
}

/// Changes at random, the same for the same seed.
private struct Mutation {
  static let count = 100
  private var generator: PhiloxGenerator

  init(seed: UInt64) { generator = PhiloxGenerator(seed: seed) }

  private static let values: [Configuration] = [
    nil, true, false, 0, -1, 1, 2, 3, 4, 100, 1e18, 1e300, -1e300, 0.5, 1e-300, .number(.nan), .number(.infinity),
    .integer(.max), .integer(.min), "", "relu", "a/b", "Dense", "dense", "x", [], [:], [nil], [0], [1], [-1], [1, 2],
    [2, 1], [-1, -1], [nil, 4], [nil, nil, 4], [1e18, 1e18], [[1, 2], [3, 4]], ["x", 0, 0], ["dense", 0, 0],
    ["class_name": "Orthogonal", "config": [:]], ["class_name": "Identity", "config": ["gain": 2]],
    ["class_name": "PReLU", "config": ["shared_axes": [1]]], ["class_name": "Softmax", "config": ["axis": [0, 1]]],
    ["class_name": "__numpy__", "config": ["value": [1, 2]]], ["class_name": "MaxNorm", "config": ["axis": 3]],
    ["class_name": "OrthogonalRegularizer", "config": [:]], ["class_name": "UnitNorm", "config": ["axis": [0, 0]]],
    ["class_name": "Tversky", "config": ["axis": [1, 1]]], "sparse_categorical_crossentropy", "dice", "mse",
    "glu", "softmax", "hard_sigmoid", "channels_first", "Functional", "Sequential",
  ]

  mutating func number(below end: Int) -> Int { Int.random(in: 0..<end, using: &generator) }
  mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &generator) < probability }
  mutating func element<Value>(of values: [Value]) -> Value { values[number(below: values.count)] }

  /// One value somewhere replaced, removed or doubled.
  mutating func changed(_ configuration: Configuration) -> Configuration {
    switch configuration {
    case .list(var list) where !list.isEmpty && chance(0.9):
      let index = number(below: list.count)
      switch number(below: 12) {
      case 0: list.remove(at: index)
      case 1: list.append(list[index])
      default: list[index] = changed(list[index])
      }
      return .list(list)
    case .object(var fields) where !fields.isEmpty && chance(0.95):
      let key = element(of: fields.keys.sorted())
      switch number(below: 20) {
      case 0: fields[key] = nil
      case 1: fields[element(of: ["axis", "units", "rate", "name", "alpha"])] = element(of: Self.values)
      default: fields[key] = changed(fields[key]!)
      }
      return .object(fields)
    default: return element(of: Self.values)
    }
  }

  /// A layer somewhere among those of a model.
  mutating func inserted(_ layer: Configuration, into model: Configuration) -> Configuration {
    guard case .object(var fields) = model, case .object(var config)? = fields["config"],
      case .list(var layers)? = config["layers"], !layers.isEmpty
    else { return model }
    let index = number(below: layers.count)
    if config["input_layers"] != nil, case .object(var old) = layers[index], case .object(let new) = layer {
      // In a graph, in the place of another, under its name.
      let name = old["name"]
      old.merge(new) { $1 }
      if case .object(var own)? = old["config"] {
        own["name"] = name
        old["config"] = .object(own)
      }
      layers[index] = .object(old)
    } else {
      layers.insert(layer, at: index + 1)
    }
    config["layers"] = .list(layers)
    fields["config"] = .object(config)
    return .object(fields)
  }
}
