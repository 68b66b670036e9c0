internal import CKernels

/// Memory that is written to, and how it lies: what a tensor is before it is one.
///
/// Nobody else holds the memory. It is new, or a tensor was its only holder and has ended in it; and as a destination cannot be copied,
/// it stays so until what `write` functions have written is a tensor.
@usableFromInline
struct Destination<Scalar: TensorScalar>: ~Copyable {
  private let tensor: Tensor<Scalar>

  /// Whoever calls has made sure that nobody else holds the memory.
  fileprivate init(soleHolder tensor: consuming Tensor<Scalar>) { self.tensor = tensor }

  /// New memory with undefined elements.
  init(_ layout: Layout) { self.init(soleHolder: Tensor(uninitialized: layout)) }

  @usableFromInline
  init(_ shape: [Int]) { self.init(soleHolder: Tensor(uninitialized: shape)) }

  /// The elements of x in this layout of the same shape: in x's own memory, where they lie so and nobody else holds it, else copied.
  init(_ x: consuming Tensor<Scalar>, in layout: Layout) {
    if x.layout == layout && x.isReusable {
      self.init(soleHolder: x)
    } else {
      self.init(layout)
      copy(x.operand())
    }
  }

  /// The tensor that has been written.
  @usableFromInline
  consuming func finish() -> Tensor<Scalar> { tensor }

  var layout: Layout { tensor.layout }

  /// Where the first element lies.
  @usableFromInline var start: UnsafeMutablePointer<Scalar> { tensor.storage.base + tensor.layout.offset }

  /// The elements in memory, of a layout without gaps.
  @usableFromInline var buffer: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: start, count: tensor.count)
  }

  /// What stands here now, to be read by what overwrites it.
  var operand: Operand { @inline(__always) get { tensor.operand() } }

  @inline(__always)
  func operand(in part: Layout) -> Operand { tensor.operand(in: part) }

  /// Calls a kernel that writes here what it makes of operands, which all have this shape.
  @inline(__always)
  mutating func write(reading x: Operand, _ kernel: (KernelArguments) -> Void) {
    call(start, tensor.layout, x, x, x, kernel)
  }

  @inline(__always)
  mutating func write(
    reading x: Operand, _ y: Operand, _ kernel: (KernelArguments) -> Void
  ) {
    call(start, tensor.layout, x, y, x, kernel)
  }

  @inline(__always)
  mutating func write(
    reading x: Operand, _ y: Operand, _ z: Operand,
    _ kernel: (KernelArguments) -> Void
  ) {
    call(start, tensor.layout, x, y, z, kernel)
  }

  /// The same for a part of this memory, and operands of its shape.
  @inline(__always)
  mutating func write(to part: Layout, reading x: Operand, _ kernel: (KernelArguments) -> Void) {
    call(tensor.storage.base + part.offset, part, x, x, x, kernel)
  }

  @inline(__always)
  mutating func write(
    to part: Layout, reading x: Operand, _ y: Operand, _ z: Operand,
    _ kernel: (KernelArguments) -> Void
  ) {
    call(tensor.storage.base + part.offset, part, x, y, z, kernel)
  }

  @inline(__always)
  private borrowing func call(
    _ start: UnsafeMutablePointer<Scalar>, _ layout: borrowing Layout, _ x: Operand, _ y: Operand,
    _ z: Operand, _ kernel: (KernelArguments) -> Void
  ) {
    let rank = layout.shape.count
    layout.shape.withKernelPointer { shape in
      layout.strides.withKernelPointer { strides in
        x.withKernelOperand { x in
          y.withKernelOperand { y in
            z.withKernelOperand { z in
              kernel(
                KernelArguments(
                  rank: rank, shape: shape, result: ck_operand(data: start, strides: strides), x: x, y: y, z: z))
            }
          }
        }
      }
    }
  }
}

/// What every kernel is told: a shape, and where results and operands lie.
struct KernelArguments {
  let rank: Int
  let shape: UnsafePointer<Int>
  let result, x, y, z: ck_operand
}

extension Tensor {
  /// The tensor that `write` makes in new memory.
  @inlinable @inline(__always)
  static func making<Failure: Error>(
    _ shape: [Int], _ write: (inout Destination<Scalar>) throws(Failure) -> Void
  ) throws(Failure) -> Tensor {
    var destination = Destination<Scalar>(shape)
    try write(&destination)
    return destination.finish()
  }

  @inline(__always)
  static func making<Failure: Error>(
    _ layout: Layout, _ write: (inout Destination<Scalar>) throws(Failure) -> Void
  ) throws(Failure) -> Tensor {
    var destination = Destination<Scalar>(layout)
    try write(&destination)
    return destination.finish()
  }

  /// The tensor that `write` makes in memory that nobody else holds yet.
  static func making<Failure: Error>(
    in storage: consuming Storage<Scalar>, _ layout: Layout,
    _ write: (inout Destination<Scalar>) throws(Failure) -> Void
  ) throws(Failure) -> Tensor {
    var destination = Destination<Scalar>(soleHolder: Tensor(storage: storage, layout: layout))
    try write(&destination)
    return destination.finish()
  }

  /// The tensor that `write` makes of this one in its own memory where nobody else holds it, else in new memory.
  @inline(__always)
  consuming func rewritten(_ write: (inout Destination<Scalar>, _ old: Operand) -> Void) -> Tensor {
    if isReusable {
      var destination = Destination<Scalar>(soleHolder: self)
      write(&destination, destination.operand)
      return destination.finish()
    }
    let old = operand()
    return .making(layout.compacted) { write(&$0, old) }
  }

  /// The same for a result in the shape that this layout has been broadcast to; own memory does only where that is this tensor's shape.
  @inline(__always)
  consuming func rewritten(
    in broadcast: Layout, like model: Tensor,
    _ write: (inout Destination<Scalar>, _ old: Operand) -> Void
  ) -> Tensor {
    if layout.rank == broadcast.rank && layout.shape == broadcast.shape && isReusable {
      var destination = Destination<Scalar>(soleHolder: self)
      write(&destination, destination.operand)
      return destination.finish()
    }
    let old = operand(in: broadcast)
    return .making(model.layout.compacted) { write(&$0, old) }
  }

  /// The tensor that `write` makes of two, which are broadcast to one shape, in the memory of one that nobody else holds, else in new
  /// memory.
  @inline(__always)
  static func rewriting(
    _ x: consuming Tensor, in xBroadcast: Layout, _ y: consuming Tensor, in yBroadcast: Layout,
    _ write: (inout Destination<Scalar>, Operand, Operand) -> Void
  ) -> Tensor {
    let shape = xBroadcast.shape
    if x.shape == shape && x.isReusable {
      var destination = Destination<Scalar>(soleHolder: x)
      write(&destination, destination.operand, y.operand(in: yBroadcast))
      return destination.finish()
    }
    if y.shape == shape && y.isReusable {
      var destination = Destination<Scalar>(soleHolder: y)
      write(&destination, x.operand(in: xBroadcast), destination.operand)
      return destination.finish()
    }
    let layout =
      x.shape == shape
      ? xBroadcast.compacted : y.shape == shape ? yBroadcast.compacted : Layout(contiguous: shape)
    let xOperand = x.operand(in: xBroadcast)
    let yOperand = y.operand(in: yBroadcast)
    return .making(layout) { write(&$0, xOperand, yOperand) }
  }

  /// Whether this tensor can be written to where it lies.
  var isWritable: Bool {
    @inline(__always) mutating get { !layout.repeats && storage.isExclusive }
  }

  /// Changes elements in this tensor's own memory, to which they are copied first where others hold it.
  @inline(__always)
  mutating func overwrite(_ write: (inout Destination<Scalar>) -> Void) {
    makeUnique()
    overwriteOwn(write)
  }

  /// Replaces all elements, in this tensor's own memory or, where others hold it, in new memory.
  @inline(__always)
  mutating func replace(_ write: (inout Destination<Scalar>) -> Void) {
    if !isWritable { self = Tensor(uninitialized: Layout(contiguous: layout.shape)) }
    overwriteOwn(write)
  }

  /// The same where new memory lies in the order of another tensor of this shape.
  @inline(__always)
  mutating func replace(like model: Tensor, _ write: (inout Destination<Scalar>) -> Void) {
    if !isWritable { self = Tensor(uninitialized: model.layout.compacted) }
    overwriteOwn(write)
  }

  /// The same where what stands here is read.
  @inline(__always)
  mutating func replaceReading(_ write: (inout Destination<Scalar>, _ old: Operand) -> Void) {
    if isWritable { return overwriteOwn { write(&$0, $0.operand) } }
    let old = operand()
    self = .making(layout.compacted) { write(&$0, old) }
  }

  /// Of a tensor that is writable.
  @inline(__always)
  mutating func overwriteOwn(_ write: (inout Destination<Scalar>) -> Void) {
    var destination = Destination<Scalar>(soleHolder: consume self)
    write(&destination)
    self = destination.finish()
  }
}
