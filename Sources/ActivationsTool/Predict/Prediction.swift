import Foundation
import Layers
import Tensor

/// Computes a model's outputs for arrays of any size, a batch at a time.
struct Prediction<Scalar: RealScalar>: Sendable {
  let model: Model<Scalar>
  let inputs: [RowSource<Scalar>]
  let batchSize: Int
  /// The shapes of a sample's outputs.
  let outputShapes: [[Int]]

  var count: Int { inputs[0].count }

  /// - Throws: ``FileError`` if the model does not accept the inputs, before anything is computed.
  init(_ model: Model<Scalar>, _ inputs: [RowSource<Scalar>], batchSize: Int) throws {
    guard inputs.count == model.inputCount else {
      throw FileError(
        file: inputs.map(\.name).joined(separator: ", "),
        expected: "an array for each of the model's inputs \(model.inputNames.joined(separator: ", "))",
        found: "\(inputs.count)")
    }
    let count = inputs[0].count
    if let other = inputs.first(where: { $0.count != count }) {
      throw FileError(file: other.name, expected: "\(count) samples, as \(inputs[0].name) has", found: other.shape)
    }
    let shapes = inputs.map { Array($0.shape.dropFirst()) }
    do {
      outputShapes = try model.outputShapes(forInputs: shapes)
    } catch {
      let expected = model.inputShapes?.map { "\($0)" }.joined(separator: ", ") ?? "others"
      throw FileError(
        file: inputs.map(\.name).joined(separator: ", "), expected: "samples of the shape \(expected)",
        found: "those of \(shapes.map { "\($0)" }.joined(separator: ", ")) (\(error))")
    }
    self.model = model
    self.inputs = inputs
    self.batchSize = min(batchSize, Self.samplesInMemory(model), inputs.map(\.batchLimit).min()!)
  }

  /// The number of samples whose intermediate results fit in a part of the machine's memory, on all cores at once.
  private static func samplesInMemory(_ model: Model<Scalar>) -> Int {
    let sizes = model.layerOutputShapes.compactMap { $0?.reduce(MemoryLayout<Scalar>.stride) { $0 * ($1 ?? 1) } }
    let memory = MachineMemory.byteCount / 4 / Threads.count
    return max(1, memory / max(1, sizes.max() ?? 1))
  }

  /// Passes on the outputs of many samples at a time, in order. Each batch is computed on one core, and all cores
  /// compute batches: no core waits for another within a batch, and others compute while one passes on its results.
  func run(_ consume: ([Tensor<Scalar>]) throws -> Void) throws {
    let workers = Threads.count
    Threads.count = 1
    defer { Threads.count = workers }
    let length = rowsAtOnce(on: workers)
    try withoutActuallyEscaping(consume) { consume in
      let turns = Turns(count: (count + length - 1) / length, handOver: consume)
      Threads.run(on: workers) {
        while let number = turns.take() {
          turns.finish(number, Result { try outputs(number * length..<min((number + 1) * length, count)) })
        }
      }
      try turns.end()
    }
  }

  /// Writes each output to a file or to standard output, unless there are no paths. `report` is called with the outputs
  /// of the next samples when they are written.
  func run(writingTo paths: [String], report: ([Tensor<Scalar>]) throws -> Void = { _ in }) throws {
    let files = try zip(paths, outputShapes).map { path, shape in
      try NumPyAppender<Scalar>(ArrayOutput.sink(path), path: ArrayOutput.name(path), rowShape: shape, rowCount: count)
    }
    try run { outputs in
      for (file, rows) in zip(files, outputs) { try file.append(rows) }
      try report(outputs)
    }
    for file in files { try file.finish() }
  }

  /// The number of samples that a core computes before its results are written: enough that neither waking it nor
  /// writing small pieces matters, and few enough that large results take little memory. Of files that are decoded, every
  /// core gets its share even if they are few.
  private func rowsAtOnce(on workers: Int) -> Int {
    if inputs[0].rowNames != nil { return min(batchSize, max(1, (count + workers - 1) / workers)) }
    var byteCount = 1
    for shape in outputShapes { byteCount += shape.reduce(MemoryLayout<Scalar>.stride, *) }
    return max(1, min(16_384, max(1, 67_108_864 / byteCount)) / batchSize) * batchSize
  }

  /// The outputs of some samples, computed batch by batch.
  private func outputs(_ rows: Range<Int>) throws -> [Tensor<Scalar>] {
    var results = outputShapes.map { Tensor<Scalar>(uninitialized: [rows.count] + $0) }
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: batchSize) {
      let batch = start..<min(start + batchSize, rows.upperBound)
      let place = batch.lowerBound - rows.lowerBound..<batch.upperBound - rows.lowerBound
      let outputs = try computed(batch)
      for (index, output) in outputs.enumerated() { results[index][place] = output }
    }
    return results
  }
  private func computed(_ batch: Range<Int>) throws -> [Tensor<Scalar>] {
    let samples = try inputs.map { try $0[batch] }
    guard let names = inputs[0].rowNames, inputs[0].batchLimit == 1 else { return try model(samples) }
    // Files of different sizes, of which the first has been checked.
    let name = names[batch.lowerBound]
    do {
      let outputs = try model(samples)
      let shapes = outputs.map { Array($0.shape.dropFirst()) }
      guard shapes == outputShapes else {
        let found = shapes.map { "\($0)" }.joined(separator: ", ")
        throw FileError(
          file: name, expected: "outputs of the same shape as of \(names[0].onOneLine)", found: "the shape \(found)")
      }
      return outputs
    } catch let error as LayerError {
      throw FileError(file: name, expected: "a size that the model accepts", found: "\(error)")
    }
  }
}
