extension Activation {
  /// Every activation, with its default parameters where it has such.
  public static var catalog: [Self] {
    Definition.all.map { Self($0, $0.defaults ?? $0.setting(0)) } + AxisActivation.Kind.allCases.map { Self($0) }
  }

  /// The elementwise activations with parameters that are not their defaults and not powers of two, for tests.
  package static var variants: [Self] {
    Definition.all.flatMap { definition in
      definition.settings.indices.dropFirst(definition.defaults == nil ? 1 : 0).map { index in
        Self(definition, definition.setting(index))
      }
    }
  }

  /// Whether each element of the result depends on one element of x only.
  public var isElementwise: Bool {
    if case .elementwise = rule { true } else { false }
  }

  private init(_ definition: Definition, _ arguments: Definition.Arguments) {
    self.init(rule: .elementwise(ElementwiseActivation(definition, arguments)))
  }

  private init(_ kind: AxisActivation.Kind) {
    self.init(rule: .alongAxes(AxisActivation(kind)))
  }
}

extension Definition {
  fileprivate func setting(_ index: Int) -> Arguments {
    var result = Arguments()
    for (position, argument) in settings[index].enumerated() { result[position] = argument }
    return result
  }
}
