import CKernels

enum Allocations {
  /// How often this thread has asked for tensor memory.
  static var total: Int { ck_allocations() }

  /// How often this thread asks for tensor memory in `body`.
  static func during(_ body: () throws -> Void) rethrows -> Int {
    let before = total
    try body()
    return total - before
  }
}
