public import Activations
public import Tensor

/// What a weight is brought back to after every step of training.
///
/// ```swift
/// let layer = Dense<Float>(64, kernelConstraint: .maxNorm(2))
/// ```
public struct Constraint<Scalar: RealScalar>: Configurable {
  let rule: Rule

  enum Rule: Hashable, Sendable {
    case maxNorm(Double, axes: [Int]?)
    case minMaxNorm(min: Double, max: Double, rate: Double, axes: [Int]?)
    case unitNorm(axes: [Int]?)
    case nonNegative
    case custom(CustomConstraint<Scalar>)
  }

  /// Norms along an axis of at most a value: longer vectors are scaled. For a kernel [inputs, units], axis 0 takes the weights
  /// of each unit together.
  /// - Parameter maximum: above 0.
  /// - Parameter axis: one or several; traps when it is applied to a weight that has it not.
  public static func maxNorm(_ maximum: Double = 2, axis: some Axes = 0) -> Self {
    Self(checked: "MaxNorm", ["max_value": .number(maximum), "axis": axis.configuration])
  }

  /// Norms along an axis in a range. A `rate` below 1 brings them only that part of the way.
  public static func minMaxNorm(
    min: Double = 0, max: Double = 1, rate: Double = 1, axis: some Axes = 0
  ) -> Self {
    Self(
      checked: "MinMaxNorm",
      [
        "min_value": .number(min), "max_value": .number(max), "rate": .number(rate), "axis": axis.configuration,
      ])
  }

  /// Norms of 1 along an axis. Vectors of zeros stay.
  public static func unitNorm(axis: some Axes = 0) -> Self {
    Self(checked: "UnitNorm", ["axis": axis.configuration])
  }

  /// Negative elements become 0.
  public static var nonNegative: Self { Self(rule: .nonNegative) }

  /// A function of one's own that changes a weight in place and keeps its shape. Equal to its copies only.
  public static func custom(_ name: String, _ function: @escaping @Sendable (inout Tensor<Scalar>) -> Void) -> Self {
    Self(rule: .custom(CustomConstraint(name, function)))
  }

  /// Brings the weight back, in its own memory where nobody else holds it. As in Keras, norms are divided by after 1e-7 was
  /// added to them.
  public func apply(to x: inout Tensor<Scalar>) {
    switch rule {
    case .maxNorm(let maximum, let axes):
      x.scaleNorms(along: axes) { norms in norms.clamped(...Scalar(maximum)) }
    case .minMaxNorm(let min, let max, let rate, let axes):
      x.scaleNorms(along: axes) { norms in
        let clamped = norms.clamped(Scalar(min)...Scalar(max)) * Scalar(rate)
        return rate == 1 ? clamped : clamped + norms * Scalar(1 - rate)
      }
    case .unitNorm(let axes):
      x.scaleNorms(along: axes) { norms in .ones(norms.shape) }
    case .nonNegative:
      try! Activation.relu().apply(to: &x)  // throws along axes only
    case .custom(let constraint):
      let shape = x.shape
      constraint.function(&x)
      require(x.shape == shape, "\(name): a weight of the shape \(shape) became one of the shape \(x.shape)")
    }
  }
}

extension Tensor where Scalar: RealScalar {
  fileprivate mutating func scaleNorms(along axes: [Int]?, _ desired: (Tensor) -> Tensor) {
    let norms = axes.map { norm(axis: $0, keepDimensions: true) } ?? norm(keepDimensions: true)
    self *= desired(norms) / (norms + 1e-7)
  }
}

extension Axes {
  /// An axis, a list of them, or null for all: not yet resolved, which takes a rank.
  fileprivate var configuration: Configuration {
    switch self {
    case let axis as Int: .integer(axis)
    case let axes as [Int]: Configuration(axes)
    case is AllAxes: .null
    default: trap("the axis of a constraint is \(self), allowed are an integer, an array of them and AllAxes()")
    }
  }
}

/// A function of one's own.
final class CustomConstraint<Scalar: RealScalar>: EqualByIdentity, Sendable {
  let name: String
  let function: @Sendable (inout Tensor<Scalar>) -> Void

  init(_ name: String, _ function: @escaping @Sendable (inout Tensor<Scalar>) -> Void) {
    self.name = name
    self.function = function
  }
}

extension Constraint {
  public static var kind: String { "constraint" }
  public static var module: String { "keras.constraints" }
  public static var names: [String] { allNames(all) }

  /// What a name stands for: Keras's class names and identifiers (`"MaxNorm"`, `"max_norm"`).
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    self = try value(name, parameters, among: Self.all, kind: Self.kind, largestNumber: Scalar.largestNumber)
  }

  public var name: String {
    switch rule {
    case .maxNorm: "MaxNorm"
    case .minMaxNorm: "MinMaxNorm"
    case .unitNorm: "UnitNorm"
    case .nonNegative: "NonNeg"
    case .custom(let constraint): constraint.name
    }
  }

  public var parameters: [String: Configuration] {
    func axis(_ axes: [Int]?) -> Configuration {
      axes?.count == 1 ? .integer(axes![0]) : Configuration(axes)
    }
    return switch rule {
    case .maxNorm(let maximum, let axes):
      ["max_value": .number(maximum), "axis": axis(axes)]
    case .minMaxNorm(let min, let max, let rate, let axes):
      ["min_value": .number(min), "max_value": .number(max), "rate": .number(rate), "axis": axis(axes)]
    case .unitNorm(let axes):
      ["axis": axis(axes)]
    case .nonNegative, .custom:
      [:]
    }
  }

  private static var all: [Named<Self>] {
    [
      Named("MaxNorm", "max_norm") { reader throws(ConfigurationError) in
        let maximum = try reader.number("max_value", .positive, default: 2)
        return Self(rule: .maxNorm(maximum, axes: try reader.axes("axis", default: 0)))
      },
      Named("MinMaxNorm", "min_max_norm") { reader throws(ConfigurationError) in
        let min = try reader.number("min_value", .nonnegative, default: 0)
        let max = try reader.number("max_value", .nonnegative, default: 1)
        guard min <= max else {
          throw reader.outOfRange("min_value", "\(min)", "numbers up to max_value, which is \(max)")
        }
        let rate = try reader.number("rate", .closedUnit, default: 1)
        return Self(
          rule: .minMaxNorm(min: min, max: max, rate: rate, axes: try reader.axes("axis", default: 0)))
      },
      Named("UnitNorm", "unit_norm") { reader throws(ConfigurationError) in
        Self(rule: .unitNorm(axes: try reader.axes("axis", default: 0)))
      },
      Named("NonNeg", "non_neg", "nonneg") { _ in Self(rule: .nonNegative) },
    ]
  }
}

extension Constraint {
  /// What the shapes are that this is for, where `shape` is none of them.
  func mismatch(with shape: [Int]) -> String? {
    switch rule {
    case .maxNorm(_, let axes?), .minMaxNorm(_, _, _, let axes?), .unitNorm(let axes?):
      let resolved = axes.map { $0 < 0 ? $0 + shape.count : $0 }
      let fits = resolved.allSatisfy(shape.indices.contains) && Set(resolved).count == axes.count
      return fits ? nil : "of a rank that has the axes \(axes), all different, for the constraint \(name)"
    default: return nil
    }
  }
}
