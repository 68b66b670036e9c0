internal import CHDF5
internal import Foundation

/// The library may be used by one thread at a time: every call to it stands inside ``use(_:)``.
enum HDF5Library {
  private static let lock = NSRecursiveLock()
  nonisolated(unsafe) private static var fileCount = 0

  /// A name for a file in memory that no other has: the library takes files of one name for one file.
  static func newFileName() -> String {
    fileCount += 1
    return "memory \(fileCount)"
  }

  /// Runs `body` alone, without the library's own error texts on the standard error stream.
  static func use<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    _ = H5open()
    let standard = hid_t(H5E_DEFAULT)
    var report: H5E_auto2_t?
    var context: UnsafeMutableRawPointer?
    H5Eget_auto2(standard, &report, &context)
    H5Eset_auto2(standard, nil, nil)
    defer { H5Eset_auto2(standard, report, context) }
    return try body()
  }
}

/// Something that the library has opened, closed when the handle goes away. Lives inside ``HDF5Library/use(_:)``.
struct HDF5Handle: ~Copyable {
  let id: hid_t
  private let close: (hid_t) -> herr_t

  /// - Parameter id: what a call to open or make something returned: below 0 where it failed.
  init(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t, _ failure: () -> ModelFileError) throws(ModelFileError) {
    guard id >= 0 else { throw failure() }
    self.id = id
    self.close = close
  }

  deinit { _ = close(id) }
}
