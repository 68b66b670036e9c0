/// An error in the training or evaluation of a model.
@nonexhaustive
public enum TrainingError: Error, Hashable, Sendable {
  /// ``Model/compile(optimizer:loss:metrics:weightedMetrics:)`` has not been called.
  case notCompiled(model: String)
  /// Inputs, targets or weights whose number differs from that of the samples.
  case sampleCount(what: String, found: Int, expected: Int)
  /// A number of targets that differs from the number of outputs.
  case targetCount(model: String, found: Int, expected: Int)
  /// Gradients of another model.
  case otherGradients(difference: String)
  /// An invalid batch of a sequence, with its number within the epoch, from 0, and the reason.
  indirect case batch(number: Int, problem: TrainingError)
  /// Samples whose form differs from that of the first batch.
  case sampleShapes(found: String, expected: String)
  /// A sequence that ended within an epoch.
  case batchesEnded(count: Int, expected: Int)
  /// An option for tensors, used with a sequence of batches.
  case notForSequences(option: String)
  /// An option for sequences of batches, used with tensors.
  case notForTensors(option: String)
  /// No samples.
  case noSamples(what: String)
  /// An optimizer that has started with a weight of another shape, because layers have changed since.
  case weightsChanged(model: String, weight: String, shape: [Int], known: [Int])
  /// An argument outside its range.
  case argument(name: String, value: String, allowed: String)
  /// A callback monitors a result that is not computed.
  case notMonitored(callback: String, name: String, available: [String])
  /// A callback cannot write its file.
  case notWritable(callback: String, path: String, reason: String)
  /// A callback cannot read its file, or the file belongs to another training.
  case notReadable(callback: String, path: String, reason: String)
}

extension TrainingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notCompiled(let model):
      "\(model): compile(optimizer:loss:metrics:) is to be called before training and evaluation"
    case .sampleCount(let what, let found, let expected):
      "\(what): there are \(found); expected: one for each of the \(expected) samples"
    case .targetCount(let model, let found, let expected):
      "\(model): there are targets for \(found) outputs, the model has \(expected)"
    case .otherGradients(let difference):
      "the gradients are not those of the model: \(difference)"
    case .batch(let number, let problem): "batch \(number): \(problem)"
    case .sampleShapes(let found, let expected):
      "samples have \(found); expected: \(expected), as in the first batch"
    case .batchesEnded(let count, let expected):
      "the sequence of batches ended after \(count) in an epoch; expected: \(expected) in each"
    case .notForSequences(let option):
      "\(option) is for samples in tensors; a sequence says itself what its batches are, and in which order they come"
    case .notForTensors(let option): "\(option) is for sequences of batches; of tensors all samples make an epoch"
    case .noSamples(let what): "\(what): there are no samples"
    case .weightsChanged(let model, let weight, let shape, let known):
      "\(model): the optimizer has begun with a \(weight) of the shape \(known) where there is one of \(shape) now; "
        + "call compile again after changing layers"
    case .argument(let name, let value, let allowed): "\(name) is \(value); allowed: \(allowed)"
    case .notMonitored(let callback, let name, let available):
      "\(callback): \"\(name)\" is not computed; there are \(available.joined(separator: ", "))"
    case .notWritable(let callback, let path, let reason):
      "\(callback): \(path) cannot be written: \(reason)"
    case .notReadable(let callback, let path, let reason):
      "\(callback): \(path) cannot be taken up: \(reason)"
    }
  }
}
