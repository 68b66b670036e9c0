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
    var found = 0
    var (values, counts) = (Tensor.zeros([0]), Tensor<Int64>.zeros([0]))
    let inverse = Tensor<Int64>.making(shape) { inverse in
      counts = .making([count]) { counts in
        values = .making([count]) { values in
          found = ck_unique(
            Scalar.elementType.kernelType, x.start, order.start, count, values.start, inverse.start, counts.start)
          withExtendedLifetime((x, order)) {}
        }
      }
    }
    values = values.view(values.layout.sliced(axis: 0, start: 0, count: found, step: 1)).copied()
    counts = counts.view(counts.layout.sliced(axis: 0, start: 0, count: found, step: 1)).copied()
    return (values, inverse, counts)
  }
}

extension Tensor where Scalar: NumericScalar & BinaryInteger {
  /// How often each of the integers 0, 1, … occurs, up to the largest one; at least `minimumLength` of them. NumPy's
  /// `bincount`, for any shape.
  /// - Precondition: `minimumLength` is at least 0.
  /// - Throws: for negative integers, and for one so large that there is no memory for the counts up to it.
  /// - Complexity: O(*n* + the largest integer).
  public func binCounts(minimumLength: Int = 0) throws(TensorElementError) -> Tensor<Int64> {
    require(minimumLength >= 0, "the counts cannot be \(minimumLength) at least")
    let x = cast(to: Int64.self).contiguous
    let (smallest, largest) = x.isEmpty ? (0, -1) : (x.min().scalar, x.max().scalar)
    guard smallest >= 0 else {
      throw TensorElementError("binCounts", expected: "integers of at least 0", found: "\(smallest)")
    }
    let length = Swift.max(minimumLength, largest == .max ? .max : Int(largest) + 1)
    guard length < Int.max / 16, let storage = Storage<Int64>(attempting: length) else {
      throw TensorElementError("binCounts", expected: "integers up to which there is memory", found: "\(largest)")
    }
    return .making(in: storage, Layout(contiguous: [length])) {
      $0.fill(0)
      $0.count(x)
    }
  }

  /// A last axis of `classes` elements is added: 1 at the position that this tensor gives, 0 elsewhere.
  /// - Precondition: `classes` is at least 0.
  ///
  /// ```swift
  /// let rows = try Tensor<Int64>([2, 0]).oneHot(classes: 3)    // [[0, 0, 1], [1, 0, 0]], Float
  /// let doubles = try Tensor<Int64>([2, 0]).oneHot(classes: 3, of: Double.self)
  /// ```
  /// - Throws: for integers outside 0 ..< classes.
  public func oneHot<Target: TensorScalar>(
    classes: Int, of target: Target.Type = Float.self
  ) throws(TensorElementError) -> Tensor<Target> {
    require(classes >= 0, "a one-hot axis has 0 classes or more, not \(classes)")
    let x = cast(to: Int64.self)
    if !x.isEmpty {
      let (low, high) = (x.min().scalar, x.max().scalar)
      guard low >= 0 && high < classes else {
        throw TensorElementError(
          "oneHot", expected: "classes from 0 to \(classes - 1)", found: "\(low < 0 ? low : high)")
      }
    }
    return x.marked(classes, of: target)
  }
}

extension Destination<Int64> {
  /// Adds 1 at the position that each integer gives, all of which there are here, along one axis.
  fileprivate mutating func count(_ integers: Tensor<Int64>) {
    let x = integers.contiguous
    _ = ck_count_integers(x.start, x.count, start, Int64(layout.count))
    withExtendedLifetime(x) {}
  }
}

extension Tensor where Scalar == Int64 {
  /// Adds 1 at the position that each integer gives, all of which this tensor of rank 1 has.
  package mutating func count(_ integers: Tensor<Int64>) { overwrite { $0.count(integers) } }

  /// As `oneHot(classes:of:)`, of integers that are known to lie in 0 ..< classes.
  package func marked<Target: TensorScalar>(_ classes: Int, of target: Target.Type) -> Tensor<Target> {
    let positions = (flattened + Tensor<Int64>.ramp(count: count, step: classes)).contiguous
    let ones = Tensor<Target>.ones([count])
    return .making(shape + [classes]) { marks in
      marks.fill(.zeroValue)
      positions.start.withMemoryRebound(to: Int.self, capacity: count) {
        ck_scatter(marks.start, ones.start, MemoryLayout<Target>.stride, 1, $0, count)
      }
      withExtendedLifetime((positions, ones)) {}
    }
  }
}

extension Tensor where Scalar: RealScalar {
  /// How many elements lie in each of `bins` intervals of equal width, and the `bins` + 1 edges of those. An element on an
  /// edge counts to the interval above, on the last edge to the last interval; elements outside and NaN do not count.
  /// - Parameter bins: the number of intervals; at least 1.
  /// - Parameter range: by default from the smallest to the largest element; where these are one number, from half
  ///   below to half above it; 0...1 without elements. Its width must be finite and above 0.
  /// - Throws: where the range follows from elements that are not all finite, and where it is too narrow: numbers of this
  ///   type do not divide it into so many intervals, as those beside 2 · 10⁷ in Float.
  /// - Complexity: O(*n*).
  public func histogram(
    bins: Int = 10, range: ClosedRange<Scalar>? = nil
  ) throws(TensorElementError) -> (counts: Tensor<Int64>, edges: Tensor) {
    require(bins > 0 && bins < .max, "a histogram has at least one bin and room for all of them, unlike \(bins)")
    if let range {
      require(
        range.lowerBound.isFinite && range.upperBound.isFinite && range.lowerBound < range.upperBound,
        "a histogram takes a finite range of some width, unlike \(range)")
    }
    let bounds = if let range { range } else { try extent() }
    let edges = Tensor.linspace(bounds.lowerBound, bounds.upperBound, count: bins + 1)
    guard (edges.differences() .> 0).all().scalar else {
      throw TensorElementError(
        "histogram", expected: "a range that numbers of \(Scalar.elementType.name) divide into \(bins) bins",
        found: "\(bounds.lowerBound)...\(bounds.upperBound)")
    }
    let x = contiguous
    let counts = Tensor<Int64>.making([bins]) {
      $0.fill(0)
      ck_histogram(Scalar.elementType.kernelType, x.start, count, edges.start, bins, $0.start)
      withExtendedLifetime((x, edges)) {}
    }
    return (counts, edges)
  }

  private func extent() throws(TensorElementError) -> ClosedRange<Scalar> {
    if isEmpty { return 0...1 }
    let (low, high) = (min().scalar, max().scalar)
    guard low.isFinite && high.isFinite else {
      throw TensorElementError(
        "histogram", expected: "finite elements, or a range", found: "\(low.isFinite ? high : low)")
    }
    return low < high ? low...high : (low - 0.5)...(high + 0.5)
  }
}
