import Tensor
import Testing

@testable import KerasFormat
@testable import Layers

/// Calls of layers with tensors under names, with options, and with several results.
@Suite struct CallTests {
  /// Takes a query, a value, and a bias if it is given; gives the difference, and the product if it is asked for.
  private struct Pair: CallConfigurable {
    typealias Scalar = Float
    static let inputNames = ["query", "value", "bias"]
    var hasBias = true
    var givesProduct = false

    init() {}
    init(from reader: inout LayerReader<Float>) throws {}
    var layerParameters: [String: Configuration] { [:] }
    var outputCount: Int { givesProduct ? 2 : 1 }

    var layerCall: LayerCall {
      LayerCall(
        inputs: hasBias ? Self.inputNames : ["query", "value"], options: givesProduct ? ["product": true] : [:])
    }

    mutating func setCall(_ call: LayerCall) throws {
      hasBias = call.inputs.contains("bias")
      givesProduct = call.options["product"] == true
    }

    func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
      [[Int]](repeating: inputShapes[0], count: outputCount)
    }

    func call(_ inputs: [Traced<Float>]) throws -> [Traced<Float>] {
      let sum = try inputs[0] - inputs[1]
      let biased = hasBias ? try sum + inputs[2] : sum
      return givesProduct ? [biased, try inputs[0] * inputs[1]] : [biased]
    }
  }

  /// All inputs behind the first are of one kind.
  private struct Recurrence: CallConfigurable {
    typealias Scalar = Float
    static let inputNames = ["sequences", "initial_state"]
    init() {}
    init(from reader: inout LayerReader<Float>) throws {}
    var layerParameters: [String: Configuration] { [:] }
    func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] { [inputShapes[0]] }
    func call(_ inputs: [Traced<Float>]) throws -> [Traced<Float>] {
      [try inputs.dropFirst().enumerated().reduce(inputs[0]) { try $0 + $1.element * Float($1.offset + 2) }]
    }
  }

  private func tensor(_ name: String, _ index: Int = 0) -> Configuration {
    ["class_name": "__keras_tensor__", "config": ["keras_history": [.string(name), 0, .integer(index)]]]
  }

  private func model(
    _ className: String, _ nodes: Configuration..., outputs: Configuration = ["layer", 0, 0]
  ) throws -> Model<Float> {
    var registry = LayerRegistry<Float>()
    registry.register(Pair.self)
    registry.register(Recurrence.self)
    let inputs = ["a", "b", "c"].map { name -> Configuration in
      ["class_name": "InputLayer", "config": ["name": .string(name), "batch_shape": [nil, 2]], "inbound_nodes": []]
    }
    return try readModel(
      configuration: [
        "class_name": "Functional",
        "config": [
          "name": "m", "input_layers": [["a", 0, 0], ["b", 0, 0], ["c", 0, 0]], "output_layers": outputs,
          "layers": .list(
            inputs + [
              ["class_name": .string(className), "config": ["name": "layer"], "inbound_nodes": .list(nodes)]
            ]),
        ],
      ], registry: registry)
  }

  private func results(_ model: Model<Float>) throws -> [[Float]] {
    let again: Model<Float> = try {
      var registry = LayerRegistry<Float>()
      registry.register(Pair.self)
      registry.register(Recurrence.self)
      return try readModel(configuration: model.configuration, registry: registry)
    }()
    let inputs = [Tensor<Float>([[1, 2]]), Tensor<Float>([[10, 20]]), Tensor<Float>([[100, 200]])]
    let results = try model(inputs)
    #expect(try again(inputs) == results)
    #expect(try again.configuration == model.configuration)
    return results.map(\.scalars)
  }

  @Test func `tensors under names are inputs in the layer's order`() throws {
    #expect(
      try results(model("Pair", ["args": [], "kwargs": ["value": tensor("b"), "query": tensor("a")]])) == [[-9, -18]])
    #expect(
      try results(model("Pair", ["args": [tensor("b")], "kwargs": ["bias": tensor("c"), "value": tensor("a")]]))
        == [[109, 218]])
    #expect(try results(model("Pair", ["args": [tensor("b"), tensor("a"), nil], "kwargs": [:]])) == [[9, 18]])
    #expect(
      try results(model("Pair", [["b", 0, 0, ["bias": ["c", 0, 0], "value": ["a", 0, 0]]]])) == [[109, 218]])
  }

  @Test func `tensors in an object are in the order of the names`() throws {
    let arguments: Configuration = ["right": tensor("b"), "left": tensor("a")]
    #expect(try results(model("Subtract", ["args": [arguments], "kwargs": [:]])) == [[-9, -18]])
  }

  @Test func `a list is a tensor each, and the last name is that of all others`() throws {
    let states: Configuration = [tensor("b"), tensor("c")]
    #expect(
      try results(model("Recurrence", ["args": [tensor("a")], "kwargs": ["initial_state": states]])) == [[321, 642]])
    #expect(
      try results(
        model("Recurrence", ["args": [tensor("a")], "kwargs": ["initial_state": [[tensor("b")], tensor("c")]]]))
        == [[321, 642]])
    #expect(try results(model("Recurrence", [["a", 0, 0], ["b", 0, 0], ["c", 0, 0]])) == [[321, 642]])
    let both = try model(
      "Recurrence", ["args": [tensor("a")], "kwargs": [:]],
      ["args": [tensor("layer")], "kwargs": ["initial_state": tensor("b")]], outputs: ["layer", 1, 0])
    #expect(try results(both) == [[21, 42]])
  }

  @Test func `options of a call are the layer's, and results are numbered`() throws {
    let call: Configuration = [
      "args": [tensor("a"), tensor("b")], "kwargs": ["product": true, "training": false, "mask": [nil, nil]],
    ]
    #expect(
      try results(model("Pair", call, outputs: [["layer", 0, 1], ["layer", 0, 0]])) == [[10, 40], [-9, -18]])
  }

  private func message(_ className: String, _ nodes: Configuration...) -> String {
    let error = #expect(throws: ModelConfigurationError.self) {
      switch nodes.count {
      case 1: _ = try model(className, nodes[0])
      default: _ = try model(className, nodes[0], nodes[1])
      }
    }
    return error?.description ?? ""
  }

  @Test func `what a layer does not take is named`() throws {
    let place = "layers[3] (Pair \"layer\"), inbound_nodes"
    #expect(
      message("Pair", ["args": [tensor("a")], "kwargs": ["key": tensor("b")]])
        == "\(place)[0]: expected no arguments except tensors, found key: \"b\"")
    #expect(
      message(
        "Pair", ["args": [tensor("a"), tensor("b")]],
        ["args": [tensor("a"), tensor("b")], "kwargs": ["product": true]])
        == "\(place)[1]: expected the arguments of the layer's other calls: query, value, "
        + "found query, value, product")
    #expect(
      message("Recurrence", ["args": [tensor("a")], "kwargs": ["constants": 3]])
        == "layers[3] (Recurrence \"layer\"): expected no arguments except tensors, found constants: 3")
    #expect(
      message("Recurrence", ["args": [[tensor("a"), tensor("b")]]])
        == "layers[3] (Recurrence \"layer\"): expected the tensors sequences, initial_state in a call of Recurrence, "
        + "found sequences, sequences")
    #expect(
      message("Identity", ["args": [tensor("a")], "kwargs": ["value": tensor("b")]]).contains("found value: \"b\""))
  }
}
