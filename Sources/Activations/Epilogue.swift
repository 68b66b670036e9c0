package import Tensor

extension Activation {
  /// This activation as the end of a product; `nil` where it takes more than single elements.
  package var epilogue: ProductEpilogue? {
    guard case .elementwise(let activation) = rule else { return nil }
    guard let kernel = activation.kernel else { return .identity }
    return ProductEpilogue(kernel.function, kernel.parameters)
  }
}
