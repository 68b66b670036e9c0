public import Tensor

/// Future truth values of a layer's computation, which mark the steps of padded sequences that count.
///
/// An operation whose `ResultScalar` is `Bool` creates a mask (<doc:CustomLayers>); in an operation,
/// `context.mask(index)` is its tensor. Masks have no gradients.
public struct TracedMask<Scalar: RealScalar>: TracedTensor {
  public let value: TracedValue<Scalar>

  /// Returns 1 where the mask is true, and 0 elsewhere.
  public func reals() throws -> Traced<Scalar> { try applying(MaskConversion()) }
}

extension Traced {
  /// Returns this tensor where a mask is true, and a number elsewhere. The mask's axes are the tensor's first ones.
  public func replaced(outside mask: TracedMask<Scalar>, by number: Scalar) throws -> Traced {
    try applying(ReplacementOperation(number: number), mask)
  }
}

/// Operands: x, and the mask that marks the elements to keep.
private struct ReplacementOperation<Scalar: RealScalar>: TensorOperation {
  let number: Scalar

  func forward(_ context: Context<Scalar>) throws -> Tensor<Bool> {
    let x = context.operand(0)
    let mask = context.mask(1).expandedBehind(to: x.rank)
    var result = context.tensor(x.shape)
    result.assign(where: mask, x, Tensor(number))
    context.give(result)
    return mask
  }

  func pullback(_ mask: consuming Tensor<Bool>, _ context: Context<Scalar>) throws {
    let upstream = context.upstream()
    var result = context.tensor(upstream.shape)
    result.assign(where: mask, upstream, 0)
    context.recycle(upstream)
    context.give(result, of: 0)
  }
}

private struct MaskConversion<Scalar: RealScalar>: UndifferentiatedOperation {
  func forward(_ context: Context<Scalar>) throws { context.give(context.mask(0).cast(to: Scalar.self)) }
}

extension Tensor {
  /// Appends axes of length 1 up to `rank`, so that a mask broadcasts to its tensor.
  func expandedBehind(to rank: Int) -> Tensor {
    self.rank >= rank ? self : reshaped(shape + [Int](repeating: 1, count: rank - self.rank))
  }
}
