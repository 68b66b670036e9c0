// Parameters as configurations hold them.

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

extension Parameter {
  func configuration(_ argument: Double) -> Configuration {
    switch range {
    case .flag: .flag(argument != 0)
    case .limit where argument == .infinity: .null
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

extension AxisActivation.Axes {
  var configuration: Configuration {
    switch self {
    case .all: .null
    case .axes(let axes) where axes.count == 1: .integer(axes[0])
    case .axes(let axes): .list(axes.map { .integer($0) })
    }
  }

  /// An integer, or, but for kinds that take one axis, a list of integers, or null for all axes together. Nil for all else.
  init?(_ configuration: Configuration, for kind: AxisActivation.Kind) {
    switch configuration {
    case .integer, .number:
      guard let axis = configuration.asInteger else { return nil }
      self = .axes([axis])
    case .list(let list) where !kind.takesOneAxis:
      var axes: [Int] = []
      for element in list {
        guard let axis = element.asInteger else { return nil }
        axes.append(axis)
      }
      self = .axes(axes)
    case .null where !kind.takesOneAxis:
      self = .all
    default:
      return nil
    }
  }
}
