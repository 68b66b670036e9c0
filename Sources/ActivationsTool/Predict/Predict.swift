import ArgumentParser
import Layers
import ModelFiles
import Tensor

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Computes a model's outputs for arrays of any size, or for pictures.",
    discussion: """
      The model is a .keras file or a whole-model .h5 file of Keras 2 or 3. Files of float32 are mapped into memory; others \
      are read and converted batch by batch. Results are written as they are computed, so neither has to fit in memory:

        activations predict digits.keras images.npy -o probabilities.npy

      For a model with several inputs, give several .npy files in the model's order, which info lists, or a .npz file with \
      their arrays, by name or in order; for several outputs, give --output several times. - stands for standard input or \
      output. Output files appear when they are complete.

      A model of texts takes a .json file with a list of them, or a text file with one a line:

        activations predict sentiment.keras reviews.txt -o scores.npy

      A model of pictures takes PNG and JPEG files, and folders of them, in which other files are passed over. Its best classes \
      are printed, or its outputs are written to --output:

        activations predict model.keras cat.jpg pictures/ --labels labels.txt --top 3

      Pictures are resized to the model's input, which takes them as grey, RGB or RGBA by its number of channels. A model whose \
      input has no size takes them one by one as they are.
      """)

  @Argument(help: "The model.")
  var model: String

  @Argument(
    help:
      "The samples: a .npy file for each of the model's inputs, a .npz file for all, texts, or pictures and folders of them."
  )
  var inputs: [String]

  @Option(name: .shortAndLong, help: "The file to write; one for each of the model's outputs.")
  var output: [String] = []

  @Option(
    parsing: .unconditional,
    help:
      "The number of samples that are computed at once (default: \(Self.defaultBatchSize), of pictures \(Self.pictureBatchSize))."
  )
  var batchSize: Int?

  @Option(help: "The type of the computation and of the results.")
  var dtype: Precision = .float32

  @OptionGroup(title: "Pictures")
  var pictures: PictureOptions

  @Option(
    help: ArgumentHelp("The classes' names, one a line: prints the best classes of each sample.", valueName: "file"))
  var labels: String?

  @Option(
    parsing: .unconditional,
    help: "The number of classes that are printed for each sample (default: \(Self.defaultTop)).")
  var top: Int?

  @Flag(help: "Print a report as JSON instead of text.")
  var json = false

  static let defaultBatchSize = 256
  private static let pictureBatchSize = 32
  private static let defaultTop = 5

  func validate() throws {
    for (name, value) in [("--batch-size", batchSize), ("--top", top)] {
      if let value, value < 1 { throw ValidationError("\(name) is \(value); allowed: integers of at least 1") }
    }
    if inputs.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input contains one array, not several")
    }
    if output.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard output takes one array, not several") }
    if Set(output).count < output.count { throw ValidationError("two outputs would be written to one file") }
    for path in output { try requireArrayName(path, "--output") }
    for (name, isGiven) in [("--json", json), ("--labels", labels != nil), ("--top", top != nil)] where isGiven {
      if output.contains("-") { throw ValidationError("\(name) and an output to - exclude each other") }
    }
  }

  func run() throws {
    if dtype == .float64 { try predict(Double.self) } else { try predict(Float.self) }
  }

  private func predict<Scalar: RealScalar>(_: Scalar.Type) throws {
    let name = model
    let model: Model<Scalar> = try openTrainedModel(model)
    let arePictures = PictureList.isOne(inputs)
    let sources = try arePictures ? [pictureSource(model)] : sources(model)
    let prediction = try Prediction(
      model, sources, batchSize: batchSize ?? (arePictures ? Self.pictureBatchSize : Self.defaultBatchSize))
    var classes: ClassReport<Scalar>?
    if labels != nil || top != nil || arePictures && output.isEmpty {
      let ranking = try ClassRanking(prediction, model: name, labels: labels, top: top ?? Self.defaultTop)
      classes = ClassReport(ranking, sources[0], isKept: json)
    }
    guard output.count == prediction.outputShapes.count || output.isEmpty && classes != nil else {
      throw ValidationError(
        "the model has the outputs \(model.outputNames.joined(separator: ", ")), and --output is given "
          + "\(output.count) times; give it once for each of them, in this order")
    }
    let progress = Progress(total: prediction.count, unit: "samples")
    // A table in the same terminal shows the progress.
    let showsProgress = classes == nil || json || !Terminal.isOutput
    let start = ContinuousClock.now
    try prediction.run(writingTo: output) { outputs in
      classes?.add(outputs[0])
      if showsProgress { progress.add(outputs[0].shape[0]) }
    }
    if showsProgress { progress.clear() }
    try report(prediction, classes?.samples, seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  private func pictureSource<Scalar: RealScalar>(_ model: Model<Scalar>) throws -> RowSource<Scalar> {
    let samples = try PictureSamples(inputs, model, name: self.model, pictures)
    if pictures.values == nil && !model.rescalesInput {
      Terminal.note(
        "the model has no layer in front of its weights that changes the range of values, such as Rescaling, and gets "
          + "0...255; --values gives it others")
    }
    if samples.input.dataFormat == .channelsFirst {
      Terminal.note("the model takes channels first; pictures are turned")
    }
    return try RowSource(samples)
  }

  private func sources<Scalar: RealScalar>(_ model: Model<Scalar>) throws -> [RowSource<Scalar>] {
    try pictures.requireNone()
    if inputs.count == 1 && model.inputCount == 1 && model.takesTexts(0) {
      let name = inputs[0] == "-" ? "standard input" : inputs[0]
      return [try RowSource(model.tensor(of: textSamples(inputs[0])), name: name)]
    }
    guard inputs.count == 1 && ModelArrays.isOne(inputs[0]) else { return try inputs.map { try RowSource($0) } }
    let arrays = try ModelArrays(inputs[0], inputs: model.inputNames)
    return try arrays.names.map { name in
      try RowSource(arrays.file.tensor(name, converting: true), name: "\(inputs[0]), \(name)")
    }
  }

  private struct Summary<Scalar: RealScalar>: Encodable {
    let samples: Int
    let seconds: Double
    let samplesPerSecond: Double
    let outputs: [Output]
    let classes: [ClassReport<Scalar>.Sample]?

    struct Output: Encodable {
      let file: String
      let shape: [Int]
    }

    private enum CodingKeys: String, CodingKey {
      case samples, seconds, outputs, classes
      case samplesPerSecond = "samples_per_second"
    }
  }

  private func report<Scalar: RealScalar>(
    _ prediction: Prediction<Scalar>, _ classes: [ClassReport<Scalar>.Sample]?, seconds: Double
  ) throws {
    let count = prediction.count
    let outputs = zip(output, prediction.outputShapes).map { Summary<Scalar>.Output(file: $0, shape: [count] + $1) }
    let rate = Double(count) / max(seconds, 1e-9)
    if json {
      try printJSON(
        Summary(samples: count, seconds: seconds, samplesPerSecond: rate, outputs: outputs, classes: classes))
    } else if !output.isEmpty && !output.contains("-") {
      let files = outputs.map { "\($0.file.onOneLine) \($0.shape)" }.joined(separator: ", ")
      print("predicted  \(files)")
      print("speed      \(grouped(Int(rate))) samples per second, in batches of \(prediction.batchSize)")
    }
  }
}
