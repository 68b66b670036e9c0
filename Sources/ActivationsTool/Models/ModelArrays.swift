import ModelFiles
import Tensor

/// The arrays of a .npz file for a model's inputs: by the inputs' names if the file has all of them, and otherwise in
/// the file's order.
struct ModelArrays {
  let file: NPZFile
  let names: [String]

  /// - Throws: ``FileError`` if the number of arrays differs from that of inputs.
  init(_ path: String, inputs: [String]) throws {
    file = try NPZFile(path)
    let all = file.tensors.map(\.name)
    let isNamed = Set(inputs.map { ExactName($0) }).isSubset(of: all.map { ExactName($0) })
    names = isNamed ? inputs : all
    guard names.count == inputs.count else {
      throw FileError(
        file: path, expected: "an array for each of the model's inputs \(inputs.joined(separator: ", "))",
        found: all.isEmpty ? "none" : all.joined(separator: ", "))
    }
  }

  static func isOne(_ path: String) -> Bool { FileFormat(extensionOf: path) == .npz }
}
