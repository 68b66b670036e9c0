public import Activations
import Tensor

extension Initializer {
  public static var kind: String { "initializer" }
  public static var module: String { "keras.initializers" }
  public static var names: [String] { allNames(all) }

  /// What a name stands for: Keras's class names and identifiers (`"HeNormal"`, `"he_normal"`), and its aliases.
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    self = try value(name, parameters, among: Self.all, kind: Self.kind, largestNumber: Scalar.largestNumber)
  }

  /// As Keras's files write it: values of one's own are its `Constant` with an array.
  public var configuration: Configuration {
    guard case .values(let values) = rule else { return configurationOfClass }
    let array: Configuration = [
      "class_name": "__numpy__",
      "config": ["value": values.nestedNumbers, "dtype": Scalar.self == Float.self ? "float32" : "float64"],
    ]
    return [
      "module": .string(Self.module), "class_name": "Constant", "config": ["value": array], "registered_name": nil,
    ]
  }

  public var name: String {
    switch rule {
    case .varianceScaling(let scaling): scaling.name
    case .normal: "RandomNormal"
    case .truncatedNormal: "TruncatedNormal"
    case .uniform: "RandomUniform"
    case .orthogonal: "Orthogonal"
    case .identity: "Identity"
    case .zeros: "Zeros"
    case .ones: "Ones"
    case .constant: "Constant"
    case .values: "values"
    case .placeholder(let rule): Initializer(rule: rule).name
    case .custom(let initializer): initializer.name
    }
  }

  public var parameters: [String: Configuration] {
    switch rule {
    case .varianceScaling(let scaling):
      scaling.parameters
    case .normal(let mean, let standardDeviation), .truncatedNormal(let mean, let standardDeviation):
      ["mean": .number(mean), "stddev": .number(standardDeviation)]
    case .uniform(let low, let high):
      ["minval": .number(low), "maxval": .number(high)]
    case .orthogonal(let gain), .identity(let gain):
      ["gain": .number(gain)]
    case .constant(let value):
      ["value": .number(value)]
    case .placeholder(let rule):
      Initializer(rule: rule).parameters
    case .zeros, .ones, .values, .custom:
      [:]
    }
  }

  private static var all: [Named<Self>] {
    let scalings = VarianceScaling.derived.values.sorted { $0.name < $1.name }
    return scalings.map(Self.named) + [
      Named("VarianceScaling", "variance_scaling") { reader throws(ConfigurationError) in
        Self(rule: .varianceScaling(try VarianceScaling(&reader)))
      },
      Named("RandomNormal", "random_normal", "normal") { reader throws(ConfigurationError) in
        let mean = try reader.number("mean", default: 0)
        return Self(
          rule: .normal(mean: mean, standardDeviation: try reader.number("stddev", .nonnegative, default: 0.05)))
      },
      Named("TruncatedNormal", "truncated_normal") { reader throws(ConfigurationError) in
        let mean = try reader.number("mean", default: 0)
        return Self(
          rule: .truncatedNormal(
            mean: mean, standardDeviation: try reader.number("stddev", .nonnegative, default: 0.05)))
      },
      Named("RandomUniform", "random_uniform", "uniform") { reader throws(ConfigurationError) in
        let low = try reader.number("minval", default: -0.05)
        let high = try reader.number("maxval", default: 0.05)
        guard low <= high else { throw reader.outOfRange("minval", "\(low)", "numbers up to maxval, which is \(high)") }
        guard (Scalar(high) - Scalar(low)).isFinite else {
          throw reader.outOfRange(
            "maxval", "\(high)", "numbers at most \(reader.largestNumber) above minval, which is \(low)")
        }
        return Self(rule: .uniform(low: low, high: high))
      },
      Named("Orthogonal", "orthogonal", "OrthogonalInitializer") { reader throws(ConfigurationError) in
        Self(rule: .orthogonal(gain: try reader.number("gain", default: 1)))
      },
      Named("Identity", "identity", "IdentityInitializer") { reader throws(ConfigurationError) in
        Self(rule: .identity(gain: try reader.number("gain", default: 1)))
      },
      Named("Zeros", "zeros", "zero") { _ in Self(rule: .zeros) },
      Named("Ones", "ones", "one") { _ in Self(rule: .ones) },
      Named("Constant", "constant") { reader throws(ConfigurationError) in
        guard let given = reader.configuration("value"), given.asNumber == nil else {
          return Self(rule: .constant(try reader.number("value", default: 0)))
        }
        guard let values = Tensor<Scalar>(nestedNumbers: given) else {
          throw reader.outOfRange("value", given.description, "finite numbers and arrays of them")
        }
        return Self(rule: .values(values))
      },
    ]
  }

  private static func named(_ scaling: VarianceScaling) -> Named<Self> {
    Named(scaling.name, snakeCase(scaling.name)) { reader throws(ConfigurationError) in
      var result = scaling
      try result.readAxes(&reader)
      return Self(rule: .varianceScaling(result))
    }
  }
}

extension VarianceScaling {
  /// `he_normal` for `HeNormal`.
  fileprivate init(_ reader: inout ParameterReader) throws(ConfigurationError) {
    scale = try reader.number("scale", .positive, default: 1)
    // The variance of a uniform distribution is a third of its limit's square.
    guard scale <= reader.largestNumber / 3 else {
      throw reader.outOfRange("scale", "\(scale)", "numbers above 0, up to \(reader.largestNumber / 3)")
    }
    mode = try reader.choice("mode", default: .fanIn)
    // What Keras 2 wrote.
    let isNormal = reader.configuration("distribution") == .string("normal")
    distribution = isNormal ? .truncatedNormal : try reader.choice("distribution", default: .truncatedNormal)
    try readAxes(&reader)
  }

  fileprivate mutating func readAxes(_ reader: inout ParameterReader) throws(ConfigurationError) {
    inputAxes = try reader.optionalIntegers("input_axes")
    outputAxes = try reader.optionalIntegers("output_axes")
  }

  fileprivate var parameters: [String: Configuration] {
    var result: [String: Configuration] = [
      "input_axes": Configuration(inputAxes), "output_axes": Configuration(outputAxes),
    ]
    if name == "VarianceScaling" {
      result["scale"] = .number(scale)
      result["mode"] = .string(mode.rawValue)
      result["distribution"] = .string(distribution.rawValue)
    }
    return result
  }
}
