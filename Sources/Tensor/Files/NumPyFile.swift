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
  public static func header(_ path: String) throws(NumPyFileError) -> NumPyHeader {
    try NumPyHeader(of: FileSource(path: path))
  }
}

extension NumPyHeader {
  /// Parses the header and compares what it announces with the number of bytes that are there.
  init(of source: some ByteSource) throws(NumPyFileError) {
    // Nearly all headers end within the first read.
    var prefix = try source.prefix(1024)
    if prefix.count > 12, prefix[6] > 1 || prefix[9] > 2 { prefix = try source.prefix(Self.maximumPrefix) }
    try self.init(parsing: prefix, file: source.name)
    let available = source.byteCount - dataOffset
    guard available == dataByteCount else {
      throw NumPyFileError(
        kind: .size, file: source.name, offset: Swift.min(source.byteCount, dataOffset + dataByteCount),
        expected: "\(dataByteCount) bytes of data for \(type.name) of the shape \(shape)",
        found: "\(available)")
    }
  }

  /// The layout of the elements in memory that begins with them.
  var layout: Layout {
    isFortranOrder ? Layout(contiguous: shape.reversed()).transposed : Layout(contiguous: shape)
  }
}

extension ByteSource {
  fileprivate func prefix(_ limit: Int) throws(NumPyFileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Swift.min(limit, byteCount))
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
  ///   - path: a regular file that holds one array and nothing after it.
  ///   - converting: whether elements of another type are converted, as `cast(to:)` does it.
  /// - Throws: for files that are missing, damaged, of another element type, or longer or shorter than their header says.
  /// - Complexity: O(*n*), one allocation; the file is read straight into it, or in pieces where it is converted.
  public init(contentsOf path: String, converting: Bool = false) throws(NumPyFileError) {
    try self.init(source: FileSource(path: path), converting: converting)
  }

  /// Reads the bytes of a `.npy` file from memory, for example out of an archive.
  /// - Parameter file: what error texts call the bytes.
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
  /// - Parameter file: what error texts call the bytes.
  public init(
    npyBytes bytes: UnsafeRawBufferPointer, converting: Bool = false, file: String = "bytes in memory"
  ) throws(NumPyFileError) {
    try self.init(source: MemorySource(name: file, bytes: bytes), converting: converting)
  }

  private init(source: some ByteSource, converting: Bool) throws(NumPyFileError) {
    let header = try NumPyHeader(of: source)
    let conversion = NumPyConversion(from: header, to: Scalar.elementType)
    guard converting || conversion.isExact else { throw header.mismatch(Scalar.elementType, source.name) }
    guard let storage = Storage<Scalar>(attempting: header.count) else {
      throw NumPyFileError(
        kind: .system, file: source.name, offset: header.dataOffset,
        expected: "memory for \(header.count) elements of \(Scalar.elementType.name)", found: "none")
    }
    self.init(storage: storage, layout: header.layout)
    let memory = UnsafeMutableRawBufferPointer(start: storage.base, count: count * Scalar.elementType.byteCount)
    if conversion.isIdentity {
      try source.read(into: memory, at: header.dataOffset)
      conversion.normalise(memory)
    } else {
      try source.read(header, conversion, isChecked: !converting, into: memory.baseAddress!)
    }
    withExtendedLifetime(storage) {}
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
    let conversion = NumPyConversion(from: header, to: Scalar.elementType)
    guard conversion.isIdentity else { throw header.mismatch(Scalar.elementType, path, forMapping: true) }
    func notMappable(_ offset: Int, _ expected: String, _ found: String) -> NumPyFileError {
      NumPyFileError(
        kind: .notMappable, file: path, offset: offset, expected: "\(expected), to be mapped", found: found)
    }
    guard !header.isByteSwapped else {
      throw notMappable(header.typeOffset, "this machine's order of bytes", "the other one")
    }
    let alignment = MemoryLayout<Scalar>.alignment
    guard header.dataOffset % alignment == 0 else {
      throw notMappable(
        header.dataOffset, "data at a multiple of \(alignment) bytes", "data at \(header.dataOffset)")
    }
    let file = try source.mapped()
    let data = UnsafeRawBufferPointer(rebasing: file.bytes[header.dataOffset...])
    if header.type == .bool, let index = data.firstIndex(where: { $0 > 1 }) {
      throw notMappable(header.dataOffset + index, "Bool of 0 or 1", "\(data[index])")
    }
    let base = UnsafeMutableRawPointer(mutating: file.bytes.baseAddress! + header.dataOffset)
    self.init(
      storage: Storage(
        base: base.assumingMemoryBound(to: Scalar.self), count: header.count, isWritable: false, owner: file),
      layout: header.layout)
  }
}

extension NumPyHeader {
  fileprivate func mismatch(_ target: ElementType, _ file: String, forMapping: Bool = false) -> NumPyFileError {
    NumPyFileError(
      kind: .elementType, file: file, offset: typeOffset,
      expected: "\(target.name)\(forMapping ? ", to be mapped" : " or a request to convert")", found: type.name)
  }
}

extension ByteSource {
  /// Reads and converts in pieces.
  fileprivate func read(
    _ header: NumPyHeader, _ conversion: NumPyConversion, isChecked: Bool, into result: UnsafeMutableRawPointer
  ) throws(NumPyFileError) {
    let piece = Swift.min(header.count, elementsPerPiece)
    let width = header.type.byteCount
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece * width, alignment: 64)
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: piece * 8, alignment: 64)
    defer {
      buffer.deallocate()
      scratch.deallocate()
    }
    var done = 0
    while done < header.count {
      let count = Swift.min(header.count - done, piece)
      let offset = header.dataOffset + done * width
      let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * width)])
      try read(into: bytes, at: offset)
      conversion.normalise(bytes)
      let place = result + done * conversion.target.byteCount
      if let misfit = conversion.convert(bytes, scratch: scratch, to: place, isChecked: isChecked) {
        throw NumPyFileError(
          kind: .elementType, file: name, offset: offset + misfit * width,
          expected: "a number of at most \(Int64.max), as \(conversion.target.name) holds, or a request to convert",
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
  /// Writes a `.npy` file, byte for byte as `numpy.save` does. It appears under its name when it is complete.
  /// - Parameters:
  ///   - path: a file that is made or replaced; a pipe or device is written to as it is.
  ///   - fortranOrder: whether the first axis is contiguous in the file. By default where it is in the tensor, as with a
  ///     transposed matrix; all else is written in row-major order.
  /// - Complexity: O(*n*). A tensor that lies so is written straight from its storage, others in pieces.
  public func write(to path: String, fortranOrder: Bool? = nil) throws(NumPyFileError) {
    let sink = try FileSink(path: path)
    try encode(fortranOrder: fortranOrder) { (bytes) throws(NumPyFileError) in try sink.write(bytes) }
    try sink.commit()
  }

  /// Writes a `.npy` file of a type that tensors do not have: Float as `float16`, rounded to the nearest; Int64 as any
  /// integers. Every type can be written as itself.
  /// - Throws: for other types, and for integers that the type does not hold; nothing is left behind.
  public func write(to path: String, as type: NumPyType, fortranOrder: Bool? = nil) throws(NumPyFileError) {
    guard let narrowing = NumPyNarrowing(from: Scalar.elementType, to: type) else {
      throw NumPyFileError(
        kind: .elementType, file: path, offset: nil,
        expected: "a tensor that \(type.name) is written from: of that type, for float16 Float, for integers Int64",
        found: Scalar.elementType.name)
    }
    if narrowing.isIdentity {
      try write(to: path, fortranOrder: fortranOrder)
      return
    }
    let sink = try FileSink(path: path)
    var isHeader = true
    try encode(as: type, fortranOrder: fortranOrder) { (bytes) throws(NumPyFileError) in
      if isHeader {
        isHeader = false
        try sink.write(bytes)
        return
      }
      let (elements, misfit) = narrowing.narrow(bytes)
      if let misfit {
        throw NumPyFileError(
          kind: .elementType, file: path, offset: nil, expected: "integers that \(type.name) holds",
          found: "\(bytes.load(fromByteOffset: misfit * 8, as: Int64.self))")
      }
      let result = elements.withUnsafeBytes { memory in Result { () throws(NumPyFileError) in try sink.write(memory) } }
      try result.get()
    }
    try sink.commit()
  }

  /// What `write(to:)` writes.
  public var npyBytes: [UInt8] { npyBytes() }

  /// What `write(to:fortranOrder:)` writes.
  public func npyBytes(fortranOrder: Bool? = nil) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(1024 + count * Scalar.elementType.byteCount)
    encode(fortranOrder: fortranOrder) { result.append(contentsOf: $0) }
    return result
  }

  private func encode<Failure: Error>(
    as type: NumPyType = NumPyType(Scalar.elementType), fortranOrder: Bool?,
    _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let fortranOrder = fortranOrder ?? (!isContiguous && transposed.isContiguous)
    let header = NumPyHeader.encoded(type: type, fortranOrder: fortranOrder, shape: shape)
    let headerMemory = UnsafeMutableRawBufferPointer.allocate(byteCount: header.count, alignment: 1)
    defer { headerMemory.deallocate() }
    headerMemory.copyBytes(from: header)
    try write(UnsafeRawBufferPointer(headerMemory))
    try (fortranOrder ? transposed : self).writeElements(write)
  }

  /// The elements in row-major order, without a second copy of them all.
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
