internal import Tensor

// What recipes of layers are written in. Axes are those of samples, counted from 0, or from the last by negative numbers; shapes are
// those of samples. Element by element, samples broadcast behind the batch axis and weights to samples.

extension Traced {
  /// The sum, element by element.
  public static func + (x: Traced, y: some TracedOperand<Scalar>) throws -> Traced { try x.applying(SumOperation(), y) }
  /// The difference, element by element.
  public static func - (x: Traced, y: some TracedOperand<Scalar>) throws -> Traced {
    try x.applying(DifferenceOperation(), y)
  }
  /// The product, element by element.
  public static func * (x: Traced, y: some TracedOperand<Scalar>) throws -> Traced {
    try x.applying(MultiplicationOperation(), y)
  }
  /// The quotient, element by element.
  public static func / (x: Traced, y: some TracedOperand<Scalar>) throws -> Traced {
    try x.applying(QuotientOperation(), y)
  }

  /// Every element plus a number.
  public static func + (x: Traced, number: Scalar) throws -> Traced {
    try x.applying(ScaleOperation(factor: 1, offset: number))
  }
  /// Every element less a number.
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

  /// The sum of products by index notation in which every axis has a letter, the batch's too: `x.einsum("bij,bkj->bik", y)`.
  public func einsum(_ equation: String, _ other: some TracedOperand<Scalar>) throws -> Traced {
    let sides = equation.split(separator: ">")
    let terms = sides[0].dropLast().split(separator: ",")
    require(
      sides.count == 2 && terms.count == 2 && equation.allSatisfy { $0.isLetter || ",->".contains($0) },
      "einsum: the equation is \"\(equation)\", allowed are those of two operands without an ellipsis")
    return try applying(
      EinsumOperation(first: String(terms[0]), second: String(terms[1]), result: String(sides[1])), other)
  }

  /// Samples in another shape, in row-major order. Traps for another number of elements.
  public func reshaped(_ shape: [Int]) throws -> Traced {
    require(
      shape.reduce(1, *) == self.shape.reduce(1, *), "reshaped: samples of the shape \(self.shape) as \(shape)")
    return shape == self.shape ? with(mask: nil) : try applying(ReshapeOperation(shape: shape))
  }

  /// The axes of samples in another order.
  public func permuted(_ axes: [Int]) throws -> Traced {
    require(
      axes.sorted() == Array(shape.indices), "permuted: the axes are \(axes), allowed is each of \(shape.indices) once")
    return try applying(PermuteOperation(axes: axes))
  }

  /// The sums of samples along axes.
  public func sum(axis: some Axes = .all, keepDimensions: Bool = false) throws -> Traced {
    try applying(ReductionOperation(axes: resolved(axis), keepsAxes: keepDimensions, isMean: false))
  }

  /// The means of samples along axes.
  public func mean(axis: some Axes = .all, keepDimensions: Bool = false) throws -> Traced {
    try applying(ReductionOperation(axes: resolved(axis), keepsAxes: keepDimensions, isMean: true))
  }

  /// This tensor and others one after another along an axis.
  public func concatenated(with others: [Traced], axis: Int) throws -> Traced {
    try results(of: ConcatenationOperation(axis: resolved(axis)[0]), others)[0]
  }

  /// Parts of these lengths along an axis. Traps where they do not add up to its length.
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
