import ArgumentParser
import KerasFormat
import Layers

extension TrainingError {
  /// What is said of it where options, not calls, are at fault.
  var ofOptions: any Error {
    switch self {
    case .notMonitored(_, let name, let available):
      ValidationError("--monitor is \(name), allowed are \(available.joined(separator: ", "))")
    case .argument("validationSplit", let value, let allowed):
      ValidationError("--validation-split is \(value), allowed are \(allowed)")
    case .notWritable(_, let path, let reason): Failure("\(path.onOneLine) cannot be written: \(reason)")
    default: self
    }
  }
}
