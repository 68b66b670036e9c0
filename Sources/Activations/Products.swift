package import Tensor

// What layers need of their activations.

extension Activation {
  /// This activation as the end of a product; `nil` where it takes more than single elements.
  package var epilogue: ProductEpilogue? {
    guard case .elementwise(let activation) = rule else { return nil }
    guard let kernel = activation.kernel else { return .identity }
    return ProductEpilogue(kernel.function, kernel.parameters)
  }

  /// The shape of the activation's value.
  package func resultShape(for shape: [Int]) throws(ActivationError) -> [Int] {
    guard case .alongAxes(let activation) = rule else { return shape }
    return try activation.resultShape(shape)
  }
}
