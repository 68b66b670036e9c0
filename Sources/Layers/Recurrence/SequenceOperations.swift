internal import Tensor

// What cells and recurrent layers draw, begin with and keep.

extension Traced {
  /// Returns zeros of a shape for each sample.
  func zeros(_ shape: [Int]) throws -> Traced { try numbered().applying(ZerosOperation(shape: shape)) }

  /// Draws the factors of a dropout, each 0 or 1 / (1 - rate), or returns `nil` if nothing is dropped.
  func keptFactors(_ shape: [Int], rate: Double) throws -> Traced? {
    guard isTraining && 0 < rate && rate < 1 else { return nil }
    return try numbered().applying(KeptFactors(rate: rate, shape: shape))
  }

  private func numbered() throws -> TracedIntegers<Scalar> { try applying(NumberedSamples()) }

  /// Returns this tensor for samples whose mask is true at a step, and another one for the others.
  /// - Parameter mask: [steps]
  func selected(by mask: TracedMask<Scalar>, at step: Int, otherwise other: Traced) throws -> Traced {
    try applying(StepSelection(step: step), other, mask)
  }

  /// Adds a row of a weight, [rows, length], to samples [length].
  func adding(row: Int, of weight: Weight<Scalar>) throws -> Traced { try applying(RowSum(row: row), weight) }
}

extension TracedMask {
  /// The mask of whole steps, [steps], of which each counts if a part of it does.
  func ofSteps() throws -> TracedMask { shape.count == 1 ? self : try applying(MaskOfSteps()) }

  /// A step's part of the mask; `nil` if it has none.
  func step(_ step: Int) throws -> TracedMask? { shape.count == 1 ? nil : try applying(StepOfMask(step: step)) }
}

private struct MaskOfSteps<Scalar: RealScalar>: UndifferentiatedOperation {
  typealias ResultScalar = Bool

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [[operands[0][0]]] }

  func forward(_ context: Context<Scalar>) throws {
    let mask = context.mask(0)
    context.give(mask: mask.any(axis: Array(2..<mask.rank)))
  }
}

private struct StepOfMask<Scalar: RealScalar>: UndifferentiatedOperation {
  typealias ResultScalar = Bool
  let step: Int

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [Array(operands[0].dropFirst())] }

  func forward(_ context: Context<Scalar>) throws { context.give(mask: context.mask(0)[0..., step].copied()) }
}

private struct ZerosOperation<Scalar: RealScalar>: UndifferentiatedOperation {
  let shape: [Int]

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [shape] }

  func forward(_ context: Context<Scalar>) throws {
    context.give(.zeros([context.integers(0).shape[0]] + shape))
  }
}

private struct KeptFactors<Scalar: RealScalar>: UndifferentiatedOperation {
  let rate: Double
  let shape: [Int]

  var isRandom: Bool { true }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [shape] }

  func forward(_ context: Context<Scalar>) throws {
    let kept = Tensor<Bool>.bernoulli(
      [context.integers(0).shape[0]] + shape, probability: 1 - rate, using: &context.generator)
    context.give(kept.cast(to: Scalar.self) * Scalar(1 / (1 - rate)))
  }
}

/// Operands: what is taken where the mask is true, what is taken elsewhere, and the mask, [steps].
private struct StepSelection<Scalar: RealScalar>: TensorOperation {
  let step: Int

  func forward(_ context: Context<Scalar>) throws -> Tensor<Bool> {
    let (x, other) = (context.operand(0), context.operand(1))
    let mask = context.mask(2)[.ellipsis, step].expandedBehind(to: x.rank)
    var result = context.tensor(x.shape)
    result.assign(where: mask, x, other)
    context.give(result)
    return mask
  }

  func pullback(_ mask: consuming Tensor<Bool>, _ context: Context<Scalar>) throws {
    let upstream = context.upstream()
    let isTaken = mask
    for (index, isTaken) in [isTaken, .!isTaken].enumerated() {
      var gradient = context.tensor(upstream.shape)
      gradient.assign(where: isTaken, upstream, 0)
      context.give(gradient, of: index)
    }
    context.recycle(upstream)
  }
}

/// Operands: samples [length], and a weight [rows, length].
private struct RowSum<Scalar: RealScalar>: TensorOperation {
  let row: Int

  func forward(_ context: Context<Scalar>) throws { context.give(context.take(0) + context.operand(1)[row]) }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    let upstream = context.upstream()
    context.accumulate(of: 1) { gradient, alpha, beta in
      if beta == 0 { gradient = .zeros(gradient.shape) }
      gradient[row] += upstream.sum(axis: 0) * alpha
    }
    context.give(upstream, of: 0)
  }
}
