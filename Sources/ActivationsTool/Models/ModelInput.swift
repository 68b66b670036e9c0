import Activations
import Foundation
import Layers
import ModelFiles
import Tensor

/// Reads a model: of a .json file its architecture, of a .keras or whole-model .h5 file its weights too.
func openModel<Scalar: RealScalar>(_ path: String, compile: Bool) throws -> any Model<Scalar> {
  guard path.lowercased().hasSuffix(".json") else {
    return try readModel(from: path, as: Scalar.self, compile: compile)
  }
  let bytes: Data
  do {
    bytes = try Data(contentsOf: URL(filePath: path))
  } catch {
    throw FileError(file: path, expected: "a file that can be read", found: error.localizedDescription)
  }
  do {
    return try readModel(configuration: Configuration(json: [UInt8](bytes)), compile: compile)
  } catch {
    throw FileError(file: path, expected: "a model's configuration, as Keras's to_json() writes it", found: "\(error)")
  }
}
