import Activations
import Glibc
import KerasFormat
import Layers
import ModelFiles
import Tensor

/// What is tried on bytes from anywhere: all that a program does with a file. Errors are what is expected.
package enum Reader: String, CaseIterable, Sendable {
  case npy, npz, safetensors, hdf5, keras, legacy, weights, configuration

  package func read(_ bytes: [UInt8]) {
    switch self {
    case .npy:
      _ = try? Tensor<Float>(npyBytes: bytes)
      _ = try? Tensor<Double>(npyBytes: bytes, converting: true)
      _ = try? Tensor<Int64>(npyBytes: bytes)
      _ = try? Tensor<Bool>(npyBytes: bytes)
    case .npz: readAll { try NPZFile(bytes: bytes) }
    case .safetensors: readAll { try SafetensorsFile(bytes: bytes) }
    case .hdf5:
      readAll {
        let file = try HDF5File(bytes: bytes, name: "input")
        _ = file.attributes()
        return file
      }
    case .keras:
      readAll { try KerasFile(bytes: bytes, name: "input") }
      readModel(bytes)
    case .legacy: readModel(bytes)
    case .weights: readWeights(bytes)
    case .configuration: readConfiguration(bytes)
    }
  }

  private func readAll(_ open: () throws -> any TensorFile) {
    guard let file = try? open() else { return }
    for tensor in file.tensors {
      _ = try? file.anyTensor(tensor.name)
      _ = try? file.tensor(tensor.name, as: Double.self, converting: true)
    }
  }

  private func readModel(_ bytes: [UInt8]) {
    guard let model = try? ModelFiles.readModel(bytes: bytes, name: "input", as: Float.self) else { return }
    use(model)
  }

  /// Into a model that has the weights of the files to begin with.
  private func readWeights(_ bytes: [UInt8]) {
    let path = "/dev/shm/fuzz-\(getpid())"
    guard let file = fopen(path, "w") else { fatalError("no file \(path)") }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    defer { unlink(path) }
    var model = Self.model
    try? model.readWeights(from: path)
  }

  private static let model = Sequential<Float> {
    Input(4)
    Dense(3)
    Dense(2)
  }

  /// A model, and what it says of itself again.
  private func readConfiguration(_ bytes: [UInt8]) {
    guard let configuration = try? Configuration(json: bytes),
      let model: Model<Float> = try? KerasFormat.readModel(configuration: configuration)
    else { return }
    use(model)
    guard let again = try? model.configuration else { return }
    guard let copy: Model<Float> = try? KerasFormat.readModel(configuration: again) else {
      fatalError("a model's own configuration is not read: \(again.json)")
    }
    guard let second = try? copy.configuration, second == again else {
      fatalError("a model's configuration changes when it is read: \(again.json)")
    }
  }
}
