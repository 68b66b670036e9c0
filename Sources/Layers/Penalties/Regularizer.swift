public import Activations
internal import CKernels
public import Tensor

/// What is added to the loss for a weight, or for a layer's output.
///
/// ```swift
/// let layer = Dense<Float>(64, kernelRegularizer: .l2(1e-4))
/// ```
public struct Regularizer<Scalar: RealScalar>: Configurable {
  let rule: Rule

  enum Rule: Hashable, Sendable {
    /// Keras's three classes for l1 Σ |x| + l2 Σ x².
    case l1l2(className: String, l1: Double, l2: Double)
    case orthogonal(factor: Double, OrthogonalRegularizerMode)
    case custom(CustomRegularizer<Scalar>)
  }

  /// `l1 Σ |x|`. A factor is a finite number from 0 on.
  public static func l1(_ factor: Double = 0.01) -> Self { Self(checked: "L1", ["l1": .number(factor)]) }

  /// `l2 Σ x²`: not halved, so that the gradient is `2 l2 x`.
  public static func l2(_ factor: Double = 0.01) -> Self { Self(checked: "L2", ["l2": .number(factor)]) }

  /// `l1 Σ |x| + l2 Σ x²`.
  public static func l1l2(l1: Double = 0, l2: Double = 0) -> Self {
    Self(checked: "L1L2", ["l1": .number(l1), "l2": .number(l2)])
  }

  /// `factor` times the mean of the magnitudes of the cosines between different rows, or columns, of a matrix: 0 where they are
  /// orthogonal. With one row there is no pair, and the penalty is 0. Rank 2.
  public static func orthogonal(factor: Double = 0.01, mode: OrthogonalRegularizerMode = .rows) -> Self {
    Self(checked: "OrthogonalRegularizer", ["factor": .number(factor), "mode": .string(mode.rawValue)])
  }

  /// A penalty of one's own and its gradient, of x's shape. Equal to its copies only.
  ///
  /// ```swift
  /// let l4 = Regularizer<Float>.custom(
  ///   "l4", penalty: { x in 0.01 * Double((x * x * x * x).sum().scalar) }, gradient: { x in 0.04 * x * x * x })
  /// ```
  public static func custom(
    _ name: String, penalty: @escaping @Sendable (Tensor<Scalar>) -> Double,
    gradient: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Self {
    Self(rule: .custom(CustomRegularizer(name, penalty, gradient)))
  }

  /// What x adds to the loss.
  /// - Complexity: O(*n*), without a tensor of x's size; orthogonal: O(rows² columns).
  public func penalty(of x: Tensor<Scalar>) -> Double {
    switch rule {
    case .l1l2(_, let l1, let l2):
      (l1 == 0 ? 0 : l1 * Double(x.norm(.one).scalar)) + (l2 == 0 ? 0 : l2 * x.sumOfSquares)
    case .orthogonal(let factor, let mode):
      OrthogonalPenalty(factor, mode, x).value
    case .custom(let regularizer):
      regularizer.penalty(x)
    }
  }

  /// gradient += scale · ∂penalty(x)/∂x, in the gradient's own memory where nobody else holds it. The slope of |x| at 0 is 0.
  /// Traps where the shapes differ.
  public func addGradient(of x: Tensor<Scalar>, to gradient: inout Tensor<Scalar>, scaledBy scale: Double = 1) {
    require(
      gradient.shape == x.shape, "\(name): a gradient of the shape \(gradient.shape) for values of the shape \(x.shape)"
    )
    switch rule {
    case .l1l2(_, let l1, let l2):
      Tensor.optimize(
        ck_optimizer_penalty, &gradient, gradient: x, ck_optimizer_parameters(a: scale * l1, b: scale * 2 * l2))
    case .orthogonal(let factor, let mode):
      gradient.add(OrthogonalPenalty(factor, mode, x).gradient, scaledBy: Scalar(scale))
    case .custom(let regularizer):
      let slope = regularizer.gradient(x)
      require(
        slope.shape == x.shape, "\(name): a gradient of the shape \(slope.shape) for values of the shape \(x.shape)")
      gradient.add(slope, scaledBy: Scalar(scale))
    }
  }
}

/// Which vectors are to become orthogonal.
public enum OrthogonalRegularizerMode: String, Hashable, Sendable, CaseIterable {
  /// The rows of a matrix are to be orthogonal.
  case rows
  /// The columns are.
  case columns
}

/// Functions of one's own.
final class CustomRegularizer<Scalar: RealScalar>: EqualByIdentity, Sendable {
  let name: String
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
  public static var kind: String { "regularizer" }
  public static var module: String { "keras.regularizers" }
  public static var names: [String] { allNames(all) }

  /// What a name stands for: Keras's class names and identifiers (`"L2"`, `"l2"`).
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    self = try value(name, parameters, among: Self.all, kind: Self.kind, largestNumber: Scalar.largestNumber)
  }

  public var name: String {
    switch rule {
    case .l1l2(let className, _, _): className
    case .orthogonal: "OrthogonalRegularizer"
    case .custom(let regularizer): regularizer.name
    }
  }

  public var parameters: [String: Configuration] {
    switch rule {
    case .l1l2("L1", let l1, _): ["l1": .number(l1)]
    case .l1l2("L2", _, let l2): ["l2": .number(l2)]
    case .l1l2(_, let l1, let l2): ["l1": .number(l1), "l2": .number(l2)]
    case .orthogonal(let factor, let mode): ["factor": .number(factor), "mode": .string(mode.rawValue)]
    case .custom: [:]
    }
  }

  private static var all: [Named<Self>] {
    [
      Named("L1", "l1") { reader throws(ConfigurationError) in
        Self(rule: .l1l2(className: "L1", l1: try reader.number("l1", .nonnegative, default: 0.01), l2: 0))
      },
      Named("L2", "l2") { reader throws(ConfigurationError) in
        Self(rule: .l1l2(className: "L2", l1: 0, l2: try reader.number("l2", .nonnegative, default: 0.01)))
      },
      Named("L1L2", "l1l2", "l1_l2") { reader throws(ConfigurationError) in
        let l1 = try reader.number("l1", .nonnegative, default: 0)
        return Self(
          rule: .l1l2(className: "L1L2", l1: l1, l2: try reader.number("l2", .nonnegative, default: 0)))
      },
      Named(
        "OrthogonalRegularizer", "orthogonal_regularizer", "orthogonal"
      ) { reader throws(ConfigurationError) in
        let factor = try reader.number("factor", .nonnegative, default: 0.01)
        return Self(rule: .orthogonal(factor: factor, try reader.choice("mode", default: .rows)))
      },
    ]
  }
}

extension Regularizer {
  /// What the shapes are that this is for, where `shape` is none of them.
  func mismatch(with shape: [Int]) -> String? {
    if case .orthogonal = rule, shape.count != 2 { return "of rank 2, for the regularizer \(name)" }
    return nil
  }
}
