internal import CKernels
public import Tensor

/// A penalty for a weight, or for a layer's output, that is added to the loss.
///
/// ```swift
/// let layer = Dense<Float>(64, kernelRegularizer: .l2(1e-4))
/// ```
public struct Regularizer<Scalar: RealScalar>: Hashable, Sendable {
  package let rule: Rule

  package init(_ rule: Rule) { self.rule = rule }

  package enum Rule: Hashable, Sendable {
    case l1(MagnitudePenalty)
    case l2(SquarePenalty)
    case l1l2(ElasticPenalty)
    case orthogonal(OrthogonalRegularizer)
    case custom(CustomRegularizer<Scalar>)
  }

  /// `l1 Σ |x|`. A factor is a finite number of at least 0.
  public static func l1(_ factor: Double = 0.01) -> Self { Self(checked: .l1(MagnitudePenalty(l1: factor))) }

  /// `l2 Σ x²`: not halved, so that the gradient is `2 l2 x`.
  public static func l2(_ factor: Double = 0.01) -> Self { Self(checked: .l2(SquarePenalty(l2: factor))) }

  /// `l1 Σ |x| + l2 Σ x²`.
  public static func l1l2(l1: Double = 0, l2: Double = 0) -> Self {
    Self(checked: .l1l2(ElasticPenalty(l1: l1, l2: l2)))
  }

  /// `factor` times the mean of the magnitudes of the cosines between different rows, or columns, of a matrix: 0 if
  /// they are orthogonal. With one row, there is no pair, and the penalty is 0. The rank is 2.
  public static func orthogonal(factor: Double = 0.01, mode: OrthogonalRegularizerMode = .rows) -> Self {
    Self(checked: .orthogonal(OrthogonalRegularizer(factor: factor, mode: mode)))
  }

  /// A custom penalty and its gradient, of x's shape. It equals only its copies.
  ///
  /// ```swift
  /// let l4 = Regularizer<Float>.custom(
  ///   "l4", penalty: { x in 0.01 * Double((x * x * x * x).sum().scalar) }, gradient: { x in 0.04 * x * x * x })
  /// ```
  public static func custom(
    _ name: String, penalty: @escaping @Sendable (Tensor<Scalar>) -> Double,
    gradient: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Self {
    Self(.custom(CustomRegularizer(name, penalty, gradient)))
  }

  /// Returns the penalty for x.
  /// - Complexity: O(*n*), without a tensor of x's size; orthogonal: O(rows² columns).
  public func penalty(of x: Tensor<Scalar>) -> Double {
    switch rule {
    case .l1, .l2, .l1l2:
      let (l1, l2) = factors
      return (l1 == 0 ? 0 : l1 * Double(x.norm(.one).scalar)) + (l2 == 0 ? 0 : l2 * x.sumOfSquares)
    case .orthogonal(let regularizer): return OrthogonalPenalty(regularizer, x).value
    case .custom(let regularizer): return regularizer.penalty(x)
    }
  }

  /// gradient += scale · ∂penalty(x)/∂x, in the gradient's own memory if there are no other references to it. The slope
  /// of |x| at 0 is 0.
  /// - Precondition: the shapes agree.
  public func addGradient(of x: Tensor<Scalar>, to gradient: inout Tensor<Scalar>, scaledBy scale: Double = 1) {
    require(
      gradient.shape == x.shape, "\(name): a gradient of the shape \(gradient.shape) for values of the shape \(x.shape)"
    )
    switch rule {
    case .l1, .l2, .l1l2:
      let (l1, l2) = factors
      Tensor.optimize(
        ck_penalty_step(.init(magnitude: scale * l1, square: scale * 2 * l2)), &gradient, gradient: x)
    case .orthogonal(let regularizer):
      gradient.add(OrthogonalPenalty(regularizer, x).gradient, scaledBy: Scalar(scale))
    case .custom(let regularizer):
      let slope = regularizer.gradient(x)
      require(
        slope.shape == x.shape, "\(name): a gradient of the shape \(slope.shape) for values of the shape \(x.shape)")
      gradient.add(slope, scaledBy: Scalar(scale))
    }
  }
}

extension Regularizer {
  /// The factors of Σ |x| and Σ x².
  private var factors: (l1: Double, l2: Double) {
    switch rule {
    case .l1(let penalty): (penalty.l1, 0)
    case .l2(let penalty): (0, penalty.l2)
    case .l1l2(let penalty): (penalty.l1, penalty.l2)
    case .orthogonal, .custom: (0, 0)
    }
  }

  /// For source code: invalid parameters stop the program.
  private init(checked rule: Rule) { self.init(rule.checked(largestNumber: Scalar.largestNumber)) }
}

/// The vectors that become orthogonal.
public enum OrthogonalRegularizerMode: String, Hashable, Sendable, CaseIterable {
  /// The rows of a matrix.
  case rows
  /// The columns of a matrix.
  case columns
}

/// Custom functions.
package final class CustomRegularizer<Scalar: RealScalar>: EqualByIdentity, Sendable {
  package let name: String
  let penalty: @Sendable (Tensor<Scalar>) -> Double
  let gradient: @Sendable (Tensor<Scalar>) -> Tensor<Scalar>

  init(
    _ name: String, _ penalty: @escaping @Sendable (Tensor<Scalar>) -> Double,
    _ gradient: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar>
  ) {
    self.name = name
    self.penalty = penalty
    self.gradient = gradient
  }
}

extension Regularizer {
  /// A description of the permitted shapes if `shape` is not one of them.
  func mismatch(with shape: [Int]) -> String? {
    if case .orthogonal = rule, shape.count != 2 { return "of rank 2, for the regularizer \(name)" }
    return nil
  }
}
