/// The formats of the files that this module reads.
@nonexhaustive
public enum FileFormat: String, Hashable, Sendable, CaseIterable {
  /// One array, in the format of `numpy.save`.
  case npy
  /// Named arrays, in the format of `numpy.savez`.
  case npz
  /// Named tensors after a JSON header, in the format of Hugging Face's libraries.
  case safetensors
  /// A model, saved by Keras 3 or TF-Keras 2.12 or later.
  case keras
  /// HDF5: weights, or a whole model from earlier versions of Keras.
  case hdf5

  /// The format of a path's extension: `.npy`, `.npz`, `.safetensors`, `.keras`, `.h5`, `.hdf5`.
  public init?(extensionOf path: String) {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    switch path[dot...].dropFirst().lowercased() {
    case "npy": self = .npy
    case "npz": self = .npz
    case "safetensors": self = .safetensors
    case "keras": self = .keras
    case "h5", "hdf5": self = .hdf5
    default: return nil
    }
  }
}

/// Opens a file of tensors in any of the formats, recognised by the file's first bytes.
/// - Throws: ``ModelFileError`` if the file is damaged or has none of the formats.
public func openTensorFile(_ path: String) throws(ModelFileError) -> any TensorFile {
  try openTensorFile(FileBytes(path: path))
}

func openTensorFile(_ bytes: FileBytes) throws(ModelFileError) -> any TensorFile {
  let prefix = try bytes.bytes(0..<min(9, bytes.byteCount))
  if prefix.starts(with: [0x93] + Array("NUMPY".utf8)) { return try NPYFile(bytes) }
  if prefix.starts(with: Array("PK".utf8)) {
    let archive = try ZipReader(bytes)
    return try KerasFile.isLike(archive) ? KerasFile(archive) : NPZFile(archive)
  }
  if prefix.count == 9, prefix[8] == UInt8(ascii: "{") { return try SafetensorsFile(bytes) }
  let start = try HDF5Bytes.start(fileSize: bytes.byteCount) { (range) throws(ModelFileError) in try bytes.bytes(range)
  }
  if start != nil { return try HDF5File(reading: bytes) }
  throw bytes.failure(
    .format, at: 0, expected: "a file of the formats .npy, .npz, .safetensors, .keras or .h5",
    found: prefix.isEmpty ? "an empty file" : "other bytes")
}
