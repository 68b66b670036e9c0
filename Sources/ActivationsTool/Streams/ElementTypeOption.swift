import ArgumentParser
import Tensor

/// The types of `--dtype`, by NumPy's names: the element types of files except Bool, to which no number converts.
struct NumberType: ExpressibleByArgument {
  let stored: StoredType

  init?(argument: String) {
    guard let stored = StoredType(rawValue: argument), stored != .bool else { return nil }
    self.stored = stored
  }

  static var allValueStrings: [String] { StoredType.allCases.filter { $0 != .bool }.map(\.name) }
}

/// The type of the computation.
enum Precision: String, CaseIterable, ExpressibleByArgument {
  case float32, float64
}

extension StoredType {
  var isReal: Bool { kind == .real }
  /// The type of NumPy's files that represents this type's values; NumPy has no bfloat16.
  var forNumPy: StoredType { self == .bfloat16 ? .float32 : self }
}
