import Foundation
import KerasFormat
import Layers
import ModelFiles
import Tensor

/// The destination of a model, whose extension determines the format.
enum ModelOutput {
  /// A whole model: architecture, weights, optimizer.
  case keras(String)
  /// Only weights, in one file.
  case weights(String)
  /// Only weights, a .npy file for each.
  case folder(String)

  static let allowed =
    ".keras for the model, .weights.h5, .npz or .safetensors for its weights, or a folder for .npy files"

  init(_ path: String) throws {
    let name = path.lowercased()
    if name.hasSuffix(".keras") {
      self = .keras(path)
    } else if [".weights.h5", ".npz", ".safetensors"].contains(where: { name.hasSuffix($0) }) {
      self = .weights(path)
    } else if URL(filePath: path).pathExtension.isEmpty || isFolder(path) {
      self = .folder(path)
    } else {
      throw FileError(file: path, expected: Self.allowed, found: "the extension .\(URL(filePath: path).pathExtension)")
    }
  }

  var path: String {
    switch self {
    case .keras(let path), .weights(let path), .folder(let path): path
    }
  }

  /// Throws if nothing could be written.
  func requireWritable() throws {
    switch self {
    case .keras(let path), .weights(let path): try requireWritableFile(path)
    case .folder(let path): try makeFolder(path)
    }
  }

  func write<Scalar: RealScalar>(_ model: Model<Scalar>) throws {
    switch self {
    case .keras(let path): try model.write(to: path)
    case .weights(let path): try model.writeWeights(to: path)
    case .folder(let path): try model.writeWeights(toFolder: path)
    }
  }
}

/// Throws if a file cannot be created, so that this is known before hours of work.
func requireWritableFile(_ path: String) throws {
  let folder = URL(filePath: path).deletingLastPathComponent().path
  guard isFolder(folder) else {
    throw FileError(file: path, expected: "a file in a folder that exists", found: "none")
  }
  guard FileManager.default.isWritableFile(atPath: folder) else {
    throw FileError(file: path, expected: "a file in a folder that can be written to", found: "one that cannot")
  }
}

func isFolder(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
}

func makeFolder(_ path: String) throws {
  guard path != "-" else { throw FileError(file: path, expected: "a file or a folder", found: "a standard stream") }
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw FileError(file: path, expected: "a folder for .npy files", found: "none that can be created")
  }
  guard FileManager.default.isWritableFile(atPath: path) else {
    throw FileError(file: path, expected: "a folder for .npy files", found: "one that cannot be written to")
  }
}
