package import Tensor

// What a dense layer needs of its activation.

extension Activation {
  /// This activation as the end of a product; `nil` where it takes more than single elements.
  package var epilogue: ProductEpilogue? {
    guard case .elementwise(let activation) = rule else { return nil }
    guard let kernel = activation.kernel else { return .identity }
    return ProductEpilogue(kernel.function, kernel.parameters)
  }

  /// result = f(x · matrix + bias).
  /// - Throws: what calling the activation throws.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func apply(
    toProductOf x: Tensor<Scalar>, _ matrix: Tensor<Scalar>, bias: Tensor<Scalar>?, into result: inout Tensor<Scalar>
  ) throws(ActivationError) {
    BlockedProduct(x, matrix, bias: bias, epilogue: epilogue ?? .identity).write(to: &result)
    if epilogue == nil { try apply(to: &result) }
  }

  /// The same, and preactivation = x · matrix + bias.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func apply(
    toProductOf x: Tensor<Scalar>, _ matrix: Tensor<Scalar>, bias: Tensor<Scalar>?,
    preactivation: inout Tensor<Scalar>, into result: inout Tensor<Scalar>
  ) throws(ActivationError) {
    if let epilogue {
      BlockedProduct(x, matrix, bias: bias, epilogue: epilogue).write(to: &result, preactivation: &preactivation)
    } else {
      BlockedProduct(x, matrix, bias: bias).write(to: &preactivation)
      result = try self(preactivation)
    }
  }

  /// The shape of the activation's value.
  package func resultShape(for shape: [Int]) throws(ActivationError) -> [Int] {
    guard case .alongAxes(let activation) = rule else { return shape }
    return try activation.resultShape(shape)
  }
}
