import Activations
import Foundation
import KerasFormat
import Layers
import ModelFiles
import Tensor

func isArchitecture(_ path: String) -> Bool { path.lowercased().hasSuffix(".json") }

/// Reads a model with its weights from a .keras or whole-model .h5 file.
func openTrainedModel<Scalar: RealScalar>(_ path: String) throws -> Model<Scalar> {
  if isArchitecture(path) {
    throw FileError(
      file: path, expected: "a model with its weights, a .keras or .h5 file",
      found: "only an architecture; train creates weights")
  }
  return try readModel(from: path, as: Scalar.self, compile: false)
}

/// Reads a model: the architecture from a .json file, the weights too from other files.
func openModel<Scalar: RealScalar>(_ path: String, compile: Bool) throws -> Model<Scalar> {
  guard isArchitecture(path) else {
    return try readModel(from: path, as: Scalar.self, compile: compile)
  }
  do {
    return try readModel(configuration: architecture(path), compile: compile)
  } catch let error as ModelConfigurationError {
    throw FileError(file: path, expected: "a model's configuration, as Keras's to_json() writes it", found: "\(error)")
  }
}

/// Reads the configuration in a .json file.
func architecture(_ path: String) throws -> Configuration {
  let bytes: Data
  do {
    bytes = try Data(contentsOf: URL(filePath: path))
  } catch {
    throw FileError(file: path, expected: "a file that can be read", found: error.localizedDescription)
  }
  do {
    return try Configuration(json: [UInt8](bytes))
  } catch {
    throw FileError(file: path, expected: "a model's configuration, as Keras's to_json() writes it", found: "\(error)")
  }
}
