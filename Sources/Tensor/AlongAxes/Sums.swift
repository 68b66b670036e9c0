internal import CKernels

extension Tensor where Scalar: RealScalar {
  /// The sum of the elements; 0 without elements.
  ///
  /// Long contiguous rows are summed in double and rounded once; sums along other axes are added up in blocks, so that
  /// the error grows with the square root of the length at most.
  public func sum(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor {
    let axes = resolvedAxes(axis, rank: rank)
    return summedByBLAS(axes: axes, keepDimensions: keepDimensions)
      ?? reduced(ck_sum, axes: axes, keepDimensions: keepDimensions, to: Scalar.self)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func summedByBLAS(axes: [Int], keepDimensions: Bool) -> Tensor? {
    if axes.count == rank && (Summation.crossover..<Summation.memoryBound).contains(count) && layout.isDense {
      return .making(keepDimensions ? [Int](repeating: 1, count: rank) : []) {
        $0.start.initialize(to: Scalar(Summation.sum(lowestAddress, count)))
        withExtendedLifetime(self) {}
      }
    }
    if axes.isEmpty || count == 0 { return nil }
    var keptShape = shape
    for axis in axes { keptShape[axis] = 1 }
    let target = Layout(contiguous: keptShape)
    guard let plan = Summation.Plan(layout, reducing: axes, into: target) else { return nil }
    let result = Tensor.making(target) { plan.run(lowestAddress, $0.start) }
    withExtendedLifetime(self) {}
    return keepDimensions ? result : result.view(result.layout.dropping(axes: axes))
  }
}

/// Sums as inner products with ones and products of matrices with ones.
enum Summation {
  /// From this many elements on, an inner product with ones is faster than a kernel for the row. Measured (Zen 5, Float,
  /// ns per row): 16 elements 11.4 by BLAS and 3.4 by the kernel, 24 15.5 and 6.3, 32 4.1 and 5.9, 64 5.5 and 10.9,
  /// 256 18 and 48.
  static let crossover = 32
  /// From this many elements on, rows come from memory, which the kernel keeps busier. Measured (2²⁴ Float): 3.2 ms by BLAS,
  /// 2.1 ms by the kernel; at 2²⁰ it is 0.078 ms and 0.073 ms for one row, 0.089 ms and 0.107 ms for rows of 1024.
  static let memoryBound = 1 << 21
  /// The number of ones; longer rows are summed in pieces, whose sums are added in double.
  static let pieceLength = 4096
  /// Rows that are added up in one precision before the next level of sums.
  static let blockLength = 64
  /// Shorter rows are added to each other by a kernel.
  static let narrowest = 16

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func sum<Scalar: RealScalar>(_ x: UnsafePointer<Scalar>, _ count: Int) -> Double {
    let blas = Scalar.blas
    var sum = 0.0
    var start = 0
    while start < count {
      let length = min(pieceLength, count - start)
      BLASCounters.record(.dot)
      sum += blas.dot(Int32(truncatingIfNeeded: length), x + start, 1, blas.ones, 1)
      start += length
    }
    return sum
  }

  /// y = the sum of `count` rows of `length` elements, `stride` apart: in blocks, whose sums are added up likewise.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func sumRows<Scalar: RealScalar>(
    _ x: UnsafePointer<Scalar>, _ count: Int, _ stride: Int, _ length: Int, _ y: UnsafeMutablePointer<Scalar>
  ) {
    let blas = Scalar.blas
    func block(_ start: Int, _ count: Int, _ y: UnsafeMutablePointer<Scalar>) {
      BLASCounters.record(.gemv)
      blas.gemv(
        true, Int32(count), Int32(length), 1, x + start * stride, Int32(max(stride, length)), blas.ones, 1, 0, y, 1)
    }
    if count <= blockLength { return block(0, count, y) }
    let blocks = (count + blockLength - 1) / blockLength
    let partial = Storage<Scalar>(count: blocks * length)
    for index in 0..<blocks {
      let start = index * blockLength
      block(start, min(blockLength, count - start), partial.base + index * length)
    }
    sumRows(partial.base, blocks, length, length, y)
    withExtendedLifetime(partial) {}
  }

  /// How BLAS sums a tensor along axes: neighbouring axes are merged, and what is left must be contiguous rows to sum,
  /// or rows to add to each other.
  struct Plan {
    private struct MergedAxis {
      var length: Int
      var stride: Int
      var resultStride: Int
      var isReduced: Bool
    }

    private var outer: [MergedAxis] = []
    private var rowCount = 1
    private var rowStride = 0
    private var length = 1
    private var sumsRows = false

    init?(_ layout: Layout, reducing axes: [Int], into result: Layout) {
      var merged: [MergedAxis] = []
      for axis in layout.isContiguous ? Array(0..<layout.rank) : layout.axesInMemoryOrder where layout.shape[axis] != 1
      {
        let isReduced = axes.contains(axis)
        let next = MergedAxis(
          length: layout.shape[axis], stride: layout.strides[axis],
          resultStride: isReduced ? 0 : result.strides[axis], isReduced: isReduced)
        if next.stride <= 0 { return nil }
        if let last = merged.last, last.isReduced == isReduced, last.stride == next.stride * next.length,
          last.resultStride == next.resultStride * next.length
        {
          merged[merged.count - 1] = next
          merged[merged.count - 1].length *= last.length
        } else {
          merged.append(next)
        }
      }
      guard let inner = merged.popLast(), inner.stride == 1 else { return nil }
      length = inner.length
      if inner.isReduced {
        guard length >= Summation.crossover, layout.count < Summation.memoryBound else { return nil }
      } else {
        guard let rows = merged.popLast(), rows.isReduced, inner.resultStride == 1, length >= Summation.narrowest,
          rows.length >= 4, max(rows.stride, length) <= Int32.max
        else { return nil }
        sumsRows = true
        (rowCount, rowStride) = (rows.length, rows.stride)
      }
      if merged.contains(where: \.isReduced) { return nil }
      outer = merged
    }

    func run<Scalar: RealScalar>(_ x: UnsafePointer<Scalar>, _ result: UnsafeMutablePointer<Scalar>) {
      let none = [Int](repeating: 0, count: outer.count)
      Layout.forEachOffset(outer.map(\.length), outer.map(\.stride), outer.map(\.resultStride), none) { from, to, _ in
        if sumsRows {
          Summation.sumRows(x + from, rowCount, rowStride, length, result + to)
        } else {
          result[to] = Scalar(Summation.sum(x + from, length))
        }
      }
    }
  }
}
