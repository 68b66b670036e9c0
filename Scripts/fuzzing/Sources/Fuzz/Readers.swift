import ModelFiles
import Tensor

/// What is tried on bytes from anywhere: all that a program does with a file. Errors are what is expected.
enum Reader: String, CaseIterable {
  case npy, npz, safetensors, hdf5

  func read(_ bytes: [UInt8]) {
    switch self {
    case .npy:
      _ = try? Tensor<Float>(npyBytes: bytes)
      _ = try? Tensor<Double>(npyBytes: bytes, converting: true)
      _ = try? Tensor<Int64>(npyBytes: bytes)
      _ = try? Tensor<Bool>(npyBytes: bytes)
    case .npz: readAll { try NPZFile(bytes: bytes) }
    case .hdf5:
      readAll {
        let file = try HDF5File(bytes: bytes, name: "input")
        _ = file.attributes()
        return file
      }
    case .safetensors: readAll { try SafetensorsFile(bytes: bytes) }
    }
  }

  private func readAll(_ open: () throws -> any TensorFile) {
    guard let file = try? open() else { return }
    for tensor in file.tensors {
      _ = try? file.anyTensor(tensor.name)
      _ = try? file.tensor(tensor.name, as: Double.self, converting: true)
    }
  }
}
