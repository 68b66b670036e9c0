internal import CKernels

// Tensors of random numbers. Each starts at the generator's next block and takes a multiple of 16 blocks. All give the
// same bits on every platform: no function of the C library takes part, no multiplication is fused with an addition.
// Times are for one core of an AMD EPYC with AVX-512, per element, for tensors that fit the second-level cache.

extension Tensor where Scalar: RealScalar {
  /// Uniform in a range: `low + u (high - low)`, where `u` is a multiple of 2⁻²⁴ (Float) or 2⁻⁵³ (Double) in [0, 1). A
  /// result that rounds to the end of the range becomes the largest number below it.
  /// - Precondition: the range is not empty, and its width is finite.
  /// - Complexity: O(*n*); 0.6 ns per Float, 1.2 ns per Double.
  public static func uniform(
    _ shape: [Int], in range: Range<Scalar> = 0..<1, using generator: inout PhiloxGenerator
  ) -> Tensor {
    let width = range.upperBound - range.lowerBound
    require(width > 0 && width.isFinite, "uniform numbers take a range of finite width above 0, not \(range)")
    return drawn(
      ck_uniform, shape,
      ck_parameters(a: Double(range.lowerBound), b: Double(width), c: Double(range.upperBound.nextDown)), &generator)
  }

  /// Normally distributed.
  ///
  /// Box and Muller's method: pairs at the distance √(-2 log u) from the origin, in a uniform direction. The logarithm and
  /// the direction's sine and cosine are polynomials of this package, right to 1 ulp or two. `u` has 31 bits for Float
  /// and 52 for Double, so that no number lies more than 6.7 (8.7) standard deviations from the mean. The method was
  /// chosen because it has no branches: it takes as many words on every path and runs in all lanes of a vector.
  /// - Precondition: the standard deviation is at least 0, and both parameters are finite.
  /// - Complexity: O(*n*); 1.1 ns per Float, 2.3 ns per Double.
  public static func normal(
    _ shape: [Int], mean: Scalar = 0, standardDeviation: Scalar = 1, using generator: inout PhiloxGenerator
  ) -> Tensor {
    requireNormal(mean, standardDeviation)
    return drawn(
      ck_normal, shape, ck_parameters(a: Double(mean), b: Double(standardDeviation), c: 0), &generator)
  }

  /// Normally distributed within two standard deviations of the mean, as Keras's initializers draw: the numbers of
  /// ``normal(_:mean:standardDeviation:using:)`` in their order, without those that lie beyond (4.6% of them), which are
  /// drawn anew. The result's standard deviation is 0.88 of the one given.
  /// - Precondition: the standard deviation is at least 0, and both parameters are finite.
  /// - Complexity: O(*n*) expected; 1.8 ns per Float, 3.2 ns per Double.
  public static func truncatedNormal(
    _ shape: [Int], mean: Scalar = 0, standardDeviation: Scalar = 1, using generator: inout PhiloxGenerator
  ) -> Tensor {
    requireNormal(mean, standardDeviation)
    return generator.filled(shape) { elements, position in
      ck_random_truncated_normal(
        Kernels.best.table, Scalar.elementType.kernelType, elements.start, elements.layout.count, position,
        Double(mean), Double(standardDeviation))
    }
  }

  private static func requireNormal(_ mean: Scalar, _ standardDeviation: Scalar) {
    require(
      mean.isFinite && standardDeviation.isFinite && standardDeviation >= 0,
      "a normal distribution takes a finite mean and a finite standard deviation of at least 0, not \(mean) and "
        + "\(standardDeviation)")
  }
}

extension Tensor where Scalar == Bool {
  /// True with the given probability, which is rounded to a multiple of 2⁻³²; 0 never, 1 always.
  /// - Precondition: the probability is in 0...1.
  /// - Complexity: O(*n*); 0.4 ns per element.
  public static func bernoulli(
    _ shape: [Int], probability: Double = 0.5, using generator: inout PhiloxGenerator
  ) -> Tensor {
    require((0...1).contains(probability), "a probability lies in 0...1, unlike \(probability)")
    return drawn(ck_bernoulli, shape, ck_parameters(a: probability, b: 0, c: 0), &generator)
  }
}

extension Tensor where Scalar: NumericScalar & FixedWidthInteger {
  /// Integers of a range, all with exactly the same probability.
  /// - Precondition: the range is not empty.
  /// - Complexity: O(*n*) expected; 1.1 ns per element, for ranges of more than 2³² integers the double.
  ///
  /// Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29, 2019.
  public static func integers(
    _ shape: [Int], in range: Range<Scalar>, using generator: inout PhiloxGenerator
  ) -> Tensor {
    require(!range.isEmpty, "random integers take a range that is not empty, unlike \(range)")
    return integers(shape, in: range.lowerBound...(range.upperBound - 1), using: &generator)
  }

  /// Integers of a range, all with exactly the same probability.
  public static func integers(
    _ shape: [Int], in range: ClosedRange<Scalar>, using generator: inout PhiloxGenerator
  ) -> Tensor {
    let low = Int64(truncatingIfNeeded: range.lowerBound)
    let span = UInt64(bitPattern: Int64(truncatingIfNeeded: range.upperBound) &- low) &+ 1
    return generator.filled(shape) { elements, position in
      ck_random_integers(
        Kernels.best.table, Scalar.elementType.kernelType, elements.start, elements.layout.count, position, low, span)
    }
  }
}

extension Tensor where Scalar == Int64 {
  /// The integers 0, …, `count` - 1 in random order; every order has the same probability.
  /// - Complexity: O(*n*), 5 ns per element in cache.
  ///
  /// Source: Fisher and Yates's exchanges, in Durstenfeld's order.
  public static func permutation(_ count: Int, using generator: inout PhiloxGenerator) -> Tensor {
    require(count >= 0, "a permutation of \(count) elements: the count cannot be negative")
    return generator.filled([count]) { elements, position in
      ck_random_permutation(Kernels.best.table, elements.start, count, position)
    }
  }
}

extension Tensor {
  /// The parts along an axis (by default the first: the rows) in random order. Several tensors are brought into one
  /// order by `take` of one permutation:
  ///
  /// ```swift
  /// let order = Tensor<Int64>.permutation(images.shape[0], using: &generator)
  /// let (mixedImages, mixedLabels) = (images.take(order), labels.take(order))
  /// ```
  /// - Complexity: O(*n*), one copy.
  public func shuffled(axis: Int = 0, using generator: inout PhiloxGenerator) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank)
    let permutation = Tensor<Int64>.permutation(shape[axis], using: &generator)
    let parts = movingAxis(axis, to: 0).contiguous
    let length = parts.shape.dropFirst().reduce(1, *)
    let offsets = permutation * Int64(length)
    let result = Tensor.making(parts.shape) { result in
      offsets.start.withMemoryRebound(to: Int.self, capacity: offsets.count) {
        ck_gather(result.start, parts.start, MemoryLayout<Scalar>.stride, length, $0, offsets.count)
      }
      withExtendedLifetime((parts, offsets)) {}
    }
    return result.movingAxis(0, to: axis)
  }

  /// Brings the parts along an axis into random order.
  public mutating func shuffle(axis: Int = 0, using generator: inout PhiloxGenerator) {
    self = shuffled(axis: axis, using: &generator)
  }

  private static func drawn(
    _ distribution: ck_distribution, _ shape: [Int], _ parameters: ck_parameters, _ generator: inout PhiloxGenerator,
    kernels: Kernels = .best
  ) -> Tensor {
    generator.filled(shape) { elements, position in
      ck_random(
        kernels.table, distribution, Scalar.elementType.kernelType, elements.start, elements.layout.count, position,
        parameters)
    }
  }
}
