public import Tensor

/// A differentiable operation: it computes results from operands, and the gradients with respect to operands from those
/// with respect to results.
///
/// A layer's computation consists of operations. An operation keeps a residual, of any type, from the forward
/// computation for the pullback; nothing else is passed between the two.
///
/// ```swift
/// struct Cube<Scalar: RealScalar>: TensorOperation {
///   func forward(_ context: Context<Scalar>) -> Tensor<Scalar> {
///     let x = context.operand(0)
///     context.give(x * x * x)
///     return x
///   }
///   func pullback(_ x: Tensor<Scalar>, _ context: Context<Scalar>) {
///     context.give(context.upstream() * 3 * x * x, of: 0)
///   }
/// }
/// ```
///
/// A layer uses it with `applying(_:_:)` of ``Traced``.
public protocol TensorOperation<Scalar>: Sendable {
  /// The element type.
  associatedtype Scalar: RealScalar
  /// The values that the forward computation keeps for the pullback.
  associatedtype Residual
  /// The element type of the results: by default, that of the computation. For masks, it is `Bool`, and for integers
  /// `Int64`; both have no gradients. See ``UndifferentiatedOperation``.
  associatedtype ResultScalar: TensorScalar = Scalar

  /// Returns the shapes of the results for operands of these shapes, those of samples without their batch axis. By
  /// default, there is one result, in the shape of the first operand.
  func resultShapes(_ operands: [[Int]]) throws -> [[Int]]

  /// Computes the results from the operands and passes them to the context.
  func forward(_ context: Context<Scalar>) throws -> Residual

  /// Computes the results without a later pullback, so the operands' memory may be reused. Calls ``forward(_:)`` by
  /// default.
  func infer(_ context: Context<Scalar>) throws

  /// Computes the gradients with respect to the operands from those with respect to the results, and passes them to the
  /// context.
  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws

  /// Whether the operation draws random numbers.
  var isRandom: Bool { get }
}

extension TensorOperation {
  public func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [operands[0]] }
  public func infer(_ context: Context<Scalar>) throws { _ = try forward(context) }
  public var isRandom: Bool { false }
}

/// An operation without gradients: its result is a mask or integers, or depends only on these.
///
/// ```swift
/// struct IsPositive<Scalar: RealScalar>: UndifferentiatedOperation {
///   typealias ResultScalar = Bool
///   func forward(_ context: Context<Scalar>) { context.give(mask: context.operand(0) .> 0) }
/// }
/// ```
public protocol UndifferentiatedOperation<Scalar>: TensorOperation where Residual == Void {}

extension UndifferentiatedOperation {
  /// Stops the program: the operation has no gradient.
  public func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    trap("\(context.step.site): \(Self.self) has no gradient")
  }
}
