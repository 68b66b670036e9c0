import Foundation
import Tensor

/// A .npy array to be read from a file, or from a pipe or standard input (`-`), which are read to their end.
struct ArrayInput {
  /// The path in errors.
  let name: String
  let header: NumPyHeader
  /// The bytes of an input that is not a regular file.
  private let bytes: [UInt8]?

  var isFile: Bool { bytes == nil }

  init(_ path: String) throws {
    if path == "-" {
      if isatty(STDIN_FILENO) == 1 {
        throw FileError(file: "standard input", expected: "a .npy file through a pipe", found: "a terminal")
      }
      name = "standard input"
      bytes = try Self.readToEnd(.standardInput, name)
    } else {
      name = path
      bytes = try Self.isPipe(path) ? FileHandle(forReadingAtPath: path).map { try Self.readToEnd($0, path) } : nil
    }
    header = try bytes.map { try NumPyHeader(parsing: $0, file: path) } ?? NumPyFile.header(path)
  }

  /// Reads like `Tensor(contentsOf:converting:)`.
  func tensor<Scalar>(converting: Bool = false) throws -> Tensor<Scalar> {
    if let bytes { return try Tensor(npyBytes: bytes, converting: converting, file: name) }
    return try Tensor(contentsOf: name, converting: converting)
  }

  /// `nil` if an element is out of the type's range.
  func tensorIfExact<Scalar>() throws -> Tensor<Scalar>? {
    do {
      return try tensor()
    } catch let error as NumPyFileError where error.kind == .elementType {
      return nil
    }
  }

  static func isPipe(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && (status.st_mode & S_IFMT == S_IFIFO || status.st_mode & S_IFMT == S_IFSOCK)
  }

  private static func readToEnd(_ handle: FileHandle, _ name: String) throws -> [UInt8] {
    do {
      return try [UInt8](handle.readToEnd() ?? Data())
    } catch {
      throw FileError(file: name, expected: "bytes to read", found: error.localizedDescription)
    }
  }
}
