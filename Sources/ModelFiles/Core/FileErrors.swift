internal import Tensor

// Conversions of the errors of `.npy` files and of the operating system to this module's.

extension ModelFileError {
  /// - Parameter container: the place of the bytes in a larger file: `member x.npy`.
  init(
    _ kind: NumPyFileError.Kind, _ file: String, in container: String? = nil, at offset: Int?, expected: String,
    found: String
  ) {
    let place = [container, offset.map { "byte \($0)" }].compactMap(\.self).joined(separator: ", ")
    self.init(
      kind: Kind(kind), file: file, place: place.isEmpty ? nil : place, expected: expected, found: found)
  }

  /// Calls a function that throws errors of `.npy` files.
  static func from<Value>(_ body: () throws(NumPyFileError) -> Value) throws(ModelFileError) -> Value {
    do {
      return try body()
    } catch {
      throw ModelFileError(error.kind, error.file, at: error.offset, expected: error.expected, found: error.found)
    }
  }
}

extension ModelFileError.Kind {
  init(_ kind: NumPyFileError.Kind) {
    self =
      switch kind {
      case .system: .system
      case .format, .size: .format
      case .unsupported, .notMappable: .unsupported
      case .elementType: .elementType
      }
  }
}

extension [UInt8] {
  /// Returns bytes that a function fills.
  init<Failure: Error>(
    byteCount: Int, filling fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    var failure: Failure?
    self.init(unsafeUninitializedCapacity: byteCount) { buffer, count in
      do throws(Failure) {
        try fill(UnsafeMutableRawBufferPointer(buffer))
        count = byteCount
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }
}
