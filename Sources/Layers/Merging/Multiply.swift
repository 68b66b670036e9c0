public import Tensor

/// Multiplies its inputs element by element; they broadcast after the batch axis.
///
/// Steps that an input's mask excludes count as 1; if all masks exclude a step, its product is 0.
public struct Multiply<Scalar: RealScalar>: ElementwiseMerge {
  /// Creates a layer that multiplies its inputs.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    let factors = try inputs.map { x in try x.mask.map { try x.replaced(outside: $0, by: 1) } ?? x }
    let product = try factors.merged(by: MultiplicationOperation())
    guard let mask = try inputs.jointMask(ofShape: product.shape) else { return product }
    return try product.replaced(outside: mask, by: 0).with(mask: mask)
  }
}
