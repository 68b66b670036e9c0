/// A parameter of a built-in activation.
package struct Parameter: Sendable {
  /// As Keras 3 spells it, or PyTorch where Keras has none.
  package let name: String
  /// Other spellings that are understood where names are read.
  package let aliases: [String]
  /// The argument's label in Swift.
  let label: String
  /// None: must be given.
  let defaultArgument: Double?
  package let range: Range

  package enum Range: Sendable {
    case finite, nonnegative
    /// Numbers whose reciprocals are finite too.
    case invertible, positive
    /// A largest value, or none.
    case limit
    case flag
    /// One axis, or several.
    case axis, axes

    func contains(_ value: Double, leastNormal: Double) -> Bool {
      switch self {
      case .finite: value.isFinite
      case .invertible: value.isFinite && abs(value) >= leastNormal
      case .positive: value.isFinite && value >= leastNormal
      case .nonnegative: value.isFinite && value >= 0
      case .limit: value >= 0
      case .flag: value == 0 || value == 1
      case .axis, .axes: Int(exactly: value) != nil
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

  /// As Swift writes it.
  func text(_ argument: Double) -> String {
    switch range {
    case .flag: argument == 0 ? "false" : "true"
    case .limit where argument == .infinity: "nil"
    default: "\(argument)"
    }
  }

  /// Whether this is one of its names.
  package func isCalled(_ spelling: String) -> Bool { name == spelling || aliases.contains(spelling) }
}

extension Parameter.Range: CustomStringConvertible {
  /// What is allowed, in words.
  package var description: String {
    switch self {
    case .finite: "finite numbers"
    case .invertible: "normal numbers, not 0"
    case .positive: "normal numbers above 0"
    case .nonnegative: "finite numbers of at least 0"
    case .limit: "numbers of at least 0, or none"
    case .flag: "true and false"
    case .axis: "integers"
    case .axes: "integers, lists of integers and null for all axes"
    }
  }
}

// As configurations hold them.
extension Parameter {
  /// None: must be given.
  package var defaultValue: Configuration? { defaultArgument.map { configuration($0) } }

  func configuration(_ argument: Double) -> Configuration {
    switch range {
    case .flag: .flag(argument != 0)
    case .limit where argument == .infinity: .null
    case .axis, .axes: .integer(Int(argument))
    default: .number(argument)
    }
  }

  /// The argument that a configuration stands for; nil where it is of another kind.
  func argument(_ configuration: Configuration) -> Double? {
    switch (range, configuration) {
    case (.flag, .flag(let value)): value ? 1 : 0
    case (.flag, _): nil
    case (.limit, .null): .infinity
    default: configuration.asNumber
    }
  }
}
