internal import CKernels

package enum Allocations {
  /// How often this thread has asked for tensor memory.
  package static var total: Int { ck_allocations() }

  /// How often this thread asks for tensor memory in `body`.
  package static func during(_ body: () throws -> Void) rethrows -> Int {
    let before = total
    try body()
    return total - before
  }
}
