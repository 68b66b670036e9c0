public import Tensor

/// Divides every sample by its Euclidean norm along axes; what is 0 stays 0. Shapes are kept.
///
///     y = x · min(1 / √(Σ x²), 1 / epsilon),   epsilon = 1e-12
public struct UnitNormalization<Scalar: RealScalar>: Layer {
  /// Counted with the batch axis, which is 0; negative ones from the last.
  public let axes: [Int]
  private let epsilon: Double

  /// - Parameter axis: one, or a list. Traps for the axis 0.
  public init(axis: some Axes = -1) {
    self.init(axis: axis, epsilon: 1e-12)
  }

  init(axis: some Axes, epsilon: Double) {
    axes = axis.listed(for: "UnitNormalization")
    requireBehindBatch(axes, "UnitNormalization")
    self.epsilon = epsilon
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    _ = try axes(axes, of: inputShape)
    return inputShape
  }

  public func forward(_ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) -> Tensor<Scalar> { normalized(x) }

  public func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    gradient(upstream, input: input, output: output)
  }

  func normalized(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> {
    let (inverse, factors) = inverseNorm(x)
    if let factors { return x * factors * inverse }
    return x * Tensor.minimum(inverse, largest)
  }

  func gradient(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let upstream = upstream
    var (inverse, factors) = inverseNorm(input)
    if let factors { inverse *= factors }
    // Where the norm is below epsilon, the factor is a constant.
    let followsNorm = (inverse .< largest).cast(to: Scalar.self)
    let radial = (upstream * output).sum(axis: axes, keepDimensions: true) * followsNorm
    return (upstream - output * radial) * Tensor.minimum(inverse, largest)
  }

  private var largest: Scalar { Scalar(1 / epsilon) }

  /// 1 / √(Σ x²); where the squares leave the range of the type, that of the numbers times factors.
  private func inverseNorm(_ x: Tensor<Scalar>) -> (inverse: Tensor<Scalar>, factors: Tensor<Scalar>?) {
    let squares = x.sumOfSquares(axis: axes)
    if squares.isFiniteThroughout { return (squares.reciprocalSquareRoot(), nil) }
    let factors = squares.rescaling
    return ((x * factors).sumOfSquares(axis: axes).reciprocalSquareRoot(), factors)
  }
}
