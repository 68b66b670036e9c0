import Activations
public import Tensor

/// What a weight is brought back to after every step of training.
///
/// ```swift
/// let layer = Dense<Float>(64, kernelConstraint: .maxNorm(2))
/// ```
public struct Constraint<Scalar: RealScalar>: Hashable, Sendable {
  package let rule: Rule

  package init(_ rule: Rule) { self.rule = rule }

  package enum Rule: Hashable, Sendable {
    case maxNorm(MaxNorm)
    case minMaxNorm(MinMaxNorm)
    case unitNorm(UnitNorm)
    case nonNegative
    case custom(CustomConstraint<Scalar>)
  }

  /// Norms along an axis of at most a value: longer vectors are scaled. For a kernel [inputs, units], axis 0 takes the weights
  /// of each unit together.
  /// - Parameter maximum: above 0.
  /// - Parameter axis: one or several; traps when it is applied to a weight that has it not.
  public static func maxNorm(_ maximum: Double = 2, axis: some Axes = 0) -> Self {
    Self(checked: .maxNorm(MaxNorm(maximum: maximum, axes: axis.list)))
  }

  /// Norms along an axis in a range. A `rate` below 1 brings them only that part of the way.
  public static func minMaxNorm(
    min: Double = 0, max: Double = 1, rate: Double = 1, axis: some Axes = 0
  ) -> Self {
    Self(checked: .minMaxNorm(MinMaxNorm(min: min, max: max, rate: rate, axes: axis.list)))
  }

  /// Norms of 1 along an axis. Vectors of zeros stay.
  public static func unitNorm(axis: some Axes = 0) -> Self {
    Self(.unitNorm(UnitNorm(axes: axis.list)))
  }

  /// Negative elements become 0.
  public static var nonNegative: Self { Self(.nonNegative) }

  /// A function of one's own that changes a weight in place and keeps its shape. Equal to its copies only.
  public static func custom(_ name: String, _ function: @escaping @Sendable (inout Tensor<Scalar>) -> Void) -> Self {
    Self(.custom(CustomConstraint(name, function)))
  }

  /// Brings the weight back, in its own memory where nobody else holds it. As in Keras, norms are divided by after 1e-7 was
  /// added to them.
  public func apply(to x: inout Tensor<Scalar>) {
    switch rule {
    case .maxNorm(let constraint):
      x.scaleNorms(along: constraint.axes) { norms in norms.clamped(...Scalar(constraint.maximum)) }
    case .minMaxNorm(let constraint):
      let rate = constraint.rate
      x.scaleNorms(along: constraint.axes) { norms in
        let clamped = norms.clamped(Scalar(constraint.min)...Scalar(constraint.max)) * Scalar(rate)
        return rate == 1 ? clamped : clamped + norms * Scalar(1 - rate)
      }
    case .unitNorm(let constraint):
      x.scaleNorms(along: constraint.axes) { norms in .ones(norms.shape) }
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

/// A function of one's own.
package final class CustomConstraint<Scalar: RealScalar>: EqualByIdentity, Sendable {
  package let name: String
  let function: @Sendable (inout Tensor<Scalar>) -> Void

  init(_ name: String, _ function: @escaping @Sendable (inout Tensor<Scalar>) -> Void) {
    self.name = name
    self.function = function
  }
}

extension Constraint {
  /// What the shapes are that this is for, where `shape` is none of them.
  func mismatch(with shape: [Int]) -> String? {
    guard let axes else { return nil }
    let resolved = axes.map { $0 < 0 ? $0 + shape.count : $0 }
    let fits = resolved.allSatisfy(shape.indices.contains) && Set(resolved).count == axes.count
    return fits ? nil : "of a rank that has the axes \(axes), all different, for the constraint \(name)"
  }

  private var axes: [Int]? {
    switch rule {
    case .maxNorm(let constraint): constraint.axes
    case .minMaxNorm(let constraint): constraint.axes
    case .unitNorm(let constraint): constraint.axes
    case .nonNegative, .custom: nil
    }
  }

  /// For source code: parameters that are not allowed stop the program.
  private init(checked rule: Rule) { self.init(rule.checked(largestNumber: Scalar.largestNumber)) }
}
