public import Tensor

/// The inputs of a model: a tensor, or an array with one for each input.
public protocol ModelInputs<Scalar> {
  /// The element type.
  associatedtype Scalar: RealScalar
  /// The tensors, one for each input.
  var tensors: [Tensor<Scalar>] { get }
}

extension Tensor: ModelInputs where Scalar: RealScalar {
  /// An array that contains only this tensor.
  public var tensors: [Tensor] { [self] }
}

extension Array: ModelInputs where Element: ModelInputs {
  /// The tensors of the elements, in order.
  public var tensors: [Tensor<Element.Scalar>] { flatMap(\.tensors) }
}
