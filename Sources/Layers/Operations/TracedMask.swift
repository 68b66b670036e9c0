public import Tensor

/// Truth values that a layer will compute with: which steps of padded sequences count.
///
/// An operation whose `ResultScalar` is `Bool` makes one (<doc:LayersOfYourOwn>); in an operation, `context.mask(index)` is its tensor.
/// There are no gradients by it.
public struct TracedMask<Scalar: RealScalar>: TracedTensor {
  public let value: TracedValue<Scalar>

  /// 1 where the mask is true, 0 elsewhere.
  public func reals() throws -> Traced<Scalar> { try applying(MaskConversion()) }
}

extension Traced {
  /// This tensor where a mask is true, and a number elsewhere. The mask's axes are the tensor's first ones.
  public func replaced(outside mask: TracedMask<Scalar>, by number: Scalar) throws -> Traced {
    try applying(ReplacementOperation(number: number), mask)
  }
}

/// Operands: x, and the mask that says where x stays.
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
  /// With axes of length 1 behind the others, so that there are `rank`: a mask that broadcasts to what it is a mask of.
  func expandedBehind(to rank: Int) -> Tensor {
    self.rank >= rank ? self : reshaped(shape + [Int](repeating: 1, count: rank - self.rank))
  }
}
