import Activations
public import Tensor

/// Restores a condition on a weight after every training step.
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

  /// Limits norms along an axis to a maximum: longer vectors are scaled. For a kernel [inputs, units], axis 0 combines
  /// the weights of each unit.
  /// - Parameter maximum: the largest norm; above 0.
  /// - Parameter axis: one or several axes. Applying the constraint to a weight without them stops the program.
  public static func maxNorm(_ maximum: Double = 2, axis: some Axes = 0) -> Self {
    Self(checked: .maxNorm(MaxNorm(maximum: maximum, axes: axis.list)))
  }

  /// Limits norms along an axis to a range. A `rate` below 1 moves them only by that fraction of the distance.
  public static func minMaxNorm(
    min: Double = 0, max: Double = 1, rate: Double = 1, axis: some Axes = 0
  ) -> Self {
    Self(checked: .minMaxNorm(MinMaxNorm(min: min, max: max, rate: rate, axes: axis.list)))
  }

  /// Scales norms along an axis to 1. Zero vectors do not change.
  public static func unitNorm(axis: some Axes = 0) -> Self {
    Self(.unitNorm(UnitNorm(axes: axis.list)))
  }

  /// Replaces negative elements by 0.
  public static var nonNegative: Self { Self(.nonNegative) }

  /// A custom function that changes a weight in place and keeps its shape. It equals only its copies.
  public static func custom(_ name: String, _ function: @escaping @Sendable (inout Tensor<Scalar>) -> Void) -> Self {
    Self(.custom(CustomConstraint(name, function)))
  }

  /// Applies the constraint to a weight, in its own memory if there are no other references to it. As in Keras, the
  /// divisors are norms plus 1e-7.
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

/// A custom function.
package final class CustomConstraint<Scalar: RealScalar>: EqualByIdentity, Sendable {
  package let name: String
  let function: @Sendable (inout Tensor<Scalar>) -> Void

  init(_ name: String, _ function: @escaping @Sendable (inout Tensor<Scalar>) -> Void) {
    self.name = name
    self.function = function
  }
}

extension Constraint {
  /// A description of the permitted shapes if `shape` is not one of them.
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

  /// For source code: invalid parameters stop the program.
  private init(checked rule: Rule) { self.init(rule.checked(largestNumber: Scalar.largestNumber)) }
}
