import CKernels

enum Allocations {
  /// How often this thread asks for tensor memory in `body`.
  static func during(_ body: () throws -> Void) rethrows -> Int {
    let before = ck_allocations()
    try body()
    return ck_allocations() - before
  }
}
