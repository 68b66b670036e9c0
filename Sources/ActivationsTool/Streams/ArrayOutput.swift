import Foundation
import Tensor

/// The destination of a .npy array: a file, which appears when it is complete, or standard output (`-`).
enum ArrayOutput {
  static func write<Scalar>(_ tensor: Tensor<Scalar>, to path: String, as type: StoredType) throws {
    let sink = try sink(path)
    try tensor.write(to: sink, file: name(path), as: type)
    try sink.commit()
  }

  static func sink(_ path: String) throws -> FileSink {
    guard path == "-" else { return try FileSink(path: path) }
    if Terminal.isOutput {
      throw FileError(file: name(path), expected: "a file or a pipe for a .npy array", found: "a terminal")
    }
    return try FileSink.standardOutput()
  }

  static func name(_ path: String) -> String { path == "-" ? "standard output" : path }
}
