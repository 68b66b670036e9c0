internal import CZip

extension [UInt8] {
  /// Inflates data in zlib's format; `nil` if it is anything else, or does not have this size.
  func inflated(byteCount: Int) -> [UInt8]? {
    var count = uLongf(byteCount)
    var status: CInt = 0
    let result = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, initialized in
      status = uncompress(buffer.baseAddress, &count, self, uLong(self.count))
      initialized = status == Z_OK ? Int(count) : 0
    }
    return status == Z_OK && result.count == byteCount ? result : nil
  }
}
