import ArgumentParser
import Tensor

/// `--dtype` takes the types of files by NumPy's names.
extension StoredType: ExpressibleByArgument {}

/// What is computed in.
enum Precision: String, CaseIterable, ExpressibleByArgument {
  case float32, float64
}

extension StoredType {
  var isReal: Bool { [.float16, .bfloat16, .float32, .float64].contains(self) }
  var isInteger: Bool { !isReal && self != .bool }
}
