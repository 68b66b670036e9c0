import Tensor

extension Activation {
  /// The activation that a name stands for.
  ///
  /// ```swift
  /// let leaky = try Activation<Float>(named: "leaky_relu", parameters: ["negative_slope": 0.1])
  /// ```
  ///
  /// Names are Keras's identifiers as it spells them (`"log_softmax"`), its aliases `swish` and `hard_swish`, PyTorch's
  /// spellings `hardswish`, `hardsigmoid`, `hardtanh`, `softshrink`, `hardshrink`, `tanhshrink` and `logsigmoid`, and
  /// `hard_sigmoid_keras2` for what Keras 2 called `hard_sigmoid`.
  /// - Parameter name: Keras's identifier or one of its aliases.
  /// - Parameter parameters: by Keras's names, Keras 2's (`alpha` for `negative_slope`) or PyTorch's. Those not given have
  ///   their defaults.
  /// - Parameter registry: names of one's own.
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
    } else if let definition = Definition.named[name] {
      self.init(rule: .elementwise(try definition.activation(parameters, for: Scalar.elementType)))
    } else if let kind = AxisActivation.Kind.named[name] {
      self.init(rule: .alongAxes(try AxisActivation(kind, parameters)))
    } else {
      throw .unknown(name, among: Definition.namesOfAll + registry.names)
    }
  }
}

extension ActivationError {
  static func unknown(_ name: String, among all: [String]) -> ActivationError {
    .unknownName(name, similar: all.similar(to: name), all: all)
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

extension Definition {
  /// By name and alias.
  static let named = [String: Definition](
    uniqueKeysWithValues: all.flatMap { definition in
      ([definition.name] + definition.aliases).map { ($0, definition) }
    })

  /// Every name and alias of a built-in activation, in alphabetical order.
  static let namesOfAll = (Array(named.keys) + AxisActivation.Kind.named.keys).sorted()

  fileprivate func activation(
    _ given: [String: Configuration], for type: ElementType
  ) throws(ActivationError) -> ElementwiseActivation {
    var arguments = Arguments()
    var spellings = parameters.map(\.name)
    var isGiven = parameters.map { _ in false }
    for (spelling, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let index = parameters.firstIndex(where: { $0.name == spelling || $0.aliases.contains(spelling) }) else {
        throw .unknownParameter(activation: name, parameter: spelling, allowed: parameters.map(\.name))
      }
      if isGiven[index] {
        throw .repeatedParameter(activation: name, parameters: [spellings[index], spelling])
      }
      let parameter = parameters[index]
      guard let argument = parameter.argument(value) else {
        throw .parameterOutOfRange(
          activation: name, parameter: spelling, value: value.description, allowed: parameter.range.description)
      }
      arguments[index] = argument
      spellings[index] = spelling
      isGiven[index] = true
    }
    for (index, parameter) in parameters.enumerated() where !isGiven[index] {
      guard let argument = parameter.defaultArgument else {
        throw .missingParameter(activation: name, parameter: parameter.name, allowed: parameter.range.description)
      }
      arguments[index] = argument
    }
    return try activation(arguments, for: type) { parameter in
      spellings[parameters.firstIndex { $0.name == parameter.name }!]
    }
  }
}

extension AxisActivation.Kind {
  static let named = [String: Self](uniqueKeysWithValues: allCases.map { (AxisActivation($0).name, $0) })
}

extension AxisActivation.Kind {
  /// Halves, and the first of equal elements, are those of a line along one axis.
  var takesOneAxis: Bool { self == .glu || self == .hardmax }

  var rangeOfAxis: String { takesOneAxis ? "integers" : "integers, lists of integers and null for all axes" }
}

extension AxisActivation {
  static let spellingsOfAxis = ["axis", "axes", "dim"]

  /// From the parameter "axis", which is an integer, a list of integers or null for all of them together.
  fileprivate init(_ kind: Kind, _ given: [String: Configuration]) throws(ActivationError) {
    self.init(kind)
    guard let (spelling, value) = given.min(by: { $0.key < $1.key }) else { return }
    guard Self.spellingsOfAxis.contains(spelling) else {
      throw .unknownParameter(activation: name, parameter: spelling, allowed: ["axis"])
    }
    if given.count > 1 {
      let others = given.keys.sorted()
      guard let stranger = others.first(where: { !Self.spellingsOfAxis.contains($0) }) else {
        throw .repeatedParameter(activation: name, parameters: others)
      }
      throw .unknownParameter(activation: name, parameter: stranger, allowed: ["axis"])
    }
    guard let axes = Axes(value, for: kind) else {
      throw .parameterOutOfRange(
        activation: name, parameter: spelling, value: value.description, allowed: kind.rangeOfAxis)
    }
    self.init(kind, axes)
  }
}
