import Tensor

extension Activation {
  /// The activation that a name stands for.
  ///
  /// ```swift
  /// let leaky = try Activation<Float>(named: "leaky_relu", parameters: ["negative_slope": 0.1])
  /// ```
  ///
  /// Names are Keras's identifiers as it spells them (`"log_softmax"`), its aliases (`"swish"`), and PyTorch's spellings
  /// (`"hardtanh"`). What Keras 2 called `hard_sigmoid` is `hard_sigmoid_keras2`. The command `activations list` shows all of them.
  /// - Parameter name: Keras's identifier or one of its aliases.
  /// - Parameter parameters: by Keras's names, Keras 2's (`alpha` for `negative_slope`) or PyTorch's. Those not given have
  ///   their defaults.
  /// - Parameter registry: custom names.
  /// - Throws: ``ActivationError`` for a name that nothing has, with those most like it and all there are, and for a parameter
  ///   that is unknown, missing or outside its range, with what is allowed.
  public init(
    named name: String, parameters: [String: Configuration] = [:], in registry: Registry<Scalar> = Registry()
  ) throws(ActivationError) {
    if let registered = registry[name] {
      if let parameter = parameters.keys.min() {
        throw .unknownParameter(activation: name, parameter: parameter, allowed: [])
      }
      self = registered
    } else {
      self = try BuiltIn.definition(named: name, besides: registry.names).activation(parameters)
    }
  }
}

extension Activation: ExpressibleByStringLiteral {
  /// The activation that Keras's identifier stands for: `let f: Activation<Float> = "gelu"`. An unknown one stops the program
  /// with the text that ``init(named:parameters:in:)`` throws.
  public init(stringLiteral name: String) {
    do {
      try self.init(named: name)
    } catch {
      trap("\(error)")
    }
  }
}
