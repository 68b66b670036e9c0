import Tensor

extension Activation {
  /// Whether this is the identity.
  package var isLinear: Bool {
    if case .elementwise(let activation) = rule { activation.kernel == nil } else { false }
  }
}
