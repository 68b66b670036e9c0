import ArgumentParser
import Tensor

/// What `--dtype` converts to, by NumPy's names: the types of files but Bool, which no number becomes.
struct NumberType: ExpressibleByArgument {
  let stored: StoredType

  init?(argument: String) {
    guard let stored = StoredType(rawValue: argument), stored != .bool else { return nil }
    self.stored = stored
  }

  static var allValueStrings: [String] { StoredType.allCases.filter { $0 != .bool }.map(\.name) }
}

/// What is computed in.
enum Precision: String, CaseIterable, ExpressibleByArgument {
  case float32, float64
}

extension StoredType {
  var isReal: Bool { [.float16, .bfloat16, .float32, .float64].contains(self) }
  var isInteger: Bool { !isReal && self != .bool }
  /// The type of NumPy's files that holds the values of this one; they have no bfloat16.
  var forNumPy: StoredType { self == .bfloat16 ? .float32 : self }
}
