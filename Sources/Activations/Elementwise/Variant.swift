internal import Tensor

/// Numbers for the parameters of an activation, in their order, that are worth trying.
struct Setting: ExpressibleByArrayLiteral, Sendable {
  let arguments: [Double]
  /// A name of its own for what is another function with these numbers: `gelu_tanh`.
  let name: String?

  init(name: String, _ arguments: [Double]) {
    self.name = name
    self.arguments = arguments
  }

  init(arrayLiteral arguments: Double...) {
    self.arguments = arguments
    name = nil
  }
}

/// An elementwise activation with parameters that `verify`, `bench` and the tests try.
package struct Variant: Sendable {
  package let definition: ElementwiseDefinition
  let arguments: ElementwiseActivation.Arguments
  /// The activation's name, or that of the setting.
  package let name: String

  /// Whether this is the one that benchmarks time: the default parameters, or a function with a name of its own.
  package let isDistinct: Bool

  fileprivate init(_ definition: ElementwiseDefinition, _ setting: Setting? = nil, isFirst: Bool) {
    self.definition = definition
    var arguments = definition.defaults ?? ElementwiseActivation.Arguments()
    for (index, argument) in (setting?.arguments ?? []).enumerated() { arguments[index] = argument }
    self.arguments = arguments
    name = setting?.name ?? definition.name
    isDistinct = isFirst || setting?.name != nil
  }

  package static let all = ElementwiseDefinition.all.flatMap(\.variants)

  private var changed: [(parameter: Parameter, argument: Double)] {
    definition.parameters.enumerated().map { ($1, arguments[$0]) }.filter {
      $0.argument != $0.parameter.defaultArgument
    }
  }

  /// The parameters that do not have their defaults, by Keras's names.
  package var given: [String: Configuration] {
    Dictionary(uniqueKeysWithValues: changed.map { ($0.parameter.name, $0.parameter.configuration($0.argument)) })
  }

  /// `elu(alpha: 0.3)`: without parameters that have their defaults.
  package var title: String {
    if changed.isEmpty || name != definition.name { return name }
    return "\(name)(\(changed.map { "\($0.parameter.name): \($0.argument)" }.joined(separator: ", ")))"
  }

  /// With the parameters that a type computes with.
  package func activation<Scalar: RealScalar>(_: Scalar.Type = Scalar.self) -> Activation<Scalar> {
    Activation(rule: .elementwise(ElementwiseActivation(definition, computed(by: Scalar.elementType))))
  }

  /// Exact results for the parameters that a type computes with.
  package func reference(for type: ElementType) -> Reference { definition.reference(computed(by: type)) }

  /// The parameters that a type computes with, by Keras's names. Defaults that a kernel has built in, with all their digits, are
  /// left out.
  package func parameters(for type: ElementType) -> [String: Configuration] {
    isBuiltIn ? given : ElementwiseActivation(definition, computed(by: type)).configurations
  }

  private var isBuiltIn: Bool { definition.kernel(arguments).map { $0.takesNoParameters } ?? true }

  /// What a type holds of the arguments. Those that a kernel has built in, like the constants of selu, are not rounded.
  private func computed(by type: ElementType) -> ElementwiseActivation.Arguments {
    if isBuiltIn { return arguments }
    var result = arguments
    for index in definition.parameters.indices { result[index] = arguments[index].held(by: type) }
    return result
  }
}

extension ElementwiseDefinition {
  /// The default parameters first, unless there are none.
  package var variants: [Variant] {
    let first = defaults == nil ? [] : [Variant(self, isFirst: true)]
    return first + settings.enumerated().map { Variant(self, $1, isFirst: first.isEmpty && $0 == 0) }
  }
}
