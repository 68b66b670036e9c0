public import Tensor

/// The product of the inputs, element by element, which broadcast behind the batch axis.
///
/// Steps that an input's mask leaves out count as 1; where all masks do, the product is 0.
public struct Multiply<Scalar: RealScalar>: ElementwiseMerge {
  /// The product of what it is called on.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    let factors = try inputs.map { x in try x.mask.map { try x.replaced(outside: $0, by: 1) } ?? x }
    let product = try factors.merged(by: MultiplicationOperation())
    guard let mask = try inputs.jointMask(ofShape: product.shape) else { return product }
    return try product.replaced(outside: mask, by: 0).with(mask: mask)
  }
}
