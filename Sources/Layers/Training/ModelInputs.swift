public import Tensor

/// The inputs of a model: a tensor, or an array with one for each input.
public protocol ModelInputs {
  /// The tensors, one for each input, in a model's element type. Other element types are converted.
  func tensors<Scalar: RealScalar>(as: Scalar.Type) -> [Tensor<Scalar>]
}

extension Tensor: ModelInputs where Scalar: NumericScalar {
  /// An array that contains only this tensor.
  public func tensors<Real: RealScalar>(as: Real.Type) -> [Tensor<Real>] {
    [self as? Tensor<Real> ?? cast(to: Real.self)]
  }
}

extension Array: ModelInputs where Element: ModelInputs {
  /// The tensors of the elements, in order.
  public func tensors<Real: RealScalar>(as: Real.Type) -> [Tensor<Real>] { flatMap { $0.tensors(as: Real.self) } }
}
