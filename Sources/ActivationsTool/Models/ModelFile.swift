import ModelFiles

extension TensorFile {
  var format: FileFormat {
    switch self {
    case is NPYFile: .npy
    case is NPZFile: .npz
    case is SafetensorsFile: .safetensors
    case is KerasFile: .keras
    default: .hdf5
    }
  }

  /// Whether the format contains an architecture in addition to the weights.
  var holdsModel: Bool {
    if self is KerasFile { return true }
    return (self as? HDF5File).map { $0.attributes(of: "")["model_config"] != nil } ?? false
  }
}
