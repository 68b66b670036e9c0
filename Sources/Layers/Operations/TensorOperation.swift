public import Tensor

/// What is differentiable: tensors in, tensors out, and the gradients back.
///
/// What a layer computes is made of operations. An operation decides itself what it keeps from the forward computation for
/// the pullback, in a type of its own; nothing else goes from the one to the other.
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
/// A layer uses it by `applying(_:_:)` of ``Traced``.
public protocol TensorOperation<Scalar>: Sendable {
  /// The element type.
  associatedtype Scalar: RealScalar
  /// What the forward computation keeps for the pullback.
  associatedtype Residual
  /// The element type of the results: that of the computation by default. One that has none of its gradients is `Bool`, for masks, or
  /// `Int64`, for integers; see ``UndifferentiatedOperation``.
  associatedtype ResultScalar: TensorScalar = Scalar

  /// The shapes of the results for operands of these shapes, those of samples without their batch axis: one result, in the shape
  /// of the first operand, by default.
  func resultShapes(_ operands: [[Int]]) throws -> [[Int]]

  /// Computes the results from the operands and gives them to the context.
  func forward(_ context: Context<Scalar>) throws -> Residual

  /// The same where no pullback follows: the operands' memory may be taken. ``forward(_:)`` by default.
  func infer(_ context: Context<Scalar>) throws

  /// From the gradients by the results, those by the operands, given to the context.
  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws

  /// Whether random numbers are drawn.
  var isRandom: Bool { get }
}

extension TensorOperation {
  public func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [operands[0]] }
  public func infer(_ context: Context<Scalar>) throws { _ = try forward(context) }
  public var isRandom: Bool { false }
}

/// An operation whose result nobody takes a gradient by: a mask, integers, or what depends on these alone.
///
/// ```swift
/// struct IsPositive<Scalar: RealScalar>: UndifferentiatedOperation {
///   typealias ResultScalar = Bool
///   func forward(_ context: Context<Scalar>) { context.give(mask: context.operand(0) .> 0) }
/// }
/// ```
public protocol UndifferentiatedOperation<Scalar>: TensorOperation where Residual == Void {}

extension UndifferentiatedOperation {
  /// Not to be called.
  public func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    trap("\(context.step.site): \(Self.self) has no gradient")
  }
}
