import Foundation
import Tensor
import Testing

@testable import ModelFiles

/// Models as tutorials build them, with Keras's outputs; `Scripts/check-corpus` compares many more.
struct CorpusTests {
  private static let folder = Bundle.module.resourceURL!.appendingPathComponent("Fixtures/Corpus").path
  private static let models = try! FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    .filter { !$0.hasSuffix(".npz") }

  @Test(arguments: models) func `a model computes what Keras does`(_ name: String) throws {
    let samples = try NPZFile("\(Self.folder)/\(name.prefix { $0 != "." }).npz")
    func arrays(_ letter: String) throws -> [Tensor<Float>] {
      try samples.tensors.map(\.name).filter { $0.hasPrefix(letter) }.sorted().map {
        try samples.tensor($0, converting: true)
      }
    }
    let model = try readModel(from: "\(Self.folder)/\(name)", compile: false)
    let (outputs, expected) = (try model(arrays("x")), try arrays("y"))
    #expect(outputs.map(\.shape) == expected.map(\.shape))
    for (output, expected) in zip(outputs, expected) {
      let scale = expected.absolute().max().scalar
      #expect((output - expected).absolute().max().scalar <= 2e-5 * scale)
    }
  }
}
