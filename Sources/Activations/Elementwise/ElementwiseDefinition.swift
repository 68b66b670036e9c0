internal import CKernels
internal import Tensor

/// The description of a built-in activation of single elements: the only place that tells its names, its parameters with
/// defaults and ranges, its formula with error bounds, what it does to integers, its exact results and its kernels.
///
/// Each stands beside its factory, in the file of its family, which ends its definitions with a list of them.
package final class ElementwiseDefinition: Definition {
  typealias Arguments = ElementwiseActivation.Arguments
  typealias Kernel = ElementwiseActivation.Kernel

  package let name: String
  package let aliases: [String]
  package let parameters: [Parameter]
  package let keras: KerasForm
  package let formula: Formula
  package var isElementwise: Bool { true }

  private let relation: Relation
  /// What `verify`, `bench` and the tests try besides the defaults. Where a parameter has no default, the first of these stands
  /// in the catalog.
  let settings: [Setting]
  /// What happens to integers where they stay integers.
  let integers: @Sendable (Arguments) -> IntegerForm?
  let reference: @Sendable (Arguments) -> Reference
  /// The row of activations.h that computes it; none for the identity.
  let kernel: @Sendable (Arguments) -> Kernel?

  init(
    _ name: String, aliases: [String] = [], _ parameters: [Parameter] = [], keras: KerasForm = .function,
    formula: Formula, relation: Relation = .none, settings: [Setting] = [],
    integers: @escaping @Sendable (Arguments) -> IntegerForm? = { _ in nil },
    reference: @escaping @Sendable (Arguments) -> Reference, kernel: @escaping @Sendable (Arguments) -> Kernel?
  ) {
    self.name = name
    self.aliases = aliases
    self.parameters = parameters
    self.keras = keras
    self.formula = formula
    self.relation = relation
    self.settings = settings
    self.integers = integers
    self.reference = reference
    self.kernel = kernel
  }

  package static let all = rectifiers + pieces + exponentials + sigmoids + selfGated

  /// The default arguments; nil where a parameter has none.
  var defaults: Arguments? {
    var result = Arguments()
    for (index, parameter) in parameters.enumerated() {
      guard let argument = parameter.defaultArgument else { return nil }
      result[index] = argument
    }
    return result
  }

  package func example<Scalar: RealScalar>() -> Activation<Scalar> {
    Activation(rule: .elementwise(ElementwiseActivation(self, variants[0].arguments)))
  }

  package func activation<Scalar: RealScalar>(
    _ given: [String: Configuration]
  ) throws(ActivationError) -> Activation<Scalar> {
    var arguments = Arguments()
    var spellings = parameters.map(\.name)
    var isGiven = parameters.map { _ in false }
    for (spelling, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let index = parameters.firstIndex(where: { $0.isCalled(spelling) }) else {
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
    return Activation(rule: .elementwise(try activation(arguments, for: Scalar.elementType, named: spellings)))
  }

  /// The activation with these arguments, unless one lies outside its range. What counts is the argument as the scalar
  /// type holds it: 1e-60 is 0 in Float.
  /// - Parameter names: what errors call the parameters.
  func activation(
    _ arguments: Arguments, for type: ElementType, named names: @autoclosure () -> [String]
  ) throws(ActivationError) -> ElementwiseActivation {
    for (index, parameter) in parameters.enumerated()
    where !parameter.range.contains(arguments[index].held(by: type), leastNormal: type.leastNormal) {
      throw .parameterOutOfRange(
        activation: name, parameter: names()[index], value: parameter.text(arguments[index]),
        allowed: parameter.range.description)
    }
    if let (index, allowed) = relation.violation(arguments, for: type) {
      let other = 1 - index
      throw .parameterOutOfRange(
        activation: name, parameter: names()[index], value: parameters[index].text(arguments[index]),
        allowed: allowed("\(names()[other]), which is \(parameters[other].text(arguments[other]))"))
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
  func held(by type: ElementType) -> Double { type == .float ? Double(Float(self)) : self }
}

extension ElementType {
  /// The smallest number of a real type that is not subnormal.
  fileprivate var leastNormal: Double {
    self == .float ? Double(Float.leastNormalMagnitude) : Double.leastNormalMagnitude
  }
}
