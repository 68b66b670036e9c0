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

  private static func losses(of model: Model<Double>) throws -> [Double] {
    func next(_ model: Model<Double>) throws -> [Double] {
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
    #expect(losses.count == expected.count)
    for (loss, expected) in zip(losses, expected.scalars) { #expect(abs(loss - expected) < 2e-6 * expected, "\(name)") }
  }

  @Test func `Keras 2's decay and rules of its own are kept`() throws {
    func optimizer(_ name: String) throws -> Optimizer<Double> {
      let model = try readModel(bytes: Self.bytes(name), name: name, as: Double.self)
      return try #require(model.compilation).optimizer.optimizer
    }
    let sgd = try optimizer("sgd_nesterov_decay")
    #expect(sgd.learningRate.name == "InverseTimeDecay")
    #expect(abs(sgd.learningRate(100) - 0.05 / (1 + 0.02 * 100)) < 1e-9)
    #expect(try optimizer("keras22_adam").learningRate(0) == optimizer("adam").learningRate(0))
    #expect(try optimizer("rmsprop").parameters["epsilon_beside_root"] == true)
    #expect(try optimizer("new_rmsprop").parameters["epsilon_beside_root"] == nil)
    #expect(try optimizer("nadam").parameters["schedule_decay"] == 0.004)
    // Keras 3 refuses what it does not know.
    #expect(try optimizer("nadam").configuration["config"]?["schedule_decay"] == nil)
  }

  /// A file with a text exchanged for one of the same length.
  private static func edited(_ name: String, _ old: String, _ new: String) throws -> [UInt8] {
    let (old, new) = (Array(old.utf8), Array(new.utf8))
    var bytes = try bytes(name)
    #expect(old.count == new.count && bytes.contains(old))
    bytes.replace(old, with: new)
    return bytes
  }

  @Test func `a state that has no place is told, and the optimizer begins anew`() throws {
    let bytes = try Self.edited("adam", "\"amsgrad\": false", "\"amsgrad\": true ")
    let model = try readModel(bytes: bytes, name: "a.h5", as: Double.self)
    #expect(
      model.notes == [
        "/optimizer_weights: expected the variables of Adam, found Adam: there are 8 variables; expected: 3 for each "
          + "weight; the optimizer starts again"
      ])
    let state = try #require(model.compilation).optimizer
    #expect(state.iteration == 0 && state.variables.isEmpty)
    _ = try Self.losses(of: model)
  }

  @Test func `the state of another optimizer is not taken for RMSprop's`() throws {
    let bytes = try Self.edited("rmsprop", "\"class_name\": \"RMSprop\"", "\"class_name\": \"Own>Opt\"")
    let model = try readModel(bytes: bytes, name: "a.h5", as: Double.self)
    #expect(model.notes == ["training_config: no optimizer is called \"Opt\"; RMSprop replaces it"])
    #expect(model.compilation?.optimizer.iteration == 0)
  }
}
