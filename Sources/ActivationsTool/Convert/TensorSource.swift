import Foundation
import Layers
import ModelFiles
import Tensor

/// The source of convert's tensors.
enum TensorSource {
  /// A model's weights, named after its layers.
  case model(String)
  /// A file's tensors under its own names.
  case file(any TensorFile)
  /// A folder of .npy files.
  case folder(String)

  /// - Parameter isRaw: whether a model's file is treated as a file of tensors.
  init(_ path: String, isRaw: Bool) throws {
    if isFolder(path) {
      self = .folder(path)
      return
    }
    let file = try openTensorFile(path)
    self = file.holdsModel && !isRaw ? .model(path) : .file(file)
  }

  /// - Parameter names: the tensors to take; all if empty.
  func tensors(_ names: [String]) throws -> [NamedTensor] {
    let all: [String]
    let tensor: (String) throws -> NamedTensor
    switch self {
    case .model(let path):
      let weights = try Self.weights(ofModel: path)
      all = weights.map(\.name)
      let byName = Dictionary(weights.map { (ExactName($0.name), $0) }) { first, _ in first }
      tensor = { byName[ExactName($0)]! }
    case .file(let file):
      all = file.tensors.map(\.name)
      tensor = { name in
        NamedTensor(name, StoredTensor(try Self.read(name, file), as: try file.description(of: name).type))
      }
    case .folder(let path):
      all = try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }.sorted()
      if all.isEmpty { throw FileError(file: path, expected: ".npy files in a folder", found: "none") }
      tensor = { name in
        let file = try openTensorFile("\(path)/\(name).npy")
        let only = file.tensors[0]
        return NamedTensor(name, StoredTensor(try file.anyTensor(only.name), as: only.type))
      }
    }
    let known = Set(all)
    if let unknown = names.first(where: { !known.contains($0) }) {
      let hint = isModel ? ", or --raw for the names of the file" : ""
      throw FileError(file: path, expected: "a tensor \(unknown)\(hint)", found: all.joined(separator: ", "))
    }
    return try (names.isEmpty ? all : names).map(tensor)
  }

  private var isModel: Bool { if case .model = self { true } else { false } }

  private var path: String {
    switch self {
    case .model(let path), .folder(let path): path
    case .file(let file): file.path
    }
  }

  private static func read(_ name: String, _ file: any TensorFile) throws -> AnyTensor {
    do {
      return try file.anyTensor(name)
    } catch {
      guard error.kind == .elementType else { throw error }
      throw FileError(
        file: file.path, expected: "integers below 2^63 in the tensor \(name), others cannot be converted",
        found: error.found)
    }
  }

  private static func weights(ofModel path: String) throws -> [NamedTensor] {
    let type = try type(ofWeights: path)
    do {
      return type == .float64
        ? try weights(readModel(from: path, as: Double.self, compile: false), type)
        : try weights(readModel(from: path, as: Float.self, compile: false), type)
    } catch {
      throw FileError(
        file: path, expected: "a model, or --raw for the tensors under the file's own names", found: "\(error)")
    }
  }

  private static func weights<Scalar: RealScalar>(_ model: Model<Scalar>, _ type: StoredType) -> [NamedTensor] {
    model.namedWeights.map { NamedTensor($0.name, $0.value.stored(as: type)) }
  }

  /// The type of all weights, or one that can represent all of them.
  private static func type(ofWeights path: String) throws -> StoredType {
    let types = Set(
      try openTensorFile(path).tensors.compactMap(\.type)
        .filter { [.float16, .bfloat16, .float32, .float64].contains($0) })
    if types.count == 1 { return types.first! }
    return types.contains(.float64) ? .float64 : .float32
  }
}
