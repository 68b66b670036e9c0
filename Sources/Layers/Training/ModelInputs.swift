public import Tensor

/// What a model is called on: a tensor, or a list of one for each input.
public protocol ModelInputs<Scalar> {
  /// The element type.
  associatedtype Scalar: RealScalar
  /// One for each input.
  var tensors: [Tensor<Scalar>] { get }
}

extension Tensor: ModelInputs where Scalar: RealScalar {
  /// A list of this one.
  public var tensors: [Tensor] { [self] }
}

extension Array: ModelInputs where Element: ModelInputs {
  /// Those of the elements, in their order.
  public var tensors: [Tensor<Element.Scalar>] { flatMap(\.tensors) }
}
