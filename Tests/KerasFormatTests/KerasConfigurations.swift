import Foundation
import Testing

@testable import KerasFormat
@testable import Layers

/// What a version of Keras writes: see make_configurations.py.
struct KerasConfigurations: Sendable, CustomTestStringConvertible {
  let dialect: KerasDialect
  private let fields: [String: Configuration]

  static let keras2 = KerasConfigurations("keras2", .keras2)
  static let keras3 = KerasConfigurations("keras3", .keras3)
  static let both = [keras2, keras3]

  private init(_ name: String, _ dialect: KerasDialect) {
    let url = Bundle.module.url(
      forResource: name, withExtension: "json", subdirectory: "Fixtures/configurations")!
    self.dialect = dialect
    fields = try! Configuration(json: [UInt8](Data(contentsOf: url))).asObject!
  }

  subscript(kind: String) -> [String: Configuration] { fields[kind]!.asObject! }
  var testDescription: String { "\(dialect)" }

  func model(_ name: String) throws -> Model<Float> {
    try readModel(configuration: try #require(self["models"][name]), dialect: dialect)
  }
}

/// The layer of a configuration, alone.
func readStage(
  _ configuration: Configuration, _ dialect: KerasDialect = .keras3, _ registry: LayerRegistry<Float> = LayerRegistry()
) throws -> Stage<Float> {
  try ReadingContext(dialect, registry).stage(configuration, at: "layers[0]")
}
