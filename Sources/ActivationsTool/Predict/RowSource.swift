import Foundation
import Tensor

/// Reads the rows of an array of any size, some at a time. A .npy file is mapped into memory if it has the requested
/// element type; otherwise, rows are read and converted. A pipe is read to its end.
struct RowSource<Scalar: RealScalar>: Sendable {
  let name: String
  let shape: [Int]
  /// What rows are called, if they have been read from a file each.
  let rowNames: [String]?
  /// The largest number of rows that are read at once.
  let batchLimit: Int
  private let rows: @Sendable (Range<Int>) throws -> Tensor<Scalar>

  var count: Int { shape[0] }

  /// - Throws: ``FileError``, also for an array without an axis.
  init(_ path: String) throws {
    let input = try ArrayInput(path)
    let header = input.header
    (name, shape) = (input.name, header.shape)
    (rowNames, batchLimit) = (nil, .max)
    try requireSamples(shape, name)
    if input.isFile, !header.isFortranOrder, let mapped = try Self.mapped(path) {
      rows = { mapped[$0] }
    } else if input.isFile, !header.isFortranOrder {
      let file = try FileSource(path: path)
      rows = { try Self.read($0, header, file) }
    } else {
      let all: Tensor<Scalar> = try input.tensor(converting: true)
      rows = { all[$0] }
    }
  }

  init(_ tensor: Tensor<Scalar>, name: String) throws {
    try requireSamples(tensor.shape, name)
    self.init(name: name, shape: tensor.shape, rowNames: nil, batchLimit: .max) { tensor[$0] }
  }

  init(
    name: String, shape: [Int], rowNames: [String]?, batchLimit: Int,
    rows: @escaping @Sendable (Range<Int>) throws -> Tensor<Scalar>
  ) {
    (self.name, self.shape, self.rowNames, self.batchLimit) = (name, shape, rowNames, batchLimit)
    self.rows = rows
  }

  subscript(range: Range<Int>) -> Tensor<Scalar> {
    get throws { try rows(range) }
  }

  /// `nil` if the elements must be converted.
  private static func mapped(_ path: String) throws -> Tensor<Scalar>? {
    do {
      return try Tensor(mapping: path)
    } catch {
      if error.kind == .elementType || error.kind == .notMappable { return nil }
      throw error
    }
  }

  private static func read(_ range: Range<Int>, _ header: NumPyHeader, _ file: FileSource) throws -> Tensor<Scalar> {
    let elements = header.elements
    let rowByteCount = header.shape.dropFirst().reduce(header.type.byteCount, *)
    let piece = StoredElements(
      type: elements.type, isByteSwapped: elements.isByteSwapped, shape: [range.count] + header.shape.dropFirst(),
      offset: elements.offset + range.lowerBound * rowByteCount)
    return try Tensor(piece, from: file, converting: true)
  }
}

/// Rejects arrays of samples without elements: a file of a few bytes can contain any number of them.
private func requireSamples(_ shape: [Int], _ name: String) throws {
  guard let count = shape.first else {
    throw FileError(file: name, expected: "an array whose first axis counts the samples", found: shape)
  }
  if count > 0 && shape.contains(0) {
    throw FileError(file: name, expected: "samples that have elements", found: shape)
  }
}
