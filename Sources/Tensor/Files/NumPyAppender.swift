/// Writes a `.npy` file that may be larger than memory: rows as they come.
///
/// ```swift
/// let file = try NumPyAppender<Float>("predictions.npy", rowShape: [10])
/// for batch in testImages.split(into: 3) { try file.append(model(batch)) }    // each [rows, 10]
/// try file.finish()
/// ```
///
/// The file appears when it is finished, in place of an older one; without that nothing of it remains.
public final class NumPyAppender<Scalar: TensorScalar> {
  /// Where the rows go.
  public let path: String
  /// The shape of each row.
  public let rowShape: [Int]
  /// The type of the elements in the file.
  public let type: StoredType
  /// How many rows have been appended.
  public private(set) var rowCount = 0

  private let sink: FileSink
  private let announcedCount: Int?

  /// - Parameters:
  ///   - path: where it is written.
  ///   - rowShape: the shape of one row, without the first axis.
  ///   - type: as ``Tensor/write(to:as:fortranOrder:)`` takes it; the tensors' own by default.
  ///   - rowCount: how many rows there will be. Pipes have to be told; for a file it may be left out.
  /// - Throws: where the file cannot be written, and for a pipe without a number of rows.
  public convenience init(
    _ path: String, rowShape: [Int], as type: StoredType? = nil, rowCount: Int? = nil
  ) throws(NumPyFileError) {
    try self.init(FileSink(path: path), path: path, rowShape: rowShape, as: type, rowCount: rowCount)
  }

  package init(
    _ sink: FileSink, path: String, rowShape: [Int], as type: StoredType? = nil, rowCount: Int?
  ) throws(NumPyFileError) {
    require(rowShape.allSatisfy { $0 >= 0 }, "NumPyAppender: the rows have the shape \(rowShape), which is negative")
    require(rowCount ?? 0 >= 0, "NumPyAppender: there are \(rowCount ?? 0) rows; allowed: numbers of at least 0")
    self.path = path
    self.rowShape = rowShape
    self.type = type ?? StoredType(Scalar.elementType)
    self.sink = sink
    announcedCount = rowCount
    try self.type.requireNumPyName(path)
    if !sink.isSeekable && rowCount == nil {
      throw NumPyFileError(
        kind: .system, file: path, offset: nil, expected: "a regular file, or the number of rows before the first one",
        found: "a device, a pipe or a socket")
    }
    try header(rowCount ?? 0).withUnsafeBytes { bytes in
      Result { () throws(NumPyFileError) in try sink.write(bytes) }
    }.get()
  }

  /// Adds rows behind the others: a tensor of the shape [rows] + `rowShape`.
  /// - Precondition: the tensor has this shape.
  /// - Throws: ``NumPyFileError`` where the file cannot be written, and for elements that its type does not hold.
  /// - Complexity: O(*n*), and memory for a piece of a fixed size where elements are converted.
  public func append(_ rows: Tensor<Scalar>) throws(NumPyFileError) {
    require(
      rows.rank == rowShape.count + 1 && Array(rows.shape.dropFirst()) == rowShape,
      "NumPyAppender: rows of the shape \(rows.shape.dropFirst()) do not follow those of \(rowShape)")
    try rows.writeElements(
      as: type,
      refuse: { [path] in NumPyFileError(kind: .elementType, file: path, offset: nil, expected: $0, found: $1) },
      { (bytes) throws(NumPyFileError) in try sink.write(bytes) })
    rowCount += rows.shape[0]
  }

  /// Writes the number of rows into the header and gives the file its name.
  /// - Precondition: the number of rows is the announced one, if any.
  /// - Throws: ``NumPyFileError`` where the file cannot be written; an old one is left as it was.
  public func finish() throws(NumPyFileError) {
    if let announcedCount {
      require(rowCount == announcedCount, "NumPyAppender: there are \(rowCount) rows, not \(announcedCount)")
    } else {
      // As long as the first one: headers leave room for numbers of any length.
      try header(rowCount).withUnsafeBytes { bytes in
        Result { () throws(NumPyFileError) in try sink.write(bytes, at: 0) }
      }.get()
    }
    try sink.commit()
  }

  private func header(_ rowCount: Int) -> [UInt8] {
    NumPyHeader.encoded(type: type, fortranOrder: false, shape: [rowCount] + rowShape)
  }
}
