public import Tensor

/// A rectified linear unit whose slopes for negative values are learned: one for each element of a sample, or one for all
/// elements along shared axes.
///
///     prelu(x) = x                          for x >= 0
///              = alpha x                    otherwise
///
/// Shapes do not change; see ``/Activations/prelu(_:alpha:)``.
/// - Reference: He, Zhang, Ren, Sun, arXiv:1502.01852.
public struct PReLU<Scalar: RealScalar>: Layer {
  /// The axes that share slopes, numbered from the batch axis, which is 0; negative numbers count from the last axis.
  public let sharedAxes: [Int]
  package var alphaWeight: Weight<Scalar>

  /// - Parameter alphaInitializer: the initializer of the slopes.
  /// - Parameter alphaRegularizer: the penalty for the slopes that is added to the loss.
  /// - Parameter alphaConstraint: the constraint that the slopes satisfy after every step.
  /// - Parameter sharedAxes: the axes along which there is one slope, without 0, the batch axis: [1, 2] for images
  ///   [batch, rows, columns, channels] gives a slope to each channel.
  public init(
    alphaInitializer: Initializer<Scalar> = .zeros, alphaRegularizer: Regularizer<Scalar>? = nil,
    alphaConstraint: Constraint<Scalar>? = nil, sharedAxes: [Int] = []
  ) {
    requireBehindBatch(sharedAxes, "PReLU")
    self.sharedAxes = sharedAxes
    alphaWeight = Weight(
      "alpha", initializer: alphaInitializer, regularizer: alphaRegularizer, constraint: alphaConstraint)
  }

  /// The slopes, in the shape of a sample, with 1 for shared axes. Empty until the layer is built.
  public var alpha: Tensor<Scalar> { alphaWeight.value }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let shape = try slopeShape(inputShape)
    if isBuilt && shape != alpha.shape { throw unexpectedShape(batchDescription(alpha.shape), inputShape) }
    return inputShape
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try alphaWeight.build(slopeShape(inputShape), using: &generator)
  }

  private func slopeShape(_ inputShape: [Int]) throws -> [Int] {
    var shape = inputShape
    for axis in try axes(sharedAxes, of: inputShape) { shape[axis - 1] = 1 }
    return shape
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows { try body(&alphaWeight) }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x.applying(PReLUOperation(), alphaWeight) }
}

/// Operands: x and the slopes for negative values.
private struct PReLUOperation<Scalar: RealScalar>: TensorOperation {
  func forward(_ context: Context<Scalar>) throws -> Tensor<Scalar> {
    let x = context.operand(0)
    context.give(prelu(x, alpha: context.operand(1)))
    return x
  }

  func infer(_ context: Context<Scalar>) throws { context.give(prelu(context.take(0), alpha: context.operand(1))) }

  func pullback(_ x: consuming Tensor<Scalar>, _ context: Context<Scalar>) throws {
    let (gradient, slopes) = preluPullback(context.upstream(), input: x, alpha: context.operand(1))
    context.give(gradient, of: 0)
    context.give(slopes, of: 1)
  }
}
