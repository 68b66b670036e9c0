internal import CKernels

// Products, by BLAS. Operands that are transposed, sliced or broadcast are passed as they lie, by their leading dimension.

extension Tensor where Scalar: RealScalar {
  /// The matrix product, with NumPy's rules: [m, k] · [k, n] gives [m, n]. A vector on the left counts as a row, on the
  /// right as a column, and that axis is dropped from the result. Axes before the last two are batches and broadcast.
  ///
  /// Incompatible shapes stop the program. An operand is copied (once) only if BLAS cannot read it: when
  /// neither of its last two axes has stride 1, or one is flipped or broadcast.
  /// - Complexity: O(m k n) per matrix, one allocation. A batch times one matrix is a single product.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func matmul(_ other: Tensor) -> Tensor {
    if rank == 2 && other.rank == 2 {
      let inner = layout.shape[1]
      require(inner == other.layout.shape[0], "matmul: \(Self.mismatch(shape, other.shape))")
      return .making(Layout(contiguous: [layout.shape[0], other.layout.shape[1]])) {
        BLASProduct(self, other).write(to: &$0)
      }
    }
    require(rank > 0 && other.rank > 0, "matmul: \(Self.mismatch(shape, other.shape))")
    let a = rank == 1 ? view(layout.inserting(axis: 0)) : self
    let b = other.rank == 1 ? other.view(other.layout.inserting(axis: 1)) : other
    var result = Tensor.making(Self.productShape(a.shape, b.shape, shape, other.shape)) {
      BLASProduct(a, b).write(to: &$0)
    }
    if other.rank == 1 { result.layout = result.layout.removing(axis: result.rank - 1) }
    if rank == 1 { result.layout = result.layout.removing(axis: result.rank - (other.rank == 1 ? 1 : 2)) }
    return result
  }

  /// The inner product of two vectors of one length, Float accumulated in double.
  /// - Precondition: the shapes are as described.
  public func dot(_ other: Tensor) -> Scalar {
    require(
      rank == 1 && shape == other.shape,
      "dot takes two vectors of one length, not the shapes \(shape) and \(other.shape)")
    return Scalar(Self.innerProduct(vectorOperand, other.vectorOperand))
  }

  /// Every product of an element of this vector and one of another: [m] and [n] give [m, n].
  /// - Precondition: the shapes are as described.
  public func outer(_ other: Tensor) -> Tensor {
    require(rank == 1 && other.rank == 1, "outer takes two vectors, not the shapes \(shape) and \(other.shape)")
    return view(layout.inserting(axis: 1)) * other.view(other.layout.inserting(axis: 0))
  }

  // MARK: In place

  /// self = alpha · a · b + beta · self, without intermediate storage: how gradients are added up.
  ///
  /// The operands are as in ``matmul(_:)`` (vectors included); their product must have this tensor's shape, else it traps.
  /// What a factor of 0 multiplies is not read, NaN included: with `beta` 0 the old elements, with `alpha` 0 the product.
  /// A factor that is NaN gives NaN.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func addMatmul(_ a: Tensor, _ b: Tensor, alpha: Scalar = 1, beta: Scalar = 1) {
    require(a.rank > 0 && b.rank > 0, "addMatmul: \(Self.mismatch(a.shape, b.shape))")
    let left = a.rank == 1 ? a.view(a.layout.inserting(axis: 0)) : a
    let right = b.rank == 1 ? b.view(b.layout.inserting(axis: 1)) : b
    var product = Self.productShape(left.shape, right.shape, a.shape, b.shape)
    let full = product
    if b.rank == 1 { product.removeLast() }
    if a.rank == 1 { product.remove(at: product.count - (b.rank == 1 ? 1 : 2)) }
    require(
      product == shape,
      "addMatmul: the product of \(a.shape) and \(b.shape) has the shape \(product), the sum has \(shape)")
    makeUnique()
    var target = self.layout
    if a.rank == 1 { target = target.inserting(axis: target.rank - (b.rank == 1 ? 0 : 1)) }
    if b.rank == 1 { target = target.inserting(axis: target.rank) }
    if target.matrix.blasForm != nil {
      overwrite { BLASProduct(left, right, alpha: alpha).write(to: &$0, target, beta: beta) }
    } else {
      let product = Tensor.making(full) { BLASProduct(left, right, alpha: alpha).write(to: &$0) }
      if beta != 1 { if beta == 0 { overwrite { $0.fill(0) } } else { scale(by: beta) } }
      Self.update(&self, ck_add, product.reshaped(shape))
    }
  }

  /// self += alpha · x. `x` broadcasts to this shape, else it traps. Where `x` is not finite, a factor of 0 gives NaN.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func add(_ x: Tensor, scaledBy alpha: Scalar) {
    guard let xLayout = x.layout.broadcast(to: shape) else {
      trap("add(_:scaledBy:): \(x.shape) does not broadcast to \(shape)")
    }
    makeUnique()
    // BLAS leaves y alone for the factor 0, also where x is NaN.
    if alpha != 0 && layout.strides == xLayout.strides && layout.isDense {
      let y = lowestAddress
      let x = x.view(xLayout)
      let source = x.lowestAddress
      Self.forEachChunk(count) { start, length in
        BLASCounters.record(.axpy)
        Scalar.blas.axpy(length, Double(alpha), source + start, 1, y + start, 1)
      }
      withExtendedLifetime((self, x)) {}
    } else {
      Self.update(&self, ck_add, x * alpha)
    }
  }

  /// self *= factor, as by `*=`: 0 times NaN or an infinity is NaN.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func scale(by factor: Scalar) {
    makeUnique()
    guard layout.isDense else { return Self.update(&self, ck_multiply, factor) }
    let x = lowestAddress
    Self.forEachChunk(count) { start, length in
      BLASCounters.record(.scal)
      Scalar.blas.scal(length, Double(factor), x + start, 1)
    }
    withExtendedLifetime(self) {}
  }

  // MARK: Shapes

  static func mismatch(_ a: [Int], _ b: [Int]) -> String {
    "the shapes \(a) and \(b) do not fit: the last axis of the first must be as long as the last but one of the second,"
      + " and axes before the last two must broadcast"
  }

  private static func productShape(_ a: [Int], _ b: [Int], _ shape: [Int], _ other: [Int]) -> [Int] {
    guard a[a.count - 1] == b[b.count - 2],
      let batch = Layout.broadcastShape(Array(a.dropLast(2)), Array(b.dropLast(2)))
    else { trap("matmul: \(mismatch(shape, other))") }
    return batch + [a[a.count - 2], b[b.count - 1]]
  }

  // MARK: Memory

  /// The address of the element that comes first in memory.
  var lowestAddress: UnsafeMutablePointer<Scalar> { storage.base + (layout.extent?.lowerBound ?? 0) }

  /// BLAS counts in 32 bits.
  static func forEachChunk(_ count: Int, _ body: (Int, Int32) -> Void) {
    let limit = 1 << 30
    var start = 0
    while start < count {
      let length = Swift.min(limit, count - start)
      body(start, Int32(length))
      start += length
    }
  }

  /// A vector that BLAS takes: copied when its elements are repeated.
  private var vectorOperand: Tensor {
    if layout.strides[0] != 0 && Int32(exactly: layout.strides[0]) != nil || count <= 1 { return self }
    BLASCounters.record(.operandCopy)
    return copied()
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private static func innerProduct(_ a: Tensor, _ b: Tensor) -> Double {
    let (aStride, bStride) = (a.count > 1 ? a.layout.strides[0] : 1, b.count > 1 ? b.layout.strides[0] : 1)
    // For negative strides BLAS takes the lowest address of what it is to go through.
    let (aStart, bStart) = (a.storage.base + a.layout.offset, b.storage.base + b.layout.offset)
    var sum = 0.0
    forEachChunk(a.count) { start, length in
      let last = start + Int(length) - 1
      BLASCounters.record(.dot)
      sum += Scalar.blas.dot(
        length, aStart + (aStride < 0 ? last : start) * aStride, Int32(aStride),
        bStart + (bStride < 0 ? last : start) * bStride, Int32(bStride))
    }
    withExtendedLifetime((a, b)) {}
    return sum
  }
}
