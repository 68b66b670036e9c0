import Foundation
import Testing

@testable import ModelFiles

/// Optimizers of files of Keras 2 go on where they stopped; make-keras2-optimizers.py tells what the files are.
@Suite struct KerasOptimizerTests {
  private static let archive = try! ZipReader(path: "\(kerasFolder)/k2_optimizers.zip")
  private static let samples = try! NPZFile("\(kerasFolder)/k2_optimizers.npz")
  static let names = archive.members.map { String($0.name.dropLast(3)) }.sorted()

  private static func bytes(_ name: String) throws -> [UInt8] {
    try archive.bytes(of: "\(name).h5", limit: 1 << 20)
  }

  private static func losses(of model: any Model<Double>) throws -> [Double] {
    func next(_ model: some Model<Double>) throws -> [Double] {
      var (model, generator) = (model, PhiloxGenerator(seed: 1))
      let x: Tensor<Double> = try samples.tensor("x", converting: true)
      let y: Tensor<Double> = try samples.tensor("y", converting: true)
      return try model.fit(
        x, y, batchSize: 32, epochs: 4, shuffle: false, progress: .none, using: &generator)["loss"]
    }
    return try next(model)
  }

  @Test(arguments: names) func `losses go on as in Keras`(_ name: String) throws {
    let model = try readModel(bytes: Self.bytes(name), name: "\(name).h5", as: Double.self)
    #expect(model.notes.isEmpty, "\(model.notes)")
    let expected: Tensor<Double> = try Self.samples.tensor(name, converting: true)
    let losses = try Self.losses(of: model)
    for (loss, expected) in zip(losses, expected.scalars) { #expect(abs(loss - expected) < 5e-7 * expected, "\(name)") }
  }
}
