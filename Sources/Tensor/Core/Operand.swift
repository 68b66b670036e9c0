internal import CKernels

/// What a kernel reads: elements of a tensor, or one that stands for all. It keeps their memory, and is not copied, so that a call
/// counts holders once.
struct Operand {
  let type: ck_type
  private let strides: [Int]
  /// Where the elements lie; nil for a single one.
  private let start: UnsafeMutableRawPointer?
  private let memory: Memory?
  /// The bytes of a single element.
  private let value: UInt64

  @inline(__always)
  init(_ memory: Memory, _ start: UnsafeMutableRawPointer, strides: [Int], _ type: ck_type) {
    self.type = type
    self.strides = strides
    self.start = start
    self.memory = memory
    value = 0
  }

  /// One element that stands for a whole tensor.
  @inline(__always)
  init<Scalar: TensorScalar>(_ scalar: Scalar) {
    var bytes: UInt64 = 0
    withUnsafeMutableBytes(of: &bytes) { $0.storeBytes(of: scalar, as: Scalar.self) }
    type = Scalar.elementType.kernelType
    strides = noStrides
    start = nil
    memory = nil
    value = bytes
  }

  @inline(__always)
  func withKernelOperand(_ body: (ck_operand) -> Void) {
    withUnsafePointer(to: value) { value in
      strides.withKernelPointer { strides in
        body(ck_operand(data: start ?? UnsafeMutableRawPointer(mutating: value), strides: strides))
      }
    }
    withExtendedLifetime(memory) {}
  }
}

extension Tensor {
  /// The tensor as kernels take it.
  @inline(__always)
  func operand() -> Operand {
    Operand(storage.memory, storage.base + layout.offset, strides: layout.strides, Scalar.elementType.kernelType)
  }

  /// The same in another layout of this memory, such as that of a broadcast.
  @inline(__always)
  func operand(in layout: Layout) -> Operand {
    Operand(storage.memory, storage.base + layout.offset, strides: layout.strides, Scalar.elementType.kernelType)
  }
}

extension [Int] {
  /// Lengths or strides as kernels take them. Of rank 0, where an array has no address, they read none.
  @inline(__always)
  func withKernelPointer(_ body: (UnsafePointer<Int>) -> Void) {
    withUnsafeBufferPointer {
      body($0.baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<Int>.alignment)!)
    }
  }
}

extension ElementType {
  var kernelType: ck_type { ck_type(rawValue) }
}

/// Strides of a single element that stands for a whole tensor.
private let noStrides = [Int](repeating: 0, count: Int(CK_MAXIMUM_RANK))
