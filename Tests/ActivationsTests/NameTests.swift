import Foundation
import Tensor
import TestSupport
import Testing

@testable import Activations

@Suite struct NameTests {
  @Test func `every identifier of Keras stands for an activation with its default parameters`() throws {
    let names = [
      "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh",
      "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu",
      "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus",
      "tanh", "tanh_shrink",
    ]
    for name in names {
      let activation = try Activation<Float>(named: name)
      #expect(activation.name == name)
      #expect(Activation<Float>.catalog.contains(activation))
      #expect(activation.configuration == .string(name))
    }
  }

  @Test(arguments: [
    ("swish", "silu"), ("hard_swish", "hard_silu"), ("hardswish", "hard_silu"), ("hardsigmoid", "hard_sigmoid"),
    ("hardtanh", "hard_tanh"), ("softshrink", "soft_shrink"), ("hardshrink", "hard_shrink"),
    ("tanhshrink", "tanh_shrink"), ("logsigmoid", "log_sigmoid"),
  ])
  func `an alias stands for the same activation`(alias: String, name: String) throws {
    #expect(try Activation<Double>(named: alias) == Activation(named: name))
  }

  @Test func `parameters are read by the names of Keras 3, Keras 2, PyTorch and ONNX`() throws {
    func named(_ name: String, _ parameters: [String: Configuration]) throws -> Activation<Float> {
      try Activation(named: name, parameters: parameters)
    }
    #expect(try named("leaky_relu", ["negative_slope": 0.1]) == .leakyRelu(negativeSlope: 0.1))
    #expect(try named("leaky_relu", ["alpha": 0.1]) == .leakyRelu(negativeSlope: 0.1))
    #expect(
      try named("relu", ["negative_slope": 0.1, "max_value": 6, "threshold": 1])
        == .relu(alpha: 0.1, maxValue: 6, threshold: 1))
    #expect(try named("relu", ["alpha": 0, "max_value": nil]) == .relu)
    #expect(try named("gelu", ["approximate": true]) == .gelu(approximate: true))
    #expect(try named("hardtanh", ["min_val": -2, "max_val": 0.5]) == .hardTanh(minValue: -2, maxValue: 0.5))
    #expect(try named("softshrink", ["lambd": 0.1]) == .softShrink(threshold: 0.1))
    #expect(try named("threshold", ["threshold": 1, "default_value": 2]) == .threshold(threshold: 1, value: 2))
    #expect(try named("softmax", ["axis": 0]) == .softmax(axis: 0))
    #expect(try named("softmax", ["axis": [0, -1]]) == .softmax(axis: [0, -1]))
    #expect(try named("softmax", ["axis": nil]).description == "softmax over all axes")
    #expect(try named("glu", ["dim": 1]) == .glu(axis: 1))
    #expect(try named("hardmax", ["axis": 1]) == .hardmax(axis: 1))
    #expect(try named("hard_sigmoid", ["alpha": 0.2]) == .hardSigmoid(alpha: 0.2))
    #expect(try named("hardsigmoid", ["beta": 0.1, "alpha": 0.3]) == .hardSigmoid(alpha: 0.3, beta: 0.1))
    #expect(try named("selu", ["gamma": 1.3, "alpha": 1.7]) == .selu(alpha: 1.7, scale: 1.3))
  }

  @Test func `an unknown name throws, with those most like it and all there are`() {
    let error = #expect(throws: ActivationError.self) { try Activation<Float>(named: "leaky-relu") }
    let text = "\(error!)"
    #expect(text.hasPrefix("no activation is called \"leaky-relu\"; did you mean leaky_relu"))
    for name in Activation<Float>.catalog.map(\.name) { #expect(text.contains(name)) }
    let upper = #expect(throws: ActivationError.self) { try Activation<Float>(named: "ReLU") }
    #expect("\(upper!)".contains("did you mean relu"))
    let strange = #expect(throws: ActivationError.self) { try Activation<Float>(named: "convolution") }
    #expect("\(strange!)".hasPrefix("no activation is called \"convolution\". There are celu, "))
  }

  @Test(
    arguments: [
      ("elu", ["beta": 1], "elu has no parameter beta; it has alpha"),
      ("sigmoid", ["alpha": 1], "sigmoid has no parameter alpha; it has none"),
      ("celu", ["alpha": 0], "celu: alpha is 0.0; allowed: normal numbers, not 0"),
      ("celu", ["alpha": 1e-60], "celu: alpha is 1e-60; allowed: normal numbers, not 0"),
      ("elu", ["alpha": 1e60], "elu: alpha is 1e+60; allowed: finite numbers"),
      ("relu", ["max_value": -1], "relu: max_value is -1.0; allowed: numbers of at least 0, or none"),
      ("leaky_relu", ["alpha": "x"], "leaky_relu: alpha is \"x\"; allowed: finite numbers"),
      (
        "leaky_relu", ["alpha": 1, "negative_slope": 1],
        "leaky_relu: alpha and negative_slope are the same parameter, which may be given once"
      ),
      ("gelu", ["approximate": 1], "gelu: approximate is 1; allowed: true and false"),
      ("hard_shrink", ["lambd": -0.5], "hard_shrink: lambd is -0.5; allowed: finite numbers of at least 0"),
      (
        "rrelu", ["lower": 2],
        "rrelu: lower is 2.0; allowed: numbers up to upper, which is 0.3333333333333333"
      ),
      ("softplus", ["beta": 0], "softplus: beta is 0.0; allowed: normal numbers above 0"),
      ("threshold", ["threshold": 1], "threshold: default_value is missing; allowed: finite numbers"),
      (
        "softmax", ["axis": 0.5],
        "softmax: axis is 0.5; allowed: integers, lists of integers and null for all axes"
      ),
      ("glu", ["axis": [0, 1]], "glu: axis is [0, 1]; allowed: integers"),
      ("hardmax", ["axis": nil], "hardmax: axis is null; allowed: integers"),
      (
        "selu", ["alpha": 1e20, "gamma": 1e30],
        "selu: gamma is 1e+30; allowed: numbers whose product is finite with alpha, which is 1e+20"
      ),
      ("softmax", ["alpha": 1], "softmax has no parameter alpha; it has axis"),
      ("softmax", ["axis": 1, "dim": 1], "softmax: axis and dim are the same parameter, which may be given once"),
    ] as [(String, [String: Configuration], String)])
  func `a parameter that does not suit throws`(name: String, parameters: [String: Configuration], text: String) {
    let error = #expect(throws: ActivationError.self) { try Activation<Float>(named: name, parameters: parameters) }
    #expect(error?.description == text)
  }

  @Test func `a literal stands for the activation it names`() async {
    let activation: Activation<Float> = "leaky_relu"
    #expect(activation == .leakyRelu)
    await expectMessage(
      #"no activation is called "no_such""#,
      of: #expect(processExitsWith: .failure, observing: standardError) { let _: Activation<Float> = "no_such" })
  }

  @Test func `an activation is printed as it is written`() {
    #expect("\(Activation<Float>.relu)" == "relu")
    #expect("\(Activation<Float>.relu(alpha: 0.1, threshold: 2))" == "relu(alpha: 0.1, threshold: 2.0)")
    #expect("\(Activation<Float>.elu(alpha: 0.3))" == "elu(alpha: 0.3)")
    #expect("\(Activation<Float>.leakyRelu)" == "leakyRelu")
    #expect("\(Activation<Float>.gelu(approximate: true))" == "gelu(approximate: true)")
    #expect("\(Activation<Float>.threshold(threshold: 1, value: 2))" == "threshold(threshold: 1.0, value: 2.0)")
    #expect("\(Activation<Float>.logSoftmax(axis: 0))" == "logSoftmax(axis: 0)")
    #expect("\(Activation<Float>.hardmax(axis: 0))" == "hardmax(axis: 0)")
    #expect("\(Activation<Float>.hardSigmoid(alpha: 0.2))" == "hardSigmoid(alpha: 0.2)")
    #expect("\(Activation<Float>.softmax(axis: [0, 1]))" == "softmax(axis: [0, 1])")
  }

  @Test func `custom names stand in a registry`() throws {
    let cubed = Activation<Float>.custom("cubed", { $0 * $0 * $0 })
    var registry = Registry<Float>()
    registry["cubed"] = cubed
    #expect(try Activation(named: "cubed", in: registry) == cubed)
    #expect(try Activation(named: "relu", in: registry) == .relu)
    #expect(registry.names == ["cubed"])
    #expect(throws: ActivationError.self) { try Activation<Float>(named: "cubed") }
    let error = #expect(throws: ActivationError.self) { try Activation<Float>(named: "cube", in: registry) }
    #expect("\(error!)".contains("did you mean cubed"))
    registry["relu"] = cubed
    #expect(try Activation(named: "relu", in: registry) == cubed)
    #expect(throws: ActivationError.unknownParameter(activation: "cubed", parameter: "alpha", allowed: [])) {
      try Activation(named: "cubed", parameters: ["alpha": 1], in: registry)
    }
  }
}

@Suite struct SerialisationTests {
  let coder = (JSONEncoder(), JSONDecoder())

  @Test func `every activation is read back as it was written`() throws {
    let some: [Activation<Float>] = [
      .softmax(axis: 0), .softmax(axis: [0, -1]), .glu(axis: 2), .hardmax(axis: 0), .relu(maxValue: 6),
      .hardSigmoid(alpha: 0.2), .selu(scale: 1),
    ]
    let variants: [Activation<Float>] = Variant.all.map { $0.activation() }
    for activation in Activation<Float>.catalog + variants + some {
      #expect(try Activation(configuration: activation.configuration) == activation)
      let data = try coder.0.encode([activation])
      #expect(try coder.1.decode([Activation<Float>].self, from: data) == [activation])
    }
    let all = try Activation<Float>(named: "softmax", parameters: ["axis": nil])
    #expect(try Activation(configuration: all.configuration) == all)
  }

  @Test func `defaults are a name, other parameters a class and its configuration`() {
    #expect(Activation<Float>.leakyRelu.configuration == "leaky_relu")
    #expect(
      Activation<Float>.leakyRelu(negativeSlope: 0.1).configuration
        == ["module": "keras.layers", "class_name": "LeakyReLU", "config": ["negative_slope": 0.1]])
    #expect(
      Activation<Float>.celu(alpha: 0.3).configuration
        == [
          "module": nil, "class_name": "celu", "config": ["alpha": 0.3],
          "registered_name": "swift-activations>celu",
        ])
    #expect(
      Activation<Float>.hardSigmoid(alpha: 0.2).configuration
        == [
          "module": nil, "class_name": "hard_sigmoid", "config": ["alpha": 0.2, "beta": 0.5],
          "registered_name": "swift-activations>hard_sigmoid",
        ])
    #expect(Activation<Float>.selu.configuration == "selu")
    #expect(Activation<Float>.softmax(axis: [0, 1]).configuration.description.contains("\"axis\": [0, 1]"))
  }

  @Test func `what Keras writes is read`() throws {
    func read(_ json: String) throws -> Activation<Double> {
      try coder.1.decode(Activation<Double>.self, from: Data(json.utf8))
    }
    #expect(try read("\"gelu\"") == .gelu)
    #expect(try read("null") == .linear)
    let layer = """
      {"module": "keras.layers", "class_name": "LeakyReLU", "registered_name": null, "config": {"name": "leaky_re_lu",
      "trainable": true, "dtype": {"module": "keras", "class_name": "DTypePolicy"}, "negative_slope": 0.5}}
      """
    #expect(try read(layer) == .leakyRelu(negativeSlope: 0.5))
    #expect(try read("{\"class_name\": \"LeakyReLU\", \"config\": {}}") == .leakyRelu(negativeSlope: 0.3))
    #expect(
      try read("{\"class_name\": \"LeakyReLU\", \"config\": {\"alpha\": 0.125}}") == .leakyRelu(negativeSlope: 0.125))
    #expect(
      try read("{\"class_name\": \"ReLU\", \"config\": {\"max_value\": 6.0, \"negative_slope\": 0, \"threshold\": 0}}")
        == .relu(maxValue: 6))
    #expect(try read("{\"class_name\": \"function\", \"config\": \"relu\"}") == .relu)
    #expect(throws: ActivationError.self) { try read("3") }
    #expect(throws: ActivationError.self) { try read("{\"name\": \"relu\"}") }
    #expect(throws: ActivationError.self) { try read("{\"class_name\": \"Conv2D\", \"config\": {}}") }
  }

  @Test func `custom names are read with their registry`() throws {
    var registry = Registry<Float>()
    registry.register("cubed", { $0 * $0 * $0 })
    let data = try coder.0.encode(registry["cubed"])
    let configuration = try #require(registry["cubed"]).configuration
    #expect(configuration["class_name"] == "function" && configuration["config"] == "cubed")
    #expect(try coder.1.decode(Configuration.self, from: data) == configuration)
    coder.1.userInfo[Activation<Float>.registryKey] = registry
    #expect(try coder.1.decode(Activation<Float>.self, from: data) == registry["cubed"])
    #expect(throws: ActivationError.self) { try JSONDecoder().decode(Activation<Float>.self, from: data) }
  }

  @Test func `what Keras does not have is written as a function by its name`() throws {
    let others = BuiltIn.definitions.filter { if case .notThere = $0.keras { true } else { false } }
    #expect(others.map(\.name).contains("rrelu"))
    for definition in others {
      let activation: Activation<Float> = definition.example()
      let function: Configuration = [
        "module": "builtins", "class_name": "function", "config": .string(activation.name),
        "registered_name": "function",
      ]
      #expect(activation.configuration == function)
      #expect(try Activation<Float>(configuration: function) == activation)
    }
  }

  @Test func `names are offered that are near`() {
    let names = ["elu", "selu", "gelu", "softmax", "log_softmax"]
    #expect(names.similar(to: "gru").isEmpty && names.similar(to: "e").isEmpty && names.similar(to: "").isEmpty)
    #expect(names.similar(to: "ela") == ["elu"])
    #expect(names.similar(to: "sofmax") == ["softmax"])
    #expect(names.similar(to: String(repeating: "a", count: 4_000_000)).isEmpty)
  }
}
