internal import CKernels

/// The memory of tensors of one element type. Copies share the memory; a tensor writes only where nobody else holds it.
struct Storage<Scalar: TensorScalar>: Sendable {
  /// Held by reference and without the element type, so that generic code needs no metadata to hold it.
  var memory: Memory

  /// Uninitialised memory from the package's allocator, aligned to 64 bytes.
  init(count: Int) {
    guard let storage = Storage(attempting: count) else {
      trap("no memory for \(count) elements of \(Scalar.elementType.name)")
    }
    self = storage
  }

  /// As `init(count:)`; `nil` when there is no memory for so many.
  init?(attempting count: Int) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
    guard !overflow, let memory = Memory(byteCount: bytes) else { return nil }
    self.memory = memory
  }

  /// Foreign memory that `owner` keeps alive.
  init(base: UnsafeMutablePointer<Scalar>, count: Int, isWritable: Bool, owner: AnyObject) {
    memory = Memory(
      start: base, byteCount: count * MemoryLayout<Scalar>.stride, isWritable: isWritable, release: .owner(owner))
  }

  /// Foreign memory, handed back by a function.
  init(base: UnsafeMutablePointer<Scalar>, count: Int, deallocator: @escaping @Sendable () -> Void) {
    memory = Memory(
      start: base, byteCount: count * MemoryLayout<Scalar>.stride, isWritable: true, release: .deallocator(deallocator))
  }

  var base: UnsafeMutablePointer<Scalar> {
    @inline(__always) get { memory.start.assumingMemoryBound(to: Scalar.self) }
  }

  var count: Int { memory.byteCount / MemoryLayout<Scalar>.stride }

  /// Whether this is the only holder of memory that tensors may write to.
  var isExclusive: Bool {
    @inline(__always) mutating get { isKnownUniquelyReferenced(&memory) && memory.isWritable }
  }

  static func === (a: Storage, b: Storage) -> Bool { a.memory === b.memory }
}

/// One stretch of memory.
final class Memory: @unchecked Sendable {
  let start: UnsafeMutableRawPointer
  let byteCount: Int
  /// Whether tensors may write here; memory-mapped files are only read.
  let isWritable: Bool
  private let release: Release

  enum Release {
    case kernels
    case deallocator(@Sendable () -> Void)
    case owner(AnyObject)
  }

  init(start: UnsafeMutableRawPointer, byteCount: Int, isWritable: Bool, release: Release) {
    self.start = start
    self.byteCount = byteCount
    self.isWritable = isWritable
    self.release = release
  }

  /// From the package's allocator; nil when there is none.
  convenience init?(byteCount: Int) {
    guard let start = ck_allocate(byteCount) else { return nil }
    self.init(start: start, byteCount: byteCount, isWritable: true, release: .kernels)
  }

  deinit {
    switch release {
    case .kernels: ck_free(start, byteCount)
    case .deallocator(let deallocate): deallocate()
    case .owner: break
    }
  }
}
