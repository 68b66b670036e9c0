internal import CKernels
internal import Tensor

/// A built-in function of single elements with its arguments, and the kernel that computes it.
struct ElementwiseActivation: Sendable {
  let definition: ElementwiseDefinition
  /// In the order of the definition's parameters.
  let arguments: Arguments
  /// None for the identity.
  let kernel: Kernel?

  /// A row of activations.h and its parameters.
  struct Kernel: Sendable {
    let function: ck_function
    let parameters: ck_parameters
    let slopeSource: SlopeSource

    init(
      _ function: ck_function, _ a: Double = 0, _ b: Double = 0, _ c: Double = 0,
      slope slopeSource: SlopeSource = .input
    ) {
      self.function = function
      self.parameters = ck_parameters(a: a, b: b, c: c)
      self.slopeSource = slopeSource
    }

    var takesNoParameters: Bool { parameters.a == 0 && parameters.b == 0 && parameters.c == 0 }
  }

  /// What the slope can be computed from without losing digits.
  enum SlopeSource: Sendable {
    case input
    /// The slope at the output is that at the input, since both lie on the same side of every kink.
    case inputOrOutput
    /// The output is the slope.
    case isOutput
  }

  /// Up to three numbers, without an array's allocation. Flags are 0 and 1, a limit that is not there is infinite.
  struct Arguments: Hashable, Sendable {
    var a = 0.0, b = 0.0, c = 0.0

    subscript(_ index: Int) -> Double {
      get { index == 0 ? a : index == 1 ? b : c }
      set { if index == 0 { a = newValue } else if index == 1 { b = newValue } else { c = newValue } }
    }
  }

  init(_ definition: ElementwiseDefinition, _ arguments: Arguments) {
    self.definition = definition
    self.arguments = arguments
    kernel = definition.kernel(arguments)
  }
}

extension ElementwiseActivation: Hashable {
  static func == (first: Self, second: Self) -> Bool {
    first.definition === second.definition && first.arguments == second.arguments
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(definition))
    hasher.combine(arguments)
  }
}

extension ElementwiseActivation: CustomStringConvertible {
  var description: String {
    let given = definition.parameters.enumerated().filter { arguments[$0.offset] != $0.element.defaultArgument }
    if given.isEmpty { return definition.swiftName }
    let list = given.map { "\($0.element.label): \($0.element.text(arguments[$0.offset]))" }
    return "\(definition.swiftName)(\(list.joined(separator: ", ")))"
  }
}

extension ElementwiseActivation {
  /// All parameters by Keras's names.
  var configurations: [String: Configuration] {
    var result: [String: Configuration] = [:]
    for (index, parameter) in definition.parameters.enumerated() {
      result[parameter.name] = parameter.configuration(arguments[index])
    }
    return result
  }
}
