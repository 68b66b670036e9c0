import Activations
import Layers
import Tensor

extension Configuration {
  /// Writes both ends.
  init(range: ClosedRange<Double>) { self = [.number(range.lowerBound), .number(range.upperBound)] }

  /// Writes a single number for its range.
  init(factor: ClosedRange<Double>) {
    self = factor.lowerBound == -factor.upperBound ? .number(factor.upperBound) : Configuration(range: factor)
  }
}

extension LayerReader {
  mutating func format() throws(ConfigurationError) -> DataFormat {
    try choice("data_format", default: .channelsLast)
  }

  mutating func fillMode() throws(ConfigurationError) -> FillMode {
    try choice("fill_mode", default: .reflect)
  }

  /// Reads how images are read between their places.
  mutating func interpolation() throws(ConfigurationError) -> Interpolation {
    let interpolation: Interpolation = try choice("interpolation", default: .bilinear)
    guard interpolation == .nearest || interpolation == .bilinear else {
      throw outOfRange("interpolation", "\(interpolation)", "nearest, bilinear")
    }
    return interpolation
  }

  /// Reads two numbers in any order; `nil` if the parameter is missing or null.
  private mutating func ends(_ parameter: String, _ allowed: NumberRange) throws(ConfigurationError) -> [Double]? {
    guard configuration(parameter)?.asList != nil else { return nil }
    let numbers = try numbers(parameter, allowed)
    guard numbers.count == 2 else { throw outOfRange(parameter, "\(numbers)", "two \(allowed)") }
    return numbers.sorted()
  }

  /// Reads the darkest and the brightest value of images.
  mutating func valueRange() throws(ConfigurationError) -> ClosedRange<Double> {
    guard let ends = try ends("value_range", .finite) else {
      if let given = configuration("value_range") {
        throw outOfRange("value_range", given.description, "lists of two numbers")
      }
      return 0...255
    }
    guard ends[0] < ends[1], (ends[1] - ends[0]).isFinite else {
      throw outOfRange("value_range", "\(ends)", "lists of two different numbers")
    }
    return ends[0]...ends[1]
  }

  /// Reads a range, or a number up to whose size the range goes on both sides of 0; `nil` if the parameter is missing or null.
  /// - Parameter least: the lower end of what a single number stands for is at least this.
  mutating func optionalFactor(
    _ parameter: String, _ allowed: NumberRange, from least: Double = -1
  ) throws(ConfigurationError) -> ClosedRange<Double>? {
    if let ends = try ends(parameter, allowed) { return ends[0]...ends[1] }
    guard let number = try optionalNumber(parameter, allowed) else { return nil }
    let ends = Double.ends(of: number, from: least)
    return ends.lower...ends.upper
  }

  mutating func factor(
    _ parameter: String, _ allowed: NumberRange, from least: Double = -1,
    default defaultRange: ClosedRange<Double>? = nil
  ) throws(ConfigurationError) -> ClosedRange<Double> {
    guard let range = try optionalFactor(parameter, allowed, from: least) ?? defaultRange else {
      throw .missingParameter(owner: owner, parameter: parameter, allowed: "\(allowed)")
    }
    return range
  }
}
