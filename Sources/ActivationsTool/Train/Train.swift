import ArgumentParser
import Foundation
import KerasFormat
import Layers
import ModelFiles
import Tensor

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a model on .npy files.",
    discussion: """
      The model is a .keras or whole-model .h5 file, with whose weights and optimizer training continues, or a .json file \
      with an architecture (Keras's model.to_json()), which starts with new weights:

        activations train network.json x.npy y.npy --loss mse -o first.keras
        activations train first.keras x.npy y.npy --epochs 5 -o second.keras

      Options take precedence over the model's own settings. The same seed gives the same network. An interrupt (Ctrl-C) ends \
      training after the current batch and writes the model, to interrupted.keras if no output is given; a second one ends \
      the process at once.
      """)

  @Argument(help: "The model: .keras, .h5 or .json.")
  var model: String

  @Argument(
    help: "The samples: a .npy file, or, for several inputs, a .npz file with their arrays, by name or in order.")
  var x: String

  @Argument(help: "The targets: a .npy file; integers are classes.")
  var y: String

  @Option(
    name: .shortAndLong,
    help: "The output: .keras for the model; .weights.h5, .npz, .safetensors or a folder for its weights."
  )
  var output: String?

  @OptionGroup(title: "Training")
  var options: TrainingArguments

  @Option(parsing: .unconditional, help: "The number of passes over all samples.")
  var epochs = 10

  @Option(parsing: .unconditional, help: "The number of samples in a step.")
  var batchSize = 32

  @Option(parsing: .unconditional, help: "The seed of new weights, batches and dropout.")
  var seed: UInt64 = 1

  @Option(parsing: .unconditional, help: "The fraction of the samples, at the end, that is used for validation.")
  var validationSplit = 0.0

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Two files for validation instead.", valueName: "x> <y"))
  var validationData: [String] = []

  @Option(
    parsing: .unconditional,
    help: "The number of epochs without improvement after which training ends, with the weights of the best one.")
  var patience: Int?

  @Option(help: "The result that --patience and --checkpoint monitor; by default val_loss, or loss without validation.")
  var monitor: String?

  @Option(help: "The file for the best model so far; {epoch} stands for the epoch.")
  var checkpoint: String?

  @Option(help: ArgumentHelp("The file for a table of the epochs' results (CSV).", valueName: "file"))
  var log: String?

  @Option(
    help: ArgumentHelp("The file for the curves of loss and metrics by epoch (SVG).", valueName: "file"))
  var plot: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Draw these curves at the end as text; by default, those of several epochs if standard output is a terminal.")
  var chart: Bool?

  @Option(help: "The type of the computation.")
  var dtype: Precision = .float32

  @Flag(help: "Print the epochs' results as JSON at the end, without progress.")
  var json = false

  func validate() throws {
    try plot.map { try requireSVGName($0, "--plot") }
    if json && chart == true { throw ValidationError("--json and --chart exclude each other") }
    func require(_ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ allowed: String) throws {
      guard holds else { throw ValidationError("--\(name) is \(value); allowed: \(allowed)") }
    }
    try require(epochs >= 0, "epochs", epochs, "integers of at least 0")
    try require(batchSize >= 1, "batch-size", batchSize, "integers of at least 1")
    try require(patience ?? 0 >= 0, "patience", patience ?? 0, "integers of at least 0")
    try require(
      (0..<1).contains(validationSplit), "validation-split", validationSplit, "numbers of at least 0 and below 1")
    guard validationData.isEmpty || validationData.count == 2 else {
      throw ValidationError("--validation-data takes two files, x and y, and is given \(validationData.count)")
    }
    if !validationData.isEmpty && validationSplit > 0 {
      throw ValidationError("--validation-data and --validation-split exclude each other")
    }
  }

  func run() throws {
    let outputs = try [output, checkpoint].map { try $0.map { try ModelOutput($0) } }
    for output in outputs { try output?.requireWritable() }
    try plot.map { try requireWritableFile($0) }
    if dtype == .float64 { try train(Double.self, outputs[0]) } else { try train(Float.self, outputs[0]) }
  }

  private func train<Scalar: RealScalar>(_: Scalar.Type, _ output: ModelOutput?) throws {
    var model: Model<Scalar> = try openModel(self.model, compile: true)
    Terminal.warn(ofNotes: model)
    model.compilation = try options.compilation(model, self.model)
    let data = try TrainingData<Scalar>(x: x, y: y, inputs: model.inputNames)
    let validation =
      try validationData.isEmpty
      ? nil
      : TrainingData<Scalar>(
        x: validationData[0], y: validationData[1], inputs: model.inputNames
      ).forValidation
    let isJudged = validation != nil || validationSplit > 0
    var generator = PhiloxGenerator(seed: seed)
    Interrupt.await()
    let start = ContinuousClock.now
    let history = try fit(
      &model, data.inputs, data.target, validation, callbacks(isJudged: isJudged), using: &generator)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    guard history.logs.last?.loss.isFinite ?? true else {
      throw Failure(
        "training has ended: \(history.stopReason.map(String.init(describing:)) ?? "the loss is not finite"); "
          + "a smaller --learning-rate may help, and nothing is written")
    }
    let output = output ?? (Interrupt.hasCome ? .keras("interrupted.keras") : nil)
    try output?.write(model)
    let report = TrainingReport(history: history, seconds: seconds, output: output?.path)
    if json { try printJSON(report) } else { print(report.text) }
    try draw(history)
    if Interrupt.hasCome { throw ExitCode(130) }
  }

  private func draw(_ history: History) throws {
    let charts = Chart.charts(history)
    if charts.isEmpty { return }
    if let plot {
      let document = SVGChart.document(charts, title: "loss and metrics by epoch", width: 560, height: 340)
      try write(document, to: plot)
    }
    if chart ?? (Terminal.isOutput && !json && history.logs.count > 1) {
      let columns = min(Terminal.width, 100)
      for chart in charts { print("\n" + TerminalChart.text(chart, columns: columns, rows: 18, style: .output)) }
    }
  }

  private func fit<Scalar: RealScalar>(
    _ model: inout Model<Scalar>, _ inputs: [Tensor<Scalar>], _ target: some TargetTensor,
    _ validation: ValidationData<Scalar>?, _ callbacks: [any Callback<Scalar>],
    using generator: inout PhiloxGenerator
  ) throws -> History {
    do {
      let options = TrainingOptions<Scalar> {
        $0.batchSize = batchSize
        $0.epochs = epochs
        $0.validationSplit = validationSplit
        $0.validationData = validation
        $0.callbacks = callbacks
        $0.progress = json ? .none : .automatic
      }
      return try model.fit(inputs, [target], options: options, using: &generator)
    } catch let error as TrainingError {
      throw error.ofOptions
    }
  }

  private func callbacks<Scalar: RealScalar>(isJudged: Bool) throws -> [any Callback<Scalar>] {
    let monitor = monitor ?? (isJudged ? "val_loss" : "loss")
    var callbacks: [any Callback<Scalar>] = [
      TerminateOnNaN(),
      BatchEnd { run in if Interrupt.hasCome { run.stop("interrupted") } },
    ]
    if let patience {
      callbacks.append(EarlyStopping(monitor: monitor, patience: patience, restoresBestWeights: true))
    }
    if let checkpoint {
      callbacks.append(
        ModelCheckpoint(checkpoint, monitor: monitor, savesBestOnly: true) { model, path in
          try ModelOutput(path).write(model)
        })
    }
    if let log { callbacks.append(CSVLogger(log)) }
    return callbacks
  }
}

extension TrainingData {
  fileprivate var forValidation: ValidationData<Scalar> {
    func data(_ target: some TargetTensor) -> ValidationData<Scalar> { ValidationData(inputs, target) }
    return data(target)
  }
}
