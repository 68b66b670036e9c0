internal import Tensor

// The functions with which layers describe their computation. Axes are those of samples, numbered from 0, and negative
// numbers count from the last axis; shapes are those of samples. In elementwise functions, samples broadcast after the
// batch axis, and weights broadcast to samples.

extension Traced {
  /// The elementwise sum.
  public static func + (x: Traced, y: some TracedOperand<Scalar>) throws -> Traced { try x.applying(SumOperation(), y) }
  /// The elementwise difference.
  public static func - (x: Traced, y: some TracedOperand<Scalar>) throws -> Traced {
    try x.applying(DifferenceOperation(), y)
  }
  /// The elementwise product.
  public static func * (x: Traced, y: some TracedOperand<Scalar>) throws -> Traced {
    try x.applying(MultiplicationOperation(), y)
  }
  /// The elementwise quotient.
  public static func / (x: Traced, y: some TracedOperand<Scalar>) throws -> Traced {
    try x.applying(QuotientOperation(), y)
  }

  /// Every element plus a number.
  public static func + (x: Traced, number: Scalar) throws -> Traced {
    try x.applying(ScaleOperation(factor: 1, offset: number))
  }
  /// Every element minus a number.
  public static func - (x: Traced, number: Scalar) throws -> Traced { try x + -number }
  /// Every element times a number.
  public static func * (x: Traced, number: Scalar) throws -> Traced { try x.applying(ScaleOperation(factor: number)) }
  /// A number times every element.
  public static func * (number: Scalar, x: Traced) throws -> Traced { try x * number }

  /// `x · kernel + bias`: [batch, …, inputs] by [inputs, units] gives [batch, …, units].
  public func matmul(_ kernel: Weight<Scalar>, bias: Weight<Scalar>? = nil) throws -> Traced {
    require(
      shape.last != nil && kernel.value.rank == 2 && shape.last == kernel.value.shape[0],
      "matmul: samples of the shape \(shape) by a kernel of the shape \(kernel.value.shape)")
    if let bias { return try applying(ProductOperation(), kernel, bias) }
    return try applying(ProductOperation(), kernel)
  }

  /// Returns the sum of products in index notation, in which every axis has a letter, the batch's included:
  /// `x.einsum("bij,bkj->bik", y)`.
  public func einsum(_ equation: String, _ other: some TracedOperand<Scalar>) throws -> Traced {
    let sides = equation.split(separator: ">")
    let terms = sides[0].dropLast().split(separator: ",")
    require(
      sides.count == 2 && terms.count == 2 && equation.allSatisfy { $0.isLetter || ",->".contains($0) },
      "einsum: the equation is \"\(equation)\"; allowed: those of two operands without an ellipsis")
    return try applying(
      EinsumOperation(first: String(terms[0]), second: String(terms[1]), result: String(sides[1])), other)
  }

  /// Returns the samples in another shape, in row-major order.
  /// - Precondition: the number of elements does not change.
  public func reshaped(_ shape: [Int]) throws -> Traced {
    require(
      shape.reduce(1, *) == self.shape.reduce(1, *), "reshaped: samples of the shape \(self.shape) as \(shape)")
    return shape == self.shape ? with(mask: nil) : try applying(ReshapeOperation(shape: shape))
  }

  /// Returns the samples with their axes in another order.
  public func permuted(_ axes: [Int]) throws -> Traced {
    require(
      axes.sorted() == Array(shape.indices), "permuted: the axes are \(axes); allowed: each of \(shape.indices) once")
    return try applying(PermuteOperation(axes: axes))
  }

  /// Returns the sums of samples along axes.
  public func sum(axis: some Axes = .all, keepDimensions: Bool = false) throws -> Traced {
    try applying(ReductionOperation(axes: resolved(axis), keepsAxes: keepDimensions, isMean: false))
  }

  /// Returns the means of samples along axes.
  public func mean(axis: some Axes = .all, keepDimensions: Bool = false) throws -> Traced {
    try applying(ReductionOperation(axes: resolved(axis), keepsAxes: keepDimensions, isMean: true))
  }

  /// Returns this tensor and others, concatenated along an axis.
  public func concatenated(with others: [Traced], axis: Int) throws -> Traced {
    try results(of: ConcatenationOperation(axis: resolved(axis)[0]), others)[0]
  }

  /// Returns parts of these lengths along an axis.
  /// - Precondition: the lengths add up to that of the axis.
  public func split(lengths: [Int], axis: Int) throws -> [Traced] {
    let axis = resolved(axis)[0]
    require(
      lengths.reduce(0, +) == shape[axis], "split: the lengths \(lengths) of an axis of the length \(shape[axis])")
    return try results(of: SplitOperation(lengths: lengths, axis: axis))
  }

  private func resolved(_ axes: some Axes) -> [Int] {
    (axes.list ?? Array(shape.indices)).map { axis in
      let place = axis < 0 ? axis + shape.count : axis
      require(shape.indices.contains(place), "the axis \(axis) of samples of the shape \(shape)")
      return place
    }
  }
}
