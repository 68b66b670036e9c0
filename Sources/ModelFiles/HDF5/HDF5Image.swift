internal import CHDF5

/// A whole HDF5 file in memory; the library reads it where it is.
final class HDF5Image: @unchecked Sendable {
  /// The path, or the name given to bytes.
  let name: String
  /// From the signature on, as addresses count. Not changed once the image is made.
  private(set) var bytes: UnsafeRawBufferPointer
  private let file: UnsafeRawBufferPointer
  /// What stands before HDF5, which is anybody's.
  private var userBlockSize: Int { file.count - bytes.count }

  /// Reads a file, or a member of an archive.
  /// - Complexity: one copy of it in memory.
  init<Source: ByteSource>(_ source: Source) throws(ModelFileError) where Source.Failure == ModelFileError {
    name = source.name
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: source.byteCount, alignment: 64)
    file = UnsafeRawBufferPointer(memory)
    bytes = file
    try source.read(into: memory, at: 0)
    let start = Self.start(fileSize: file.count) { [file] in Array(file[$0]) } ?? 0
    bytes = UnsafeRawBufferPointer(rebasing: file[start...])
  }

  /// Where HDF5's signature stands: at the beginning, or at 512 bytes, 1024, 2048 and so on; none where it is nowhere.
  static func start<Failure: Error>(
    fileSize: Int, _ bytes: (Range<Int>) throws(Failure) -> [UInt8]
  ) throws(Failure) -> Int? {
    var place = 0
    while place <= fileSize - 8 {
      let found = LittleEndianBytes(try bytes(place..<place + 8)).uint64(0)
      if found == HDF5Structure.signature { return place }
      place = max(512, 2 * place)
    }
    return nil
  }

  /// Throws where the library is not to open the file: to be called before it does.
  /// - Returns: whether everything in the file has been followed.
  func check() throws(ModelFileError) -> Bool {
    var structure = HDF5Structure(HDF5Bytes(bytes, file: name, userBlockSize: userBlockSize))
    try structure.check()
    return structure.isComplete
  }

  deinit { file.deallocate() }

  /// Opens the file, to read, for as long as `body` runs.
  func open<Result>(_ body: (_ file: borrowing HDF5Handle) throws(ModelFileError) -> Result) throws(ModelFileError)
    -> Result
  {
    try HDF5Library.use { () throws(ModelFileError) in
      let failure = { [name] in
        ModelFileError(
          kind: .format, file: name, expected: "an HDF5 file", found: "what the HDF5 library cannot open")
      }
      let access = try HDF5Handle(H5Pcreate(chdf5_file_access()), H5Pclose, failure)
      let memory = UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
      guard chdf5_set_image(access.id, memory, bytes.count) >= 0 else { throw failure() }
      // Everything that belongs to the file is closed with it.
      H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG)
      let file = try HDF5Handle(H5Fopen(HDF5Library.newFileName(), chdf5_read_only(), access.id), H5Fclose, failure)
      return try body(file)
    }
  }
}
