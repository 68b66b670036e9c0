import Foundation
import ModelFiles
import Testing

/// `localizedDescription` is what programs with a user interface show.
@Suite struct LocalizedErrorTests {
  private static let sources = URL(filePath: #filePath).appending(path: "../../../Sources").standardized

  /// One of each public type.
  private static var errors: [any Error] {
    func thrown(_ body: () throws -> Void) -> any Error {
      do { try body() } catch { return error }
      return CancellationError()
    }
    return [
      thrown { _ = try Tensor<Float>(contentsOf: "no such file.npy") },
      thrown { _ = try Tensor<Int64>([-1]).binCounts() },
      LinearAlgebraError.singular(pivot: 1, shape: [2, 2], matrix: []),
      ActivationError.notAnActivation(configuration: "{}"),
      ConfigurationError.notJSON(reason: "an end"),
      EvaluationError.gradientMissing(name: "mine"),
      LayerError.inputCount(layer: "Add", expected: 2, found: 1),
      thrown { _ = try readModel(configuration: .string("x"), compile: false) as Model<Float> },
      (thrown { _ = try readModel(configuration: .string("x"), compile: false) as Model<Float> }
        as? ModelConfigurationError)?.cause ?? CancellationError(),
      (try? unknownLayers(configuration: strange, registry: LayerRegistry<Float>())) ?? CancellationError(),
      OptimizerStateError.count(optimizer: "adam", expected: "3", found: 2),
      TrainingError.noSamples(what: "x"),
      thrown { _ = try openTensorFile("no such file.h5") },
    ]
  }

  private static let strange: Configuration = [
    "class_name": "Sequential", "config": ["layers": [["class_name": "Strange", "config": [:]]]],
  ]

  @Test func `an error's localized description is its description`() throws {
    for error in Self.errors { #expect(error.localizedDescription == "\(error)", "\(type(of: error))") }
  }

  @Test func `every public type of errors is among them`() throws {
    let known = Set(Self.errors.map { "\(type(of: $0))" })
    let files = try #require(FileManager.default.enumerator(at: Self.sources, includingPropertiesForKeys: nil))
    var found: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /public (?:struct|enum|final class) (\w+): (?:[\w, ]*\b)?Error\b/) {
        found.insert(String(match.1))
      }
    }
    #expect(found == known)
  }
}
