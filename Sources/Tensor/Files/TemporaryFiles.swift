internal import Glibc

/// The files that are being written under other names, for a program that a signal ends: a `deinit` does not run then.
package enum TemporaryFiles {
  /// Signal handlers read it at any moment: neither the table nor its strings move or go away.
  nonisolated(unsafe) private static let paths = {
    let paths = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: capacity)
    paths.initialize(repeating: nil, count: capacity)
    return paths
  }()
  private static let capacity = 64
  private static let isListing = Lock(false)

  /// From now on files are listed, which costs a path's length of memory for each.
  package static func beginListing() {
    isListing.withLock { $0 = true }
    _ = paths
  }

  /// Removes the files. A signal handler may call it.
  package static func removeAll() {
    for index in 0..<capacity { if let path = paths[index] { unlink(path) } }
  }

  /// - Returns: the place in the list, if there is one.
  static func add(_ path: String) -> Int? {
    isListing.withLock { isListing in
      guard isListing, let free = (0..<capacity).first(where: { paths[$0] == nil }) else { return nil }
      paths[free] = strdup(path)
      return free
    }
  }

  static func remove(at place: Int) {
    isListing.withLock { _ in paths[place] = nil }
  }
}
