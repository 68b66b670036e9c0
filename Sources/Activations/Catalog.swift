extension Activation {
  /// Every activation, with its default parameters where it has such.
  public static var catalog: [Self] { BuiltIn.definitions.map { $0.example() } }

  /// Whether each element of the result depends on one element of x only.
  public var isElementwise: Bool {
    if case .elementwise = rule { true } else { false }
  }

  /// Whether this is the identity.
  package var isLinear: Bool {
    if case .elementwise(let activation) = rule { activation.kernel == nil } else { false }
  }
}
