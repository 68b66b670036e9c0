/// Everything that is known of a built-in activation. Names, files, `list`, tests and benchmarks read it here.
package protocol Definition: Sendable {
  /// Keras's identifier, or PyTorch's where Keras has none.
  var name: String { get }
  /// Other names that are understood.
  var aliases: [String] { get }
  var parameters: [Parameter] { get }
  var keras: KerasForm { get }
  var formula: Formula { get }
  /// Whether each element of the result depends on one element of x only.
  var isElementwise: Bool { get }

  /// With the defaults of the parameters, or with numbers to try where a parameter has no default.
  func example<Scalar: RealScalar>() -> Activation<Scalar>

  /// With parameters by name; those that are not given have their defaults.
  func activation<Scalar: RealScalar>(_ given: [String: Configuration]) throws(ActivationError) -> Activation<Scalar>
}

extension Definition {
  /// The name as Swift spells it.
  package var swiftName: String { name.camelCased }
}

/// What Keras 3 has of an activation.
package enum KerasForm: Sendable {
  case notThere
  case function
  /// A layer besides the function, with the defaults in which it differs from the function.
  case layer(String, defaults: [String: Configuration] = [:])

  var layer: (className: String, defaults: [String: Configuration])? {
    if case .layer(let className, let defaults) = self { (className, defaults) } else { nil }
  }
}

/// The built-in activations.
package enum BuiltIn {
  package static let definitions: [any Definition] = ElementwiseDefinition.all + AxisDefinition.all

  /// By name and alias.
  static let named = [String: any Definition](
    uniqueKeysWithValues: definitions.flatMap { definition in
      ([definition.name] + definition.aliases).map { ($0, definition) }
    })

  /// By a name or an alias.
  /// - Throws: ``ActivationError/unknownName(_:similar:all:)``, with these names added to those that exist.
  package static func definition(
    named name: String, besides names: [String] = []
  ) throws(ActivationError) -> any Definition {
    if let definition = named[name] { return definition }
    let all = named.keys.sorted() + names
    throw .unknownName(name, similar: all.similar(to: name), all: all)
  }
}

extension String {
  /// snake_case as Swift writes names.
  var camelCased: String {
    let words = split(separator: "_")
    return words.dropFirst().reduce(words.first.map(String.init) ?? "") {
      $0 + $1.prefix(1).uppercased() + $1.dropFirst()
    }
  }
}
