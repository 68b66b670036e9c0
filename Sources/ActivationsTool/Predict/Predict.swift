import ArgumentParser
import Layers
import ModelFiles
import Tensor

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Computes a model's outputs for the samples in a .npy file of any size.",
    discussion: """
      The model is a .keras file or a whole-model .h5 file of Keras 2 or 3. Files of float32 are mapped into memory; others \
      are read and converted batch by batch. Results are written as they are computed, so neither has to fit in memory:

        activations predict digits.keras images.npy -o probabilities.npy

      For a model with several inputs, give several .npy files in the model's order, which info lists, or a .npz file with \
      their arrays, by name or in order; for several outputs, give --output several times. - stands for standard input or \
      output. Output files appear when they are complete.
      """)

  @Argument(help: "The model.")
  var model: String

  @Argument(help: "The samples: a .npy file for each of the model's inputs, or a .npz file for all.")
  var inputs: [String]

  @Option(name: .shortAndLong, help: "The file to write; one for each of the model's outputs.")
  var output: [String]

  @Option(parsing: .unconditional, help: "The number of samples that are computed at once.")
  var batchSize = Predict.defaultBatchSize

  @Option(help: "The type of the computation and of the results.")
  var dtype: Precision = .float32

  @Flag(help: "Print a report as JSON instead of text.")
  var json = false

  static let defaultBatchSize = 256

  func validate() throws {
    guard batchSize >= 1 else { throw ValidationError("--batch-size is \(batchSize); allowed: integers of at least 1") }
    if inputs.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input contains one array, not several")
    }
    if output.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard output takes one array, not several") }
    if Set(output).count < output.count { throw ValidationError("two outputs would be written to one file") }
    for path in output { try requireArrayName(path, "--output") }
    if json && output.contains("-") { throw ValidationError("--json and an output to - exclude each other") }
  }

  func run() throws {
    if dtype == .float64 { try predict(Double.self) } else { try predict(Float.self) }
  }

  private func predict<Scalar: RealScalar>(_: Scalar.Type) throws {
    let model: Model<Scalar> = try openTrainedModel(model)
    let prediction = try Prediction(model, sources(model), batchSize: batchSize)
    guard output.count == prediction.outputShapes.count else {
      throw ValidationError(
        "the model has the outputs \(model.outputNames.joined(separator: ", ")), and --output is given "
          + "\(output.count) times; give it once for each of them, in this order")
    }
    let progress = Progress(total: prediction.count, unit: "samples")
    let start = ContinuousClock.now
    try prediction.run(writingTo: output, progress: progress.add)
    progress.clear()
    try report(prediction.count, prediction.outputShapes, seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  private func sources<Scalar: RealScalar>(_ model: Model<Scalar>) throws -> [RowSource<Scalar>] {
    guard inputs.count == 1 && ModelArrays.isOne(inputs[0]) else { return try inputs.map { try RowSource($0) } }
    let arrays = try ModelArrays(inputs[0], inputs: model.inputNames)
    return try arrays.names.map { name in
      try RowSource(arrays.file.tensor(name, converting: true), name: "\(inputs[0]), \(name)")
    }
  }

  private struct Summary: Encodable {
    let samples: Int
    let seconds: Double
    let samplesPerSecond: Double
    let outputs: [Output]

    struct Output: Encodable {
      let file: String
      let shape: [Int]
    }

    private enum CodingKeys: String, CodingKey {
      case samples, seconds, outputs
      case samplesPerSecond = "samples_per_second"
    }
  }

  private func report(_ count: Int, _ shapes: [[Int]], seconds: Double) throws {
    let outputs = zip(output, shapes).map { Summary.Output(file: $0, shape: [count] + $1) }
    let rate = Double(count) / max(seconds, 1e-9)
    if json {
      try printJSON(Summary(samples: count, seconds: seconds, samplesPerSecond: rate, outputs: outputs))
    } else if !output.contains("-") {
      let files = outputs.map { "\($0.file.onOneLine) \($0.shape)" }.joined(separator: ", ")
      print("predicted  \(files)")
      print("speed      \(grouped(Int(rate))) samples per second, in batches of \(batchSize)")
    }
  }
}
