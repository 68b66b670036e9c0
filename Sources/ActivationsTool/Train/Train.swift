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
      The model is a .keras or whole-model .h5 file, whose weights and optimizer training goes on with, or a .json file \
      with an architecture (Keras's model.to_json()), which begins with new weights:

        activations train network.json x.npy y.npy --loss mse -o first.keras
        activations train first.keras x.npy y.npy --epochs 5 -o second.keras

      Options come before what the model itself says about training. The same seed gives the same network. An interrupt \
      (Ctrl-C) ends training after the batch and writes the model, to interrupted.keras where no output is given; a second \
      one ends at once.
      """)

  @Argument(help: "The model: .keras, .h5 or .json.")
  var model: String

  @Argument(help: "The samples: a .npy file, or for several inputs a .npz file with their arrays, by name or in order.")
  var x: String

  @Argument(help: "What is to be predicted for them: a .npy file; integers are classes.")
  var y: String

  @Option(
    name: .shortAndLong,
    help: "Where the result goes: .keras for the model, .weights.h5, .npz or .safetensors for its weights, or a folder."
  )
  var output: String?

  @OptionGroup(title: "How to train")
  var options: TrainingArguments

  @Option(parsing: .unconditional, help: "How often all samples are gone through.")
  var epochs = 10

  @Option(parsing: .unconditional, help: "Samples per step.")
  var batchSize = 32

  @Option(parsing: .unconditional, help: "Decides new weights, batches and dropout.")
  var seed: UInt64 = 1

  @Option(parsing: .unconditional, help: "The part of the samples, from the last on, that the model is judged by.")
  var validationSplit = 0.0

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Two files that it is judged by instead.", valueName: "x> <y"))
  var validationData: [String] = []

  @Option(
    parsing: .unconditional,
    help: "Epochs without improvement after which training ends, with the weights of the best one.")
  var patience: Int?

  @Option(help: "What --patience and --checkpoint watch; by default val_loss, and loss without validation.")
  var monitor: String?

  @Option(help: "Where the best model so far is kept; {epoch} stands for the epoch.")
  var checkpoint: String?

  @Option(help: ArgumentHelp("A table of the epochs' results (CSV).", valueName: "file"))
  var log: String?

  @Option(help: "What is computed in.")
  var dtype: Precision = .float32

  @Flag(help: "The epochs' results as JSON at the end, and no progress.")
  var json = false

  func validate() throws {
    func require(_ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ allowed: String) throws {
      guard holds else { throw ValidationError("--\(name) is \(value), allowed are \(allowed)") }
    }
    try require(epochs >= 0, "epochs", epochs, "integers from 0 on")
    try require(batchSize >= 1, "batch-size", batchSize, "integers from 1 on")
    try require(patience ?? 0 >= 0, "patience", patience ?? 0, "integers from 0 on")
    try require((0..<1).contains(validationSplit), "validation-split", validationSplit, "numbers from 0 to below 1")
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
    if Interrupt.hasCome { throw ExitCode(130) }
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
