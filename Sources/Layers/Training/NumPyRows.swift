internal import Tensor

/// The rows of a `.npy` file, read on demand.
struct NumPyRows: Sendable {
  let path: String
  let count: Int
  private let source: FileSource
  private let elements: StoredElements

  init(_ path: String) throws(NumPyFileError) {
    let source = try FileSource(path: path)
    let header = try NumPyHeader(of: source)
    func unsupported(_ expected: String, _ found: String) -> NumPyFileError {
      source.failure(.unsupported, at: nil, expected: expected, found: found)
    }
    guard let count = header.shape.first else {
      throw unsupported("an axis that counts the samples", "a single element")
    }
    guard !header.isFortranOrder || header.shape.count == 1 else {
      throw unsupported("rows that stand one after another (C order)", "Fortran order")
    }
    self.path = path
    self.count = count
    self.source = source
    elements = header.elements
  }

  private func elements(of rows: Range<Int>) -> StoredElements {
    let rowShape = Array(elements.shape.dropFirst())
    let rowByteCount = rowShape.reduce(1, *) * elements.type.byteCount
    return StoredElements(
      type: elements.type, isByteSwapped: elements.isByteSwapped, shape: [rows.count] + rowShape,
      offset: elements.offset + rows.lowerBound * rowByteCount, typeOffset: elements.typeOffset)
  }

  /// Reads ranges of rows as real numbers, one after another.
  func reals<Scalar: RealScalar>(_ ranges: [Range<Int>]) throws(NumPyFileError) -> Tensor<Scalar> {
    try read(ranges, converting: true)
  }

  /// Reads ranges of rows as a target.
  func target<Scalar: RealScalar>(_ ranges: [Range<Int>]) throws(NumPyFileError) -> Target<Scalar> {
    if elements.type.kind == .real { return .reals(try read(ranges, converting: true)) }
    // Every element is checked, because Int64 cannot represent all of them.
    return .integers(try read(ranges, converting: elements.type != .uint64))
  }

  private func read<Scalar: TensorScalar>(
    _ ranges: [Range<Int>], converting: Bool
  ) throws(NumPyFileError) -> Tensor<Scalar> {
    if ranges.count == 1 { return try Tensor(elements(of: ranges[0]), from: source, converting: converting) }
    var result = Tensor<Scalar>(uninitialized: [ranges.map(\.count).reduce(0, +)] + elements.shape.dropFirst())
    var start = 0
    for range in ranges {
      result[start..<start + range.count] = try Tensor(elements(of: range), from: source, converting: converting)
      start += range.count
    }
    return result
  }
}
