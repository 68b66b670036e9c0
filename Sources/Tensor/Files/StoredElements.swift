internal import CKernels

// The way of all formats from bytes to tensors and back: what the elements are, where they lie, and a source that reads.

/// Elements in a file, in memory, or wherever bytes are.
package struct StoredElements: Hashable, Sendable {
  package let type: StoredType
  /// Whether the bytes of an element are in the opposite order to this machine's.
  package let isByteSwapped: Bool
  /// Whether the first axis is the contiguous one, instead of the last.
  package let isFortranOrder: Bool
  package let shape: [Int]
  /// The first byte.
  package let offset: Int
  /// Where the source says what the type is, for error texts.
  package let typeOffset: Int?

  /// - Precondition: the lengths are not negative, and the bytes of a shape without its zeros can be counted.
  package init(
    type: StoredType, isByteSwapped: Bool = false, shape: [Int], isFortranOrder: Bool = false, offset: Int = 0,
    typeOffset: Int? = nil
  ) {
    self.type = type
    self.isByteSwapped = isByteSwapped
    self.isFortranOrder = isFortranOrder
    self.shape = shape
    self.offset = offset
    self.typeOffset = typeOffset
  }

  package var count: Int { shape.reduce(1, *) }
  package var byteCount: Int { count * type.byteCount }

  /// The bytes of so many elements, lengths of 0 counted as 1 because strides are computed so; `nil` beyond half of
  /// what can be addressed.
  package static func byteCount(type: StoredType, shape: [Int]) -> Int? {
    var result = type.byteCount
    for length in shape {
      let (product, overflow) = result.multipliedReportingOverflow(by: max(length, 1))
      if length < 0 || overflow || product > Int.max / 2 { return nil }
      result = product
    }
    return shape.contains(0) ? 0 : result
  }

  /// The layout of the elements in memory that begins with them.
  var layout: Layout {
    isFortranOrder ? Layout(contiguous: shape.reversed()).transposed : Layout(contiguous: shape)
  }
}

/// Bytes that can be read at any place: a file, memory, a member of an archive.
package protocol ByteSource {
  associatedtype Failure: Error
  /// The name for error texts.
  var name: String { get }
  var byteCount: Int { get }
  /// Fills the memory with the bytes from an offset on. Elements are read from the first to the last.
  func read(into memory: UnsafeMutableRawBufferPointer, at offset: Int) throws(Failure)
  /// What is thrown when the bytes cannot be taken.
  func failure(_ kind: NumPyFileError.Kind, at offset: Int?, expected: String, found: String) -> Failure
}

// MARK: Reading

extension Tensor {
  /// Reads the elements; those in Fortran order become a tensor with that order of strides, nothing is rearranged.
  /// - Parameter converting: whether elements of another type are converted, as `cast(to:)` does it.
  package init<Source: ByteSource>(
    _ elements: StoredElements, from source: Source, converting: Bool
  ) throws(Source.Failure) {
    let conversion = StoredReading(from: elements, to: Scalar.elementType)
    guard converting || conversion.isExact else { throw elements.mismatch(Scalar.elementType, source) }
    guard elements.shape.count <= Self.maximumRank else {
      throw source.failure(
        .unsupported, at: nil, expected: "at most \(Self.maximumRank) axes", found: "\(elements.shape.count)")
    }
    guard let storage = Storage<Scalar>(attempting: elements.count) else {
      throw source.failure(
        .system, at: elements.offset,
        expected: "memory for \(elements.count) elements of \(Scalar.elementType.name)", found: "none")
    }
    self = try Tensor.making(in: storage, elements.layout) { tensor throws(Source.Failure) in
      let memory = UnsafeMutableRawBufferPointer(tensor.buffer)
      if conversion.isIdentity {
        try source.read(into: memory, at: elements.offset)
        conversion.normalise(memory)
      } else {
        try source.read(elements, conversion, isChecked: !converting, into: memory.baseAddress!)
      }
    }
  }

  /// The elements where they lie in a file that is mapped into memory.
  /// - Throws: where they can only be read: another element type, the other order of bytes, data that does not begin at
  ///   a multiple of the element's size, Bool that is neither 0 nor 1 (which is looked for in every element).
  package init<Source: ByteSource>(
    mapping elements: StoredElements, in file: MappedFile, of source: Source
  ) throws(Source.Failure) {
    let conversion = StoredReading(from: elements, to: Scalar.elementType)
    guard conversion.isIdentity else { throw elements.mismatch(Scalar.elementType, source, forMapping: true) }
    func notMappable(_ offset: Int?, _ expected: String, _ found: String) -> Source.Failure {
      source.failure(.notMappable, at: offset, expected: "\(expected), to be mapped", found: found)
    }
    guard !elements.isByteSwapped else {
      throw notMappable(elements.typeOffset, "this machine's order of bytes", "the other one")
    }
    let alignment = MemoryLayout<Scalar>.alignment
    guard elements.offset % alignment == 0 else {
      throw notMappable(elements.offset, "data at a multiple of \(alignment) bytes", "data at \(elements.offset)")
    }
    let data = UnsafeRawBufferPointer(rebasing: file.bytes[elements.offset..<elements.offset + elements.byteCount])
    if elements.type == .bool, let index = data.firstIndex(where: { $0 > 1 }) {
      throw notMappable(elements.offset + index, "Bool of 0 or 1", "\(data[index])")
    }
    let base = UnsafeMutableRawPointer(mutating: file.bytes.baseAddress! + elements.offset)
    self.init(
      storage: Storage(
        base: base.assumingMemoryBound(to: Scalar.self), count: elements.count, isWritable: false, owner: file),
      layout: elements.layout)
  }
}

extension StoredElements {
  fileprivate func mismatch<Source: ByteSource>(
    _ target: ElementType, _ source: Source, forMapping: Bool = false
  ) -> Source.Failure {
    source.failure(
      .elementType, at: typeOffset,
      expected: "\(target.name)\(forMapping ? ", to be mapped" : " (any type with converting: true)")", found: type.name
    )
  }
}

extension ByteSource {
  /// Reads and converts in pieces.
  fileprivate func read(
    _ elements: StoredElements, _ conversion: StoredReading, isChecked: Bool, into result: UnsafeMutableRawPointer
  ) throws(Failure) {
    let total = elements.count
    let piece = min(total, elementsPerPiece)
    let width = elements.type.byteCount
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece * width, alignment: 64)
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: piece * 8, alignment: 64)
    defer {
      buffer.deallocate()
      scratch.deallocate()
    }
    var done = 0
    while done < total {
      let count = min(total - done, piece)
      let offset = elements.offset + done * width
      let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * width)])
      try read(into: bytes, at: offset)
      conversion.normalise(bytes)
      let place = result + done * conversion.target.byteCount
      if let misfit = conversion.convert(bytes, scratch: scratch, to: place, isChecked: isChecked) {
        throw failure(
          .elementType, at: offset + misfit * width,
          expected: "a number of at most \(Int64.max), as \(conversion.target.name) holds (any with converting: true)",
          found: "\(bytes.load(fromByteOffset: misfit * width, as: UInt64.self))")
      }
      done += count
    }
  }
}

/// Enough to make calls cheap, few enough to stay in the cache.
private let elementsPerPiece = 32_768

// MARK: Writing

extension Tensor {
  /// The elements in row-major order as bytes of the type, in this machine's order.
  /// - Parameters:
  ///   - refuse: makes the error for types that are not written from this one, and integers that do not fit.
  ///   - write: takes the bytes, piece by piece.
  package func writeElements<Failure: Error>(
    as type: StoredType, refuse: (_ expected: String, _ found: String) -> Failure,
    _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let writing = StoredWriting(from: Scalar.elementType, to: type)
    guard writing.isPossible else {
      throw refuse("a tensor that \(type.name) is written from: \(writing.sources)", Scalar.elementType.name)
    }
    if writing.isIdentity {
      try writeElements(write)
      return
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Swift.min(count, elementsPerPiece) * type.byteCount, alignment: 64)
    defer { buffer.deallocate() }
    let width = Scalar.elementType.byteCount
    try writeElements { (bytes) throws(Failure) in
      for start in stride(from: 0, to: bytes.count, by: elementsPerPiece * width) {
        let end = Swift.min(start + elementsPerPiece * width, bytes.count)
        let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        if let misfit = writing.convert(piece, to: buffer.baseAddress!) {
          throw refuse("integers in the range of \(type.name)", misfit)
        }
        try write(UnsafeRawBufferPointer(rebasing: buffer[..<(piece.count / width * type.byteCount)]))
      }
    }
  }

  /// The elements in row-major order as they are, without a second copy of them all.
  private func writeElements<Failure: Error>(
    _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let count = count
    if count == 0 { return }
    if isContiguous || count <= elementsPerPiece {
      let piece = contiguous
      try write(
        UnsafeRawBufferPointer(
          start: piece.storage.base + piece.layout.offset, count: count * Scalar.elementType.byteCount))
      withExtendedLifetime(piece.storage) {}
      return
    }
    let length = shape[0]
    let step = Swift.max(1, elementsPerPiece / (count / length))
    for start in stride(from: 0, to: length, by: step) {
      let rows = layout.sliced(axis: 0, start: start, count: Swift.min(step, length - start), step: 1)
      try view(rows.shape[0] == 1 ? rows.removing(axis: 0) : rows).writeElements(write)
    }
  }
}
