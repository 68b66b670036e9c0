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
  /// A number plus every element.
  public static func + (number: Scalar, x: Traced) throws -> Traced { try x + number }
  /// Every element minus a number.
  public static func - (x: Traced, number: Scalar) throws -> Traced { try x + -number }
  /// A number minus every element.
  public static func - (number: Scalar, x: Traced) throws -> Traced {
    try x.applying(ScaleOperation(factor: -1, offset: number))
  }
  /// Every element with the opposite sign.
  public static prefix func - (x: Traced) throws -> Traced { try x * -1 }
  /// Every element times a number.
  public static func * (x: Traced, number: Scalar) throws -> Traced { try x.applying(ScaleOperation(factor: number)) }
  /// A number times every element.
  public static func * (number: Scalar, x: Traced) throws -> Traced { try x * number }
  /// Every element divided by a number.
  public static func / (x: Traced, number: Scalar) throws -> Traced {
    try x.applying(SumOperation(divisor: number))
  }

  /// The elementwise sum.
  public static func + (weight: Weight<Scalar>, x: Traced) throws -> Traced { try x.value(of: weight) + x }
  /// The elementwise difference.
  public static func - (weight: Weight<Scalar>, x: Traced) throws -> Traced { try x.value(of: weight) - x }
  /// The elementwise product.
  public static func * (weight: Weight<Scalar>, x: Traced) throws -> Traced { try x.value(of: weight) * x }
  /// The elementwise quotient.
  public static func / (weight: Weight<Scalar>, x: Traced) throws -> Traced { try x.value(of: weight) / x }

  /// `x · kernel + bias`: [batch, …, inputs] by [inputs, units] gives [batch, …, units].
  public func matmul(_ kernel: Weight<Scalar>, bias: Weight<Scalar>? = nil) throws -> Traced {
    let kernelShape = value(of: kernel).shape
    requireInLayer(
      !shape.isEmpty && kernelShape.count == 2 && shape.last == kernelShape[0],
      "\(kernel.name): matmul of samples of the shape \(shape) by the shape \(kernelShape); "
        + "allowed: […, inputs] by [inputs, units]")
    guard let bias else { return try applying(LinearOperation(MatrixMap<Scalar>()), kernel) }
    let biasShape = value(of: bias).shape
    requireInLayer(
      biasShape == [kernelShape[1]],
      "\(bias.name): the bias has the shape \(biasShape); allowed: \([kernelShape[1]]), an element for each unit")
    return try applying(LinearOperation(MatrixMap<Scalar>()), kernel, bias)
  }

  /// Returns the sum of products in index notation, in which every axis has a letter, the batch's included:
  /// `x.einsum("bij,bkj->bik", y)`.
  public func einsum(_ equation: String, _ other: some TracedOperand<Scalar>) throws -> Traced {
    let sides = equation.split(separator: ">")
    let terms = sides[0].dropLast().split(separator: ",")
    requireInLayer(
      sides.count == 2 && terms.count == 2 && equation.allSatisfy { $0.isLetter || ",->".contains($0) },
      "einsum: the equation is \"\(equation)\"; allowed: those of two operands without an ellipsis")
    let operands = [value, other.value(beside: value)]
    let axes = zip(terms, operands).flatMap { term, operand in
      zip(operand.hasBatch ? term.dropFirst() : term, operand.shape).map { (letter: $0, length: $1) }
    }
    requireInLayer(
      zip(terms, operands).allSatisfy { $0.count == $1.shape.count + ($1.hasBatch ? 1 : 0) }
        && Dictionary(grouping: axes, by: \.letter).values.allSatisfy { Set($0.map(\.length)).count == 1 },
      "einsum: \"\(equation)\" of \(operands[0].description) and \(operands[1].description); "
        + "allowed: a letter for each axis, and one length for each letter")
    return try applying(
      EinsumOperation(first: String(terms[0]), second: String(terms[1]), result: String(sides[1])), other)
  }

  /// Returns the samples in another shape, in row-major order.
  /// - Precondition: the number of elements does not change.
  public func reshaped(_ shape: [Int]) throws -> Traced {
    requireInLayer(
      shape.reduce(1, *) == self.shape.reduce(1, *), "reshaped: samples of the shape \(self.shape) as \(shape)")
    return shape == self.shape ? with(mask: nil) : try applying(ReshapeOperation(shape: shape))
  }

  /// Returns the samples with their axes in another order.
  public func permuted(_ axes: [Int]) throws -> Traced {
    requireInLayer(
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

  /// Returns the largest elements of samples along axes; NaN where there is one. The gradient is passed to all of them, in
  /// equal parts.
  /// - Precondition: the axes have at least one element.
  public func max(axis: some Axes = .all, keepDimensions: Bool = false) throws -> Traced {
    let axes = resolved(axis)
    require(
      axes.allSatisfy { shape[$0] > 0 }, "max along \(axes) of samples of the shape \(shape): there are no elements")
    return try applying(LargestOperation(axes: axes, keepsAxes: keepDimensions))
  }

  /// Returns this tensor and others, concatenated along an axis.
  public func concatenated(with others: [Traced], axis: Int) throws -> Traced {
    try results(of: ConcatenationOperation(axis: resolved(axis)[0]), others)[0]
  }

  /// Returns parts of these lengths along an axis.
  /// - Precondition: the lengths add up to that of the axis.
  public func split(lengths: [Int], axis: Int) throws -> [Traced] {
    let axis = resolved(axis)[0]
    requireInLayer(
      lengths.reduce(0, +) == shape[axis], "split: the lengths \(lengths) of an axis of the length \(shape[axis])")
    return try results(of: SplitOperation(lengths: lengths, axis: axis))
  }

  private func resolved(_ axes: some Axes) -> [Int] {
    (axes.list ?? Array(shape.indices)).map { axis in
      let place = axis < 0 ? axis + shape.count : axis
      requireInLayer(
        shape.indices.contains(place),
        "the axis \(axis) of samples of the shape \(shape), which are without the batch; "
          + "allowed: \(-shape.count) to \(shape.count - 1)")
      return place
    }
  }

  /// Stops the program with a message that names the layer unless a condition holds.
  private func requireInLayer(_ condition: Bool, _ message: @autoclosure () -> String) {
    require(condition, "\(value.recorder.site): \(message())")
  }
}
