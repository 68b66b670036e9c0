internal import FoundationEssentials
internal import Tensor

/// The complete state from which training resumes. In its folder, numbers are in `state.json`, and each tensor is in a
/// `.npy` file.
struct TrainingBackup<Scalar: RealScalar> {
  let model: Model<Scalar>
  /// The epoch in which to resume, and the number of its batches that are done.
  let epoch: Int
  let batch: Int
  /// The generator at the beginning of the epoch, and now.
  let epochGenerator: PhiloxGenerator
  let generator: PhiloxGenerator
  let history: History
  /// The accumulated losses and metrics of the epoch; empty if it has not begun.
  let progress: [[Double]]

  init(
    model: Model<Scalar>, epoch: Int, batch: Int, epochGenerator: PhiloxGenerator, generator: PhiloxGenerator,
    history: History, progress: [[Double]]
  ) {
    self.model = model
    self.epoch = epoch
    self.batch = batch
    self.epochGenerator = epochGenerator
    self.generator = generator
    self.history = history
    self.progress = progress
  }

  // MARK: Files

  func write(to folder: String) throws {
    let optimizer = model.compiled!.optimizer
    var stored = StoredTraining(
      epoch: epoch, batch: batch, epochGenerator: epochGenerator, generator: generator, epochs: history.epochs,
      results: history.logs.map { logs in logs.names.map { .init(name: $0, value: logs[$0]!) } },
      weights: [], optimizer: optimizer.optimizer.name, iteration: optimizer.iteration,
      learningRate: optimizer.constantRate, momentumProduct: optimizer.momentumProduct,
      dynamicScale: optimizer.dynamicScale, growthCount: optimizer.growthCount, kept: [], progress: progress)
    for (index, weight) in model.namedWeights.enumerated() {
      stored.weights.append(weight.name)
      try weight.value.write(to: Self.weightPath(folder, index), fortranOrder: false)
    }
    for (index, state) in optimizer.weights.enumerated() {
      stored.kept.append(
        .init(
          shape: state.shape, slots: state.slots?.count, hasAverage: state.average != nil,
          hasAccumulator: state.accumulator != nil))
      for (name, value) in state.tensors {
        try value.write(to: Self.keptPath(folder, index, name), fortranOrder: false)
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try encoder.encode(stored).write(to: URL(filePath: "\(folder)/state.json"))
  }

  /// - Parameter model: a model that is compiled and built like the saved one.
  init(readFrom folder: String, _ model: Model<Scalar>) throws {
    let path = "\(folder)/state.json"
    func unreadable(_ reason: String) -> TrainingError {
      .notReadable(callback: "BackupAndRestore", path: path, reason: reason)
    }
    let stored: StoredTraining
    do {
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      stored = try decoder.decode(StoredTraining.self, from: Data(contentsOf: URL(filePath: path)))
    } catch {
      throw unreadable("\(error)")
    }
    guard stored.epoch >= 0, stored.batch >= 0, stored.epochs.count == stored.results.count else {
      throw unreadable("its epochs do not fit together")
    }
    var model = model
    let names = model.namedWeights.map(\.name)
    guard names == stored.weights else {
      throw unreadable("it has the weights \(stored.weights), the model has \(names)")
    }
    try model.setWeights(
      names.enumerated().map { ($1, try Tensor<Scalar>(contentsOf: Self.weightPath(folder, $0))) })
    try model.compiled!.optimizer.restore(stored, shapes: model.trainableShapes, unreadable) {
      try Tensor<Scalar>(contentsOf: Self.keptPath(folder, $0, $1))
    }
    self.init(
      model: model, epoch: stored.epoch, batch: stored.batch, epochGenerator: stored.epochGenerator,
      generator: stored.generator, history: stored.history, progress: stored.progress)
  }

  private static func weightPath(_ folder: String, _ index: Int) -> String { "\(folder)/weight-\(index).npy" }
  private static func keptPath(_ folder: String, _ index: Int, _ name: String) -> String {
    "\(folder)/optimizer-\(index)-\(name).npy"
  }
}

/// The contents of `state.json`.
private struct StoredTraining: Codable {
  struct Result: Codable {
    let name: String
    let value: Double
  }
  /// The optimizer's state for a weight.
  struct Kept: Codable {
    let shape: [Int]?
    let slots: Int?
    let hasAverage: Bool
    let hasAccumulator: Bool
  }

  let epoch: Int
  let batch: Int
  let epochGenerator: PhiloxGenerator
  let generator: PhiloxGenerator
  let epochs: [Int]
  let results: [[Result]]
  var weights: [String]
  let optimizer: String
  let iteration: Int
  let learningRate: Double?
  let momentumProduct: Double
  let dynamicScale: Double?
  let growthCount: Int
  var kept: [Kept]
  let progress: [[Double]]

  var history: History {
    var history = History()
    history.epochs = epochs
    history.logs = results.map { results in
      var logs = Logs()
      for result in results { logs[result.name] = result.value }
      return logs
    }
    return history
  }
}

extension Model {
  /// The shapes of trainable weights in the order in which an optimizer numbers them.
  fileprivate var trainableShapes: [[Int]] {
    graph.stages.flatMap { $0.layer.weights }.filter(\.isTrainable).map(\.value.shape)
  }
}

extension OptimizerState.WeightState {
  /// All tensors of the state, by name.
  fileprivate var tensors: [(String, Tensor<Scalar>)] {
    (slots ?? []).enumerated().map { ("slot-\($0)", $1) } + (average.map { [("average", $0)] } ?? [])
      + (accumulator.map { [("accumulator", $0)] } ?? [])
  }
}

extension OptimizerState {
  fileprivate mutating func restore(
    _ stored: StoredTraining, shapes: [[Int]], _ unreadable: (String) -> TrainingError,
    _ read: (_ weight: Int, _ name: String) throws -> Tensor<Scalar>
  ) throws {
    guard stored.optimizer == optimizer.name, (stored.learningRate != nil) == canSetLearningRate,
      (stored.dynamicScale != nil) == (dynamicScale != nil)
    else {
      throw unreadable(
        "it has an optimizer \(stored.optimizer) of other settings than the \(optimizer.name) of the model")
    }
    guard stored.iteration >= 0, stored.growthCount >= 0, stored.kept.count <= shapes.count,
      NumberRange.nonnegative.contains(stored.learningRate ?? 0)
    else { throw unreadable("the numbers of the optimizer are out of their range") }
    var states: [WeightState] = []
    for (index, kept) in stored.kept.enumerated() {
      var state = WeightState()
      state.shape = kept.shape
      func tensor(_ name: String, _ shape: [Int]) throws -> Tensor<Scalar> {
        let tensor = try read(index, name)
        guard tensor.shape == shape else {
          throw unreadable("\(name) of weight \(index) has the shape \(tensor.shape); expected: \(shape)")
        }
        return tensor
      }
      if let shape = kept.shape {
        guard shape == shapes[index], kept.hasAverage == (optimizer.movingAverage != nil),
          !kept.hasAccumulator || optimizer.gradientAccumulationSteps != nil,
          kept.slots == nil || kept.slots == slotShapes(for: shape).count
        else { throw unreadable("what the optimizer keeps for weight \(index) does not fit the model") }
        if kept.slots != nil {
          state.slots = try slotShapes(for: shape).enumerated().map { try tensor("slot-\($0)", $1) }
        }
        if kept.hasAverage { state.average = try tensor("average", shape) }
        if kept.hasAccumulator { state.accumulator = try tensor("accumulator", shape) }
      }
      states.append(state)
    }
    weights = states
    iteration = stored.iteration
    constantRate = stored.learningRate
    momentumProduct = stored.momentumProduct
    dynamicScale = stored.dynamicScale
    growthCount = stored.growthCount
  }

  private func slotShapes(for shape: [Int]) -> [[Int]] {
    switch optimizer.rule {
    case .builtIn(let rule): rule.slots(for: shape).map(\.shape)
    case .custom(let custom): custom.slots.map { _ in shape }
    }
  }
}
