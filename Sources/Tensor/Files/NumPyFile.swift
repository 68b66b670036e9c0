// Tensors in NumPy's `.npy` files: format versions 1.0 to 3.0 are read, either order of axes, either order of bytes.
//
//     let weights = try Tensor<Float>(contentsOf: "weights.npy")
//     try weights.write(to: "copy.npy")
//
// A tensor reads its own element type, and exactly what it can hold of the types that tensors do not have: `float16` in
// Float and Double; `int8`, `int16` and `uint16` in Int32 and Int64; `uint32` in Int64; `uint64` in Int64 while the
// elements fit. Everything else is converted only when asked for.

/// Looking into `.npy` files.
public enum NumPyFile {
  /// The element type, the order and the shape that a file's header tells; the data is not read.
  /// - Throws: ``NumPyFileError`` where the file cannot be read or does not begin as a `.npy` file does.
  public static func header(_ path: String) throws(NumPyFileError) -> NumPyHeader {
    try NumPyHeader(of: FileSource(path: path))
  }
}

extension NumPyHeader {
  /// Parses the header and compares what it announces with the number of bytes that are there.
  package init<Source: ByteSource>(of source: Source) throws(Source.Failure) {
    // Nearly all headers end within the first read.
    var prefix = try source.prefix(1024)
    if prefix.count > 12, prefix[6] > 1 || prefix[9] > 2 { prefix = try source.prefix(Self.maximumPrefix) }
    do {
      try self.init(parsing: prefix, file: source.name)
    } catch {
      throw source.failure(error.kind, at: error.offset, expected: error.expected, found: error.found)
    }
    let available = source.byteCount - dataOffset
    guard available == dataByteCount else {
      throw source.failure(
        .size, at: min(source.byteCount, dataOffset + dataByteCount),
        expected: "\(dataByteCount) bytes of data for \(type.name) of the shape \(shape)",
        found: "\(available)")
    }
  }

  /// The elements after the header.
  package var elements: StoredElements {
    StoredElements(
      type: type, isByteSwapped: isByteSwapped, shape: shape, isFortranOrder: isFortranOrder, offset: dataOffset,
      typeOffset: typeOffset)
  }
}

extension ByteSource {
  fileprivate func prefix(_ limit: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(limit, byteCount))
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { memory.deallocate() }
    try read(into: memory, at: 0)
    bytes.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(memory)) }
    return bytes
  }
}

// MARK: Reading

extension Tensor {
  /// Reads a `.npy` file. A file in Fortran order becomes a tensor with that order of strides; nothing is rearranged.
  /// - Parameters:
  ///   - path: a regular file that contains one array and nothing after it.
  ///   - converting: whether elements of another type are converted, as `cast(to:)` does it.
  /// - Throws: for files that are missing, damaged, of another element type, or longer or shorter than their header says.
  /// - Complexity: O(*n*), one allocation; the file is read straight into it, or in pieces where it is converted.
  public init(contentsOf path: String, converting: Bool = false) throws(NumPyFileError) {
    try self.init(source: FileSource(path: path), converting: converting)
  }

  /// Reads the bytes of a `.npy` file from memory, for example out of an archive.
  /// - Parameter bytes: the whole file.
  /// - Parameter converting: whether other element types are converted; else they are an error.
  /// - Parameter file: what error texts call the bytes.
  /// - Throws: ``NumPyFileError`` where they are damaged, or of another type that is not to be converted.
  public init(
    npyBytes bytes: [UInt8], converting: Bool = false, file: String = "bytes in memory"
  ) throws(NumPyFileError) {
    let result = bytes.withUnsafeBytes { memory in
      Result { () throws(NumPyFileError) -> Tensor in
        try Tensor(npyBytes: memory, converting: converting, file: file)
      }
    }
    self = try result.get()
  }

  /// Reads the bytes of a `.npy` file from memory, which is copied.
  /// - Parameter bytes: the whole file.
  /// - Parameter converting: whether other element types are converted; else they are an error.
  /// - Parameter file: what error texts call the bytes.
  /// - Throws: ``NumPyFileError`` where they are damaged, or of another type that is not to be converted.
  public init(
    npyBytes bytes: UnsafeRawBufferPointer, converting: Bool = false, file: String = "bytes in memory"
  ) throws(NumPyFileError) {
    try self.init(source: MemorySource(name: file, bytes: bytes), converting: converting)
  }

  private init<Source: ByteSource>(source: Source, converting: Bool) throws(Source.Failure) {
    try self.init(NumPyHeader(of: source).elements, from: source, converting: converting)
  }

  /// Maps a `.npy` file into memory: nothing is read until it is looked at, and files may be larger than memory.
  ///
  /// The tensor copies the elements before it writes; the file never changes. Nor may the file be changed by others
  /// while a tensor maps it: what is then read is undefined, and a file cut short stops the program.
  /// - Throws: also where the file can only be read: another element type, the other order of bytes, data that does not
  ///   begin at a multiple of the element's size, Bool that is neither 0 nor 1 (which is looked for in every element).
  public init(mapping path: String) throws(NumPyFileError) {
    let source = try FileSource(path: path)
    let header = try NumPyHeader(of: source)
    try self.init(mapping: header.elements, in: source.mapped(), of: source)
  }
}

// MARK: Writing

extension Tensor {
  /// Writes a `.npy` file, byte for byte as `numpy.save` does. It appears under its name when it is complete.
  /// - Parameters:
  ///   - path: a file that is made or replaced; a pipe or device is written to as it is.
  ///   - fortranOrder: whether the first axis is contiguous in the file. By default where it is in the tensor, as with a
  ///     transposed matrix; all else is written in row-major order.
  /// - Throws: ``NumPyFileError`` where the file cannot be written; an old one is left as it was.
  /// - Complexity: O(*n*). A tensor that lies so is written straight from its storage, others in pieces.
  public func write(to path: String, fortranOrder: Bool? = nil) throws(NumPyFileError) {
    try write(to: path, as: StoredType(Scalar.elementType), fortranOrder: fortranOrder)
  }

  /// Writes a `.npy` file of another type: reals as any floating-point type but bfloat16, rounded to the nearest, ties to
  /// even; integers as any integers. Every type can be written as itself.
  /// - Throws: for other types, and for integers that the type does not hold; nothing is left behind.
  public func write(to path: String, as type: StoredType, fortranOrder: Bool? = nil) throws(NumPyFileError) {
    try type.requireNumPyName(path)
    let sink = try FileSink(path: path)
    try write(to: sink, file: path, as: type, fortranOrder: fortranOrder)
    try sink.commit()
  }

  /// Writes a `.npy` file to a sink, which is not committed.
  package func write(
    to sink: FileSink, file: String, as type: StoredType, fortranOrder: Bool? = nil
  ) throws(NumPyFileError) {
    try type.requireNumPyName(file)
    try encode(
      as: type, fortranOrder: fortranOrder,
      refuse: { NumPyFileError(kind: .elementType, file: file, offset: nil, expected: $0, found: $1) },
      { (bytes) throws(NumPyFileError) in try sink.write(bytes) })
  }

  /// What `write(to:)` writes.
  public var npyBytes: [UInt8] { npyBytes() }

  /// What `write(to:fortranOrder:)` writes.
  public func npyBytes(fortranOrder: Bool? = nil) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(1024 + count * Scalar.elementType.byteCount)
    encode(
      as: StoredType(Scalar.elementType), fortranOrder: fortranOrder,
      refuse: { trap("expected \($0), found \($1)") }, { result.append(contentsOf: $0) })
    return result
  }

  /// A `.npy` file, piece by piece.
  package func encode<Failure: Error>(
    as type: StoredType, fortranOrder: Bool?, refuse: (_ expected: String, _ found: String) -> Failure,
    _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let fortranOrder = fortranOrder ?? isFortranOrder
    let header = npyHeader(as: type, fortranOrder: fortranOrder)
    let headerMemory = UnsafeMutableRawBufferPointer.allocate(byteCount: header.count, alignment: 1)
    defer { headerMemory.deallocate() }
    headerMemory.copyBytes(from: header)
    try write(UnsafeRawBufferPointer(headerMemory))
    try (fortranOrder ? transposed : self).writeElements(as: type, refuse: refuse, write)
  }

  /// The bytes in front of the elements.
  package func npyHeader(as type: StoredType, fortranOrder: Bool? = nil) -> [UInt8] {
    NumPyHeader.encoded(type: type, fortranOrder: fortranOrder ?? isFortranOrder, shape: shape)
  }

  private var isFortranOrder: Bool { !isContiguous && transposed.isContiguous }
}

extension StoredType {
  /// - Throws: for a type that `.npy` files do not have.
  package func requireNumPyName(_ file: String) throws(NumPyFileError) {
    guard numPyName == nil else { return }
    throw NumPyFileError(
      kind: .unsupported, file: file, offset: nil, expected: "a type that .npy files have", found: name)
  }
}
