internal import Activations
internal import KerasFormat
internal import Layers
internal import Tensor

/// Reads the JSON of a header piece by piece, because a tree of all JSON takes five times the memory, and with names by
/// their bytes.
struct SafetensorsHeaderReading {
  /// The text in the file.
  struct Tensor {
    let name: String
    var dtype = ""
    var shape: [Int] = []
    var offsets: [Int] = []
  }

  private(set) var tensors: [Tensor] = []
  private(set) var metadata: [String: String] = [:]
  private var parser: JSONParser
  private let file: String
  /// The names of the objects around the current position.
  private var place: [String] = []

  init(_ json: [UInt8], file: String) {
    parser = JSONParser(json)
    self.file = file
  }

  mutating func read() throws(ModelFileError) {
    do {
      try forEachField { reading, key throws(Mistake) in
        if key == "__metadata__" {
          try reading.readMetadata()
        } else {
          try reading.readTensor(key)
        }
      }
      try finish()
    } catch {
      let expected = "a JSON object of tensors with dtype, shape and data_offsets, and of strings under __metadata__"
      switch error {
      case .repeated(let key):
        throw failure(in: [], "each name once in an object", "\"\(key)\" twice")
      case .found(let found): throw failure(in: place, expected, found)
      }
    }
  }

  private enum Mistake: Error {
    case repeated(key: String)
    case found(String)
  }

  private func failure(in place: [String], _ expected: String, _ found: String) -> ModelFileError {
    ModelFileError(
      kind: .format, file: file, place: (["header"] + place).joined(separator: ", "), expected: expected, found: found)
  }

  // MARK: Pieces

  private mutating func readMetadata() throws(Mistake) {
    // null means the same as a missing value.
    if parser.takeNull() { return }
    try forEachField { reading, key throws(Mistake) in
      guard let text = try reading.value().asString else { throw .found("no string") }
      if reading.metadata[key] == nil { reading.metadata[key] = text }
    }
  }

  private mutating func readTensor(_ name: String) throws(Mistake) {
    var tensor = Tensor(name: name)
    var missing: Set = ["dtype", "shape", "data_offsets"]
    try forEachField { reading, key throws(Mistake) in
      missing.remove(key)
      switch key {
      case "dtype":
        guard let text = try reading.value().asString else { throw .found("no string") }
        tensor.dtype = text
      case "shape": tensor.shape = try reading.integers()
      case "data_offsets": tensor.offsets = try reading.integers()
      default: _ = try reading.value()
      }
    }
    if let name = missing.min() { throw .found("no \(name)") }
    tensors.append(tensor)
  }

  private mutating func integers() throws(Mistake) -> [Int] {
    guard let list = try value().asList else { throw .found("no list") }
    var integers: [Int] = []
    for element in list {
      guard case .integer(let integer) = element else { throw .found("\(element)") }
      integers.append(integer)
    }
    return integers
  }

  // MARK: JSON

  /// Reads an object, of which the body reads each value.
  private mutating func forEachField(
    _ body: (inout Self, _ key: String) throws(Mistake) -> Void
  ) throws(Mistake) {
    try parsed { parser throws(ConfigurationError) in try parser.enterObject() }
    var keys: Set<ExactName> = []
    while let key = try parsed({ parser throws(ConfigurationError) in try parser.nextKey() }) {
      guard keys.insert(ExactName(key)).inserted else { throw .repeated(key: key) }
      place.append(key)
      try body(&self, key)
      place.removeLast()
    }
  }

  private mutating func value() throws(Mistake) -> Configuration {
    try parsed { parser throws(ConfigurationError) in try parser.value() }
  }

  private mutating func finish() throws(Mistake) {
    try parsed { parser throws(ConfigurationError) in try parser.finish() }
  }

  private mutating func parsed<Value>(
    _ body: (inout JSONParser) throws(ConfigurationError) -> Value
  ) throws(Mistake) -> Value {
    do {
      return try body(&parser)
    } catch {
      throw .found(error.reasonOfJSON)
    }
  }
}

extension ConfigurationError {
  fileprivate var reasonOfJSON: String { if case .notJSON(let reason) = self { reason } else { "\(self)" } }
}
