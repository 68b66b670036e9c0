import ArgumentParser
import KerasFormat
import Layers

extension TrainingError {
  /// The message for an error caused by options rather than calls.
  var ofOptions: any Error {
    switch self {
    case .notMonitored(_, let name, let available):
      ValidationError("--monitor is \(name); allowed: \(available.joined(separator: ", "))")
    case .argument("validationSplit", let value, let allowed):
      ValidationError("--validation-split is \(value); allowed: \(allowed)")
    case .notWritable(_, let path, let reason): Failure("\(path.onOneLine) cannot be written: \(reason)")
    default: self
    }
  }
}
