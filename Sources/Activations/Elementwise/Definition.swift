internal import CKernels
internal import Tensor

/// What defines a built-in elementwise activation: its names, its parameters with their ranges, its formula, and which kernel
/// computes it for which arguments.
final class Definition: Sendable {
  typealias Arguments = ElementwiseActivation.Arguments
  typealias Kernel = ElementwiseActivation.Kernel

  /// Keras's identifier, or PyTorch's where Keras has none.
  let name: String
  let aliases: [String]
  let parameters: [Parameter]
  let formula: Formula
  let relation: Relation
  let kernel: @Sendable (Arguments) -> Kernel?
  /// Settings to test besides the default: for parameters without a default, the first one stands in the catalog.
  let settings: [[Double]]

  init(
    _ name: String, aliases: [String] = [], _ parameters: [Parameter] = [], formula: Formula,
    relation: Relation = .none, settings: [[Double]] = [], kernel: @escaping @Sendable (Arguments) -> Kernel?
  ) {
    self.name = name
    self.aliases = aliases
    self.parameters = parameters
    self.formula = formula
    self.relation = relation
    self.kernel = kernel
    self.settings = settings
  }

  var swiftName: String { name.camelCased }

  /// The default arguments; nil where a parameter has none.
  var defaults: Arguments? {
    var result = Arguments()
    for (index, parameter) in parameters.enumerated() {
      guard let argument = parameter.defaultArgument else { return nil }
      result[index] = argument
    }
    return result
  }

  /// The activation with these arguments, unless one lies outside its range. What counts is the argument as the scalar
  /// type holds it: 1e-60 is 0 in Float.
  func activation(
    _ arguments: Arguments, for type: ElementType, named names: (Parameter) -> String
  ) throws(ActivationError) -> ElementwiseActivation {
    for (index, parameter) in parameters.enumerated()
    where !parameter.range.contains(arguments[index].held(by: type), leastNormal: type.leastNormal) {
      throw .parameterOutOfRange(
        activation: name, parameter: names(parameter), value: parameter.text(arguments[index]),
        allowed: parameter.range.description)
    }
    if let (index, allowed) = relation.violation(arguments, for: type) {
      let (parameter, other) = (parameters[index], parameters[1 - index])
      throw .parameterOutOfRange(
        activation: name, parameter: names(parameter), value: parameter.text(arguments[index]),
        allowed: allowed("\(names(other)), which is \(other.text(arguments[1 - index]))"))
    }
    return ElementwiseActivation(self, arguments)
  }

  /// What two parameters must be to one another.
  enum Relation: Sendable {
    case none
    /// They are the ends of a range.
    case ascending
    case finiteProduct

    /// Which of the two is to be blamed, and what is allowed beside the other one; nil where all is well.
    fileprivate func violation(
      _ arguments: Arguments, for type: ElementType
    ) -> (parameter: Int, allowed: (_ other: String) -> String)? {
      switch self {
      case .ascending where arguments.a > arguments.b: (0, { "numbers up to \($0)" })
      case .finiteProduct where !(arguments.a.held(by: type) * arguments.b.held(by: type)).held(by: type).isFinite:
        (1, { "numbers whose product is finite with \($0)" })
      default: nil
      }
    }
  }
}

extension Double {
  /// The nearest number that a type holds.
  fileprivate func held(by type: ElementType) -> Double { type == .float ? Double(Float(self)) : self }
}

/// A parameter of an elementwise activation.
struct Parameter: Sendable {
  /// As Keras 3 spells it, or PyTorch where Keras has none.
  let name: String
  /// Other spellings that are understood where names are read.
  let aliases: [String]
  /// The argument's label in Swift.
  let label: String
  /// None: must be given.
  let defaultArgument: Double?
  let range: Range

  enum Range: Sendable {
    case finite, nonnegative
    /// Numbers whose reciprocals are finite too.
    case invertible, positive
    /// A largest value, or none.
    case limit
    case flag

    func contains(_ value: Double, leastNormal: Double) -> Bool {
      switch self {
      case .finite: value.isFinite
      case .invertible: value.isFinite && abs(value) >= leastNormal
      case .positive: value.isFinite && value >= leastNormal
      case .nonnegative: value.isFinite && value >= 0
      case .limit: value >= 0
      case .flag: value == 0 || value == 1
      }
    }
  }

  init(
    _ name: String, _ defaultArgument: Double? = nil, _ range: Range = .finite, label: String? = nil,
    aliases: [String] = []
  ) {
    self.name = name
    self.aliases = aliases
    self.label = label ?? name.camelCased
    self.defaultArgument = defaultArgument
    self.range = range
  }

  func text(_ argument: Double) -> String {
    switch range {
    case .flag: argument == 0 ? "false" : "true"
    case .limit where argument == .infinity: "nil"
    default: "\(argument)"
    }
  }
}

extension Parameter.Range: CustomStringConvertible {
  var description: String {
    switch self {
    case .finite: "finite numbers"
    case .invertible: "normal numbers, not 0"
    case .positive: "normal numbers above 0"
    case .nonnegative: "finite numbers from 0 on"
    case .limit: "numbers from 0 on, or none"
    case .flag: "true and false"
    }
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

extension ElementType {
  /// The smallest number of a real type that is not subnormal.
  fileprivate var leastNormal: Double {
    self == .float ? Double(Float.leastNormalMagnitude) : Double.leastNormalMagnitude
  }
}
