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

  @Test func `all classes that there are not are named at once, with their numbers`() throws {
    let inner: Configuration = [
      "class_name": "Sequential", "config": ["layers": [layer("Unheard"), layer("Strange")]],
    ]
    let custom: Configuration = [
      "class_name": "Own", "registered_name": "package>Own", "module": nil, "config": ["units": 4],
    ]
    let text = try refusal([
      layer("Dense", ["units": 1]), layer("Strange", ["units": 4]), layer("Lambda"), custom, inner,
    ])
    #expect(
      text == "layers[1] (Strange): no layer is called \"Strange\" (2 times), \"Lambda\", \"package>Own\" or "
        + "\"Unheard\". Missing in this package: Strange, Unheard. Python code in the file, which is to be written as a "
        + "layer: Lambda. Layers of these names can be registered in a LayerRegistry")
  }

  @Test func `layers within wrapping ones are found, and what is registered is known`() throws {
    let wrapped = layer("Surrounding", ["layer": layer("Strange"), "cells": [layer("Strange"), layer("Dense")]])
    let model: Configuration = ["class_name": "Sequential", "config": ["layers": [wrapped, layer("Strange")]]]
    var registry = LayerRegistry<Float>()
    let unknown = try unknownLayers(configuration: model, registry: registry)
    #expect(unknown?.entries.map(\.name) == ["Surrounding", "Strange"])
    #expect(unknown?.entries.map(\.count) == [1, 3] && unknown?.entries.map(\.origin) == [.keras, .keras])
    registry.register("Strange") { _ in Identity() }
    #expect(try unknownLayers(configuration: model, registry: registry)?.entries.map(\.name) == ["Surrounding"])
    registry.register("Surrounding") { _ in Identity() }
    #expect(try unknownLayers(configuration: model, registry: registry) == nil)
  }

  @Test func `a name that is not near is not offered`() throws {
    #expect(try refusal([layer("Strange")]).contains("\"Strange\". Missing in this package: Strange. Layers of "))
    #expect(try refusal([layer("Dens")]).contains("did you mean Dense?"))
  }

  @Test func `a class is looked at before its element type`() throws {
    #expect(try refusal([layer("Strange", ["dtype": "int8"])]).contains("no layer is called"))
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
