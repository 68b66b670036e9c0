internal import CKernels

extension Tensor {
  /// The distinct elements in ascending order, of rank 1; for every element (in this tensor's shape) which of them it is;
  /// and how often each occurs. All NaN are one element, and so are -0 and 0.
  ///
  /// ```swift
  /// let (values, inverse, counts) = x.unique()
  /// let isRestored = values.take(inverse) == x    // true
  /// ```
  /// - Complexity: O(*n* log *n*): the elements are sorted.
  public func unique() -> (values: Tensor, inverse: Tensor<Int64>, counts: Tensor<Int64>) {
    let x = flattened.contiguous
    let order = x.argSorted()
    var values = Tensor(uninitialized: [count])
    var counts = Tensor<Int64>(uninitialized: [count])
    let inverse = Tensor<Int64>(uninitialized: shape)
    let found = withExtendedLifetime((x, order)) {
      ck_unique(
        Scalar.elementType.kernelType, x.storage.base + x.layout.offset, order.storage.base, count,
        values.storage.base, inverse.storage.base, counts.storage.base)
    }
    values = values.view(values.layout.sliced(axis: 0, start: 0, count: found, step: 1)).copied()
    counts = counts.view(counts.layout.sliced(axis: 0, start: 0, count: found, step: 1)).copied()
    return (values, inverse, counts)
  }
}

extension Tensor where Scalar: NumericScalar & BinaryInteger {
  /// How often each of the integers 0, 1, … occurs, up to the largest one; at least `minimumLength` of them. NumPy's
  /// `bincount`, for any shape. Traps for negative integers.
  public func binCounts(minimumLength: Int = 0) -> Tensor<Int64> {
    require(minimumLength >= 0, "the counts cannot be \(minimumLength) at least")
    let x = cast(to: Int64.self).contiguous
    let smallest = x.isEmpty ? 0 : x.min().scalar
    require(smallest >= 0, "what is counted are integers from 0 on, unlike \(smallest)")
    let largest = x.isEmpty ? -1 : Int(x.max().scalar)
    let length = Swift.max(minimumLength, exact(largest.addingReportingOverflow(1), "the counts of 0 to \(largest)"))
    let result = Tensor<Int64>.zeros([length])
    _ = withExtendedLifetime(x) {
      ck_count_integers(x.storage.base + x.layout.offset, x.count, result.storage.base, Int64(length))
    }
    return result
  }

  /// A last axis of `classes` elements is added: 1 at the position that this tensor gives, 0 elsewhere.
  ///
  /// ```swift
  /// let rows = Tensor<Int64>([2, 0]).oneHot(classes: 3)    // [[0, 0, 1], [1, 0, 0]], Float
  /// let doubles = Tensor<Int64>([2, 0]).oneHot(classes: 3, of: Double.self)
  /// ```
  ///
  /// Traps for integers outside 0 ..< classes.
  public func oneHot<Target: TensorScalar>(classes: Int, of target: Target.Type = Float.self) -> Tensor<Target> {
    require(classes >= 0, "a one-hot axis has 0 classes or more, not \(classes)")
    let x = cast(to: Int64.self)
    if !x.isEmpty {
      let (low, high) = (x.min().scalar, x.max().scalar)
      require(
        low >= 0 && high < classes,
        "the class \(low < 0 ? low : high) is not one of \(classes): allowed are 0 to \(classes - 1)")
    }
    let result = Tensor<Target>.zeros(shape + [classes])
    let offsets = (x.flattened + Tensor<Int64>.ramp(count: count, step: classes)).scalars.map { Int($0) }
    let one = Tensor<Target>(repeating: .oneValue, shape: [1])
    let ones = one.broadcast(to: [count]).contiguous
    withExtendedLifetime(ones) {
      ck_scatter(
        result.storage.base, ones.storage.base, MemoryLayout<Target>.stride, 1, offsets, offsets.count)
    }
    return result
  }
}

extension Tensor where Scalar: RealScalar {
  /// How many elements lie in each of `bins` intervals of equal width, and the `bins` + 1 edges of those. An element on an
  /// edge counts to the interval above, on the last edge to the last interval; elements outside and NaN do not count.
  /// - Parameter bins: how many intervals; from 1 on.
  /// - Parameter range: by default from the smallest to the largest element; where these are one number, from half
  ///   below to half above it; 0...1 without elements. Traps where it is not finite or has no width.
  /// - Complexity: O(*n*).
  public func histogram(bins: Int = 10, range: ClosedRange<Scalar>? = nil) -> (counts: Tensor<Int64>, edges: Tensor) {
    require(bins > 0 && bins < .max, "a histogram has at least one bin and room for all of them, unlike \(bins)")
    let range = range ?? (isEmpty ? 0...1 : extent)
    require(
      (range.upperBound - range.lowerBound).isFinite && range.lowerBound < range.upperBound,
      "a histogram takes a finite range of some width, unlike \(range)")
    let edges = Tensor.linspace(range.lowerBound, range.upperBound, count: bins + 1)
    let x = contiguous
    let counts = Tensor<Int64>.zeros([bins])
    withExtendedLifetime((x, edges)) {
      ck_histogram(
        Scalar.elementType.kernelType, x.storage.base + x.layout.offset, count, edges.storage.base, bins,
        counts.storage.base)
    }
    return (counts, edges)
  }

  private var extent: ClosedRange<Scalar> {
    let (low, high) = (min().scalar, max().scalar)
    require(low.isFinite && high.isFinite, "a histogram of \(low)...\(high) takes a finite range")
    return low < high ? low...high : (low - 0.5)...(high + 0.5)
  }
}
