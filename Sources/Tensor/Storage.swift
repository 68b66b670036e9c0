internal import CKernels

/// One stretch of memory that tensors share. A tensor writes only into storage that nobody else holds.
@usableFromInline
final class Storage<Scalar: TensorScalar>: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Scalar>
  @usableFromInline let count: Int
  /// Whether tensors may write here; memory-mapped files are only read.
  let isWritable: Bool
  private let release: Release

  private enum Release {
    case kernels
    case deallocator(@Sendable () -> Void)
    case owner(AnyObject)
  }

  /// Uninitialised memory from the package's allocator, aligned to 64 bytes.
  @usableFromInline
  init(count: Int) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
    guard !overflow, let memory = ck_allocate(bytes) else {
      fatalError("no memory for \(count) elements of \(Scalar.elementType.name)")
    }
    base = memory.assumingMemoryBound(to: Scalar.self)
    self.count = count
    isWritable = true
    release = .kernels
  }

  /// Foreign memory that `owner` keeps alive.
  init(base: UnsafeMutablePointer<Scalar>, count: Int, isWritable: Bool, owner: AnyObject) {
    self.base = base
    self.count = count
    self.isWritable = isWritable
    release = .owner(owner)
  }

  /// Foreign memory, handed back by a function.
  init(base: UnsafeMutablePointer<Scalar>, count: Int, deallocator: @escaping @Sendable () -> Void) {
    self.base = base
    self.count = count
    isWritable = true
    release = .deallocator(deallocator)
  }

  deinit {
    switch release {
    case .kernels: ck_free(base, count * MemoryLayout<Scalar>.stride)
    case .deallocator(let deallocate): deallocate()
    case .owner: break
    }
  }
}
