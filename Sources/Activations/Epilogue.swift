package import Tensor

extension Activation {
  /// What ends a product; nil where the activation is along an axis or custom.
  package var epilogue: ProductEpilogue? {
    guard case .elementwise(let activation) = rule else { return nil }
    return activation.kernel.map { ProductEpilogue($0.function, $0.parameters) } ?? .identity
  }
}
