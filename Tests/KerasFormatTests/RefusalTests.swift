import Testing

@testable import KerasFormat
@testable import Layers

/// How models are refused that have layers which there are not.
@Suite struct RefusalTests {
  private func refusal(_ layers: [Configuration]) throws -> String {
    let error = #expect(throws: ModelConfigurationError.self) {
      let _: Model<Float> = try readModel(
        configuration: ["class_name": "Sequential", "config": ["name": "s", "layers": .list(layers)]])
    }
    return try #require(error).description
  }

  private func layer(_ className: String, _ config: [String: Configuration] = [:]) -> Configuration {
    ["module": "keras.layers", "class_name": .string(className), "config": .object(config)]
  }

  @Test func `all classes that there are not are named at once`() throws {
    let inner: Configuration = [
      "class_name": "Sequential", "config": ["layers": [layer("ReversibleEmbedding"), layer("GRU")]],
    ]
    let text = try refusal([layer("Dense", ["units": 1]), layer("GRU", ["units": 4]), layer("LSTM"), inner])
    #expect(
      text.hasPrefix(
        "layers[1] (GRU): no layer is called \"GRU\", \"LSTM\" or \"ReversibleEmbedding\". There are Activation, "),
      "\(text)")
  }

  @Test func `a name that is not near is not offered`() throws {
    #expect(try refusal([layer("GRU")]).hasPrefix("layers[0] (GRU): no layer is called \"GRU\". There are "))
    #expect(try refusal([layer("LSTM")]).contains("\"LSTM\". There"))
    #expect(try refusal([layer("Dens")]).contains("did you mean Dense?"))
  }

  @Test func `a class is looked at before its element type`() throws {
    #expect(try refusal([layer("GRU", ["dtype": "int8"])]).contains("no layer is called"))
    #expect(try refusal([layer("Dense", ["dtype": "int8"])]).contains("Dense: dtype is"))
  }

  @Test func `names of any length make short texts`() throws {
    let name = String(repeating: "x", count: 4_000_000)
    #expect(try refusal([layer(name)]).utf8.count < 2000)
    #expect(try refusal([layer("Dense", ["units": 1, "activation": .string(name)])]).utf8.count < 2000)
    #expect(try refusal([layer("Dense", ["units": 1, name: 1])]).utf8.count < 2000)
    #expect(try refusal([layer("Dense", ["units": 1, "activation": .list([.string(name)])])]).utf8.count < 2000)
    #expect(try refusal([layer("Dense", ["units": .string(name)])]).utf8.count < 2000)
    let twice = layer("Dense", ["units": 1, "name": .string(name)])
    #expect(try refusal([twice, twice]).utf8.count < 5000)
  }
}
