import Tensor

// Reading and writing activations as Keras does: a name, or the name of a class with its configuration.

extension Activation {
  /// In the manner of Keras: the name where all parameters have their defaults, otherwise an object with `class_name`, that of
  /// Keras's layer where there is one, and `config`.
  ///
  /// ```swift
  /// print(Activation<Float>.relu.configuration)    // "relu"
  /// print(Activation<Float>.leakyRelu(negativeSlope: 0.1).configuration)
  /// // {"class_name": "LeakyReLU", "config": {"negative_slope": 0.1}, "module": "keras.layers"}
  /// ```
  ///
  /// Functions of Keras take no parameters from files: it would read a `celu` with an alpha as one without. Such an object has a
  /// `registered_name` that Keras does not know and refuses.
  ///
  /// What Keras does not have, such as `rrelu`, is written as a function by its name, which Keras looks up in `custom_objects`. So is a
  /// custom activation, which is read with a ``Registry`` that contains it.
  public var configuration: Configuration {
    if hasDefaults {
      if isOfKeras { return .string(name) }
      return [
        "module": "builtins", "class_name": "function", "config": .string(name), "registered_name": "function",
      ]
    }
    if let layer = definition?.keras.layer {
      return ["module": "keras.layers", "class_name": .string(layer.className), "config": .object(parameters)]
    }
    return [
      "module": nil, "class_name": .string(name), "config": .object(parameters),
      "registered_name": .string("swift-activations>\(name)"),
    ]
  }

  /// The activation that a configuration stands for: a name, or an object with `class_name` and `config`, as
  /// ``configuration`` gives them and Keras writes them. Whatever else a layer's configuration says (its name, its element type)
  /// is ignored.
  /// - Throws: ``ActivationError``, as ``init(named:parameters:in:)`` and for anything that is not an activation.
  public init(
    configuration: Configuration, in registry: Registry<Scalar> = Registry()
  ) throws(ActivationError) {
    switch configuration {
    case .null:
      self = .linear
    case .string(let name):
      try self.init(named: name, in: registry)
    case .object(let fields):
      guard case .string(let className)? = fields["class_name"] else {
        throw .notAnActivation(configuration: configuration.description)
      }
      switch fields["config"] {
      case .string(let name)? where className == "function":
        try self.init(named: name, in: registry)
      case .object(let config)?:
        let given = config.filter { !parametersOfEveryLayer.contains($0.key) }
        if let definition = BuiltIn.layers[className] {
          let defaults = definition.keras.layer?.defaults ?? [:]
          try self.init(named: definition.name, parameters: given.isEmpty ? defaults : given, in: registry)
        } else {
          try self.init(named: className, parameters: given, in: registry)
        }
      case nil, .null?:
        try self.init(configuration: ["class_name": .string(className), "config": [:]], in: registry)
      default:
        throw .notAnActivation(configuration: configuration.description)
      }
    default:
      throw .notAnActivation(configuration: configuration.description)
    }
  }
}

extension Activation {
  /// Whether Keras 3 has a function of the name.
  private var isOfKeras: Bool {
    switch definition?.keras {
    case .function, .layer: true
    case .notThere, nil: false
    }
  }
}

extension BuiltIn {
  /// By the class of Keras's layer that is an activation.
  fileprivate static let layers = [String: any Definition](
    uniqueKeysWithValues: definitions.compactMap { definition in
      definition.keras.layer.map { ($0.className, definition) }
    })
}

extension Configuration {
  /// Whether it is an object of one of Keras's layers that ``Activation/init(configuration:in:)`` reads.
  package var isActivationOfLayer: Bool {
    guard let className = self["class_name"]?.asString else { return false }
    return BuiltIn.layers[className] != nil
  }
}

/// What the configuration of every layer of Keras says besides its own parameters.
private let parametersOfEveryLayer: Set = ["name", "trainable", "dtype", "batch_input_shape"]

extension Activation: Codable {
  /// From ``configuration``. Custom names are looked up in the ``Registry`` at
  /// `decoder.userInfo[Activation.registryKey]`.
  public init(from decoder: any Decoder) throws {
    let registry = decoder.userInfo[Self.registryKey] as? Registry<Scalar>
    try self.init(configuration: Configuration(from: decoder), in: registry ?? Registry())
  }

  public func encode(to encoder: any Encoder) throws { try configuration.encode(to: encoder) }

  /// Where a decoder finds the ``Registry`` with custom names.
  public static var registryKey: CodingUserInfoKey { CodingUserInfoKey(rawValue: "Registry")! }
}
