internal import Tensor

// Random changes of samples in training.

/// Sets a random fraction of the elements to a number and restores the scale and mean: `(x or replacement) · factor +
/// offset`.
struct DropoutOperation<Scalar: RealScalar>: TensorOperation {
  /// The fraction that is dropped.
  let rate: Double
  /// The shape of the mask, with the batch axis and `nil` for the input's lengths; `nil` for the input's shape.
  let noiseShape: [Int?]?
  var replacement: Scalar = 0
  var factor: Scalar = 1
  var offset: Scalar = 0

  var isRandom: Bool { true }

  func forward(_ context: Context<Scalar>) throws -> Tensor<Bool> {
    let x = context.operand(0)
    let kept = try Tensor<Bool>.bernoulli(
      maskShape(for: x.shape, context), probability: 1 - rate, using: &context.generator)
    var result = context.tensor(x.shape)
    result.assign(where: kept, x, Tensor(replacement))
    if factor != 1 { result *= factor }
    if offset != 0 { result += offset }
    context.give(result)
    return kept
  }

  private func maskShape(for shape: [Int], _ context: Context<Scalar>) throws -> [Int] {
    guard let noiseShape else { return shape }
    let mask = zip(noiseShape, shape).map { $0 ?? $1 }
    if mask[0] != 1 && mask[0] != shape[0] {
      throw LayerError.inputShape(
        layer: context.step.site.className,
        expected: "one to which the noise shape \(noiseShapeDescription(noiseShape)) broadcasts", found: "\(shape)")
    }
    return mask
  }

  func pullback(_ kept: consuming Tensor<Bool>, _ context: Context<Scalar>) throws {
    let upstream = context.upstream()
    var result = context.tensor(upstream.shape)
    result.assign(where: kept, upstream, 0)
    if factor != 1 { result *= factor }
    context.recycle(upstream)
    context.give(result, of: 0)
  }
}

/// Multiplies by normally distributed numbers around 1.
struct NoiseFactorOperation<Scalar: RealScalar>: TensorOperation {
  let deviation: Double

  var isRandom: Bool { true }

  func forward(_ context: Context<Scalar>) throws -> Tensor<Scalar> {
    let x = context.operand(0)
    let noise = Tensor<Scalar>.normal(
      x.shape, mean: 1, standardDeviation: Scalar(deviation), using: &context.generator)
    context.give(x * noise)
    return noise
  }

  func pullback(_ noise: consuming Tensor<Scalar>, _ context: Context<Scalar>) throws {
    context.give(context.upstream() * noise, of: 0)
  }
}

/// Adds normally distributed numbers around 0.
struct NoiseOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void
  let deviation: Double

  var isRandom: Bool { true }

  func forward(_ context: Context<Scalar>) throws {
    let x = context.operand(0)
    context.give(x + .normal(x.shape, standardDeviation: Scalar(deviation), using: &context.generator))
  }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    context.give(context.upstream(), of: 0)
  }
}
