internal import CHDF5

/// A whole HDF5 file in memory; the library reads it where it is.
final class HDF5Image: @unchecked Sendable {
  /// The path, or the name given to bytes.
  let name: String
  /// Not changed once the image is made.
  let bytes: UnsafeRawBufferPointer

  /// Reads a file, or a member of an archive.
  /// - Complexity: one copy of it in memory.
  init<Source: ByteSource>(_ source: Source) throws(ModelFileError) where Source.Failure == ModelFileError {
    name = source.name
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: source.byteCount, alignment: 64)
    bytes = UnsafeRawBufferPointer(memory)
    try source.read(into: memory, at: 0)
  }

  /// Throws where the library is not to open the file: to be called before it does.
  /// - Returns: whether everything in the file has been followed.
  func check() throws(ModelFileError) -> Bool {
    var structure = HDF5Structure(HDF5Bytes(bytes, file: name))
    try structure.check()
    return structure.isComplete
  }

  deinit { bytes.deallocate() }

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
