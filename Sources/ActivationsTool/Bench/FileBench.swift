import Foundation
import Layers
import ModelFiles

/// Times opening a Keras model, and predictions of a million samples from file to file and in memory.
struct FileBench {
  private static let sampleCount = 1_000_000

  /// The folder of ``Digits``.
  let folder: String
  let report: BenchReport

  func run(using generator: inout PhiloxGenerator) throws {
    let path = folder + "/digits_snn.keras"
    let open = { try readModel(from: path, as: Float.self, compile: false) }
    let model = try report.timeOnce("open_first", []) { try open() }
    try report.time("open", []) { try open() }
    guard let inputs = model.inputShapes, inputs.count == 1 else { return }
    try timePredictions(model, [Self.sampleCount] + inputs[0], using: &generator)
  }

  private func timePredictions(
    _ model: Model<Float>, _ shape: [Int], using generator: inout PhiloxGenerator
  ) throws {
    let files = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: files) }
    let (input, output) = (files.appending(path: "x.npy").path, files.appending(path: "y.npy").path)
    let x = Tensor<Float>.uniform(shape, using: &generator)
    try x.write(to: input)
    sync()  // otherwise, the system would write it to disk during the measurement
    let inMemory = try Prediction(model, [RowSource(x, name: "x")], batchSize: Predict.defaultBatchSize)
    var y = Tensor<Float>.zeros([inMemory.count] + inMemory.outputShapes[0])
    try report.time("predict_memory", shape) {
      var start = 0
      try inMemory.run { outputs in
        let end = start + outputs[0].shape[0]
        y[start..<end] = outputs[0]
        start = end
      }
    }
    // When replacing an old file, the system would write the new one to disk at once.
    let removal = { _ = try? FileManager.default.removeItem(atPath: output) }
    try report.time("predict_file", shape, after: removal) {
      try Prediction(model, [RowSource(input)], batchSize: Predict.defaultBatchSize).run(writingTo: [output])
    }
  }
}
