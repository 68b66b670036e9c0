public import Tensor

/// Divides every sample by its Euclidean norm along axes; zeros stay 0. Shapes do not change.
///
///     y = x · min(1 / √(Σ x²), 1 / epsilon),   epsilon = 1e-12
public struct UnitNormalization<Scalar: RealScalar>: Layer {
  /// The axes, numbered from the batch axis, which is 0; negative numbers count from the last axis.
  public let axes: [Int]
  /// Keras's value.
  private var epsilon: Double { 1e-12 }

  /// Creates a layer that normalises along axes.
  /// - Parameter axis: an axis or a list of axes, without 0, the batch axis.
  public init(axis: some Axes = -1) {
    axes = axis.listed(for: "UnitNormalization")
    requireBehindBatch(axes, "UnitNormalization")
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    _ = try axes(axes, of: inputShape)
    return inputShape
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    try x.applying(UnitNormalizationOperation(axes: axes, epsilon: epsilon))
  }
}

/// The operation of ``UnitNormalization``.
struct UnitNormalizationOperation<Scalar: RealScalar>: TensorOperation {
  /// The axes, numbered from the batch axis; negative numbers count from the last axis.
  let axes: [Int]
  let epsilon: Double

  struct Residual {
    let input, output: Tensor<Scalar>
  }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let x = context.operand(0)
    let output = normalized(x)
    context.give(output)
    return Residual(input: x, output: output)
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let residual = residual
    context.give(gradient(context.upstream(), input: residual.input, output: residual.output), of: 0)
  }

  private func normalized(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> {
    let (inverse, factors) = inverseNorm(x)
    if let factors { return x * factors * inverse }
    return x * Tensor.minimum(inverse, largest)
  }

  private func gradient(
    _ upstream: Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    var (inverse, factors) = inverseNorm(input)
    if let factors { inverse *= factors }
    // Below epsilon, the factor is a constant.
    let followsNorm = (inverse .< largest).cast(to: Scalar.self)
    let radial = (upstream * output).sum(axis: axes, keepDimensions: true) * followsNorm
    return (upstream - output * radial) * Tensor.minimum(inverse, largest)
  }

  private var largest: Scalar { Scalar(1 / epsilon) }

  /// 1 / √(Σ x²), or, if the squares leave the range of the type, that of the numbers times factors.
  private func inverseNorm(_ x: Tensor<Scalar>) -> (inverse: Tensor<Scalar>, factors: Tensor<Scalar>?) {
    let squares = x.sumOfSquares(axis: axes)
    if squares.isFiniteThroughout { return (squares.reciprocalSquareRoot(), nil) }
    let factors = squares.rescaling
    return ((x * factors).sumOfSquares(axis: axes).reciprocalSquareRoot(), factors)
  }
}
