internal import Tensor

// Normalisation, scaled and shifted by optional weights: gamma precedes beta among the operands.

/// The weights that follow the scores.
struct Scaling: Sendable {
  let hasGamma, hasBeta: Bool

  /// Scores · gamma + beta, in new memory if the scores are kept.
  /// - Parameters:
  ///   - first: the index of the first weight among the operands.
  ///   - axes: the axes of the weights, numbered from the front.
  func output<Scalar>(
    of scores: consuming Tensor<Scalar>, isKept: Bool, _ first: Int, axes: [Int], _ context: Context<Scalar>
  ) -> Tensor<Scalar> {
    var output = scores
    if hasGamma {
      let gamma = context.operand(first).along(axes, rank: output.rank)
      if isKept {
        var product = context.tensor(output.shape)
        product.assign(productOf: output, gamma)
        output = product
      } else {
        output *= gamma
      }
    }
    if hasBeta {
      let beta = context.operand(first + (hasGamma ? 1 : 0)).along(axes, rank: output.rank)
      if isKept && !hasGamma {
        var sum = context.tensor(output.shape)
        sum.assign(sumOf: output, beta)
        output = sum
      } else {
        output += beta
      }
    }
    return output
  }

  /// Sets the gradients of the weights.
  /// - Parameters:
  ///   - slopes: the sums of upstream · scores over all axes except the weights'.
  ///   - shifts: the sums of upstream over the same axes.
  func give<Scalar>(
    slopes: @autoclosure () -> Tensor<Scalar>, shifts: @autoclosure () -> Tensor<Scalar>, _ first: Int,
    _ context: Context<Scalar>
  ) {
    if hasGamma && context.needsGradient(of: first) { context.give(slopes(), of: first) }
    let place = first + (hasGamma ? 1 : 0)
    if hasBeta && context.needsGradient(of: place) { context.give(shifts(), of: place) }
  }
}

/// Normalises every sample by itself, along the scaled axes. Operands: x, gamma, beta.
struct SampleScoresOperation<Scalar: RealScalar>: TensorOperation {
  let scores: StandardScores<Scalar>
  let scaling: Scaling

  struct Residual {
    let scores, inverse: Tensor<Scalar>
  }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let (values, _, _, inverse) = scores.standardized(context.operand(0), context)
    context.give(scaling.output(of: values, isKept: true, 1, axes: scores.axes, context))
    return Residual(scores: values, inverse: inverse)
  }

  func infer(_ context: Context<Scalar>) throws {
    let values = scores.standardized(context.operand(0), context).scores
    context.give(scaling.output(of: values, isKept: false, 1, axes: scores.axes, context))
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let (values, inverse) = (residual.scores, residual.inverse)
    _ = consume residual
    var upstream = context.upstream()
    var product = context.tensor(upstream.shape)
    product.assign(productOf: upstream, values)
    let others = product.shape.indices.filter { !scores.axes.contains($0) }
    scaling.give(slopes: product.sum(axis: others), shifts: upstream.sum(axis: others), 1, context)
    guard context.needsGradient(of: 0) else {
      for tensor in [product, upstream, values] { context.recycle(tensor) }
      return
    }
    if scaling.hasGamma {
      let gamma = context.operand(1).along(scores.axes, rank: product.rank)
      upstream *= gamma
      product *= gamma
    }
    let slope = product.mean(axis: scores.axes, keepDimensions: true)
    let shift = scores.isCentred ? upstream.mean(axis: scores.axes, keepDimensions: true) : nil
    context.recycle(product)
    context.give(
      scores.gradient(upstream, slope: slope, shift: shift, scores: values, inverse: inverse, context), of: 0)
  }
}

/// Normalises every channel over the batch, and updates moving statistics. Operands: x, moving mean, moving variance,
/// gamma, beta.
struct BatchScoresOperation<Scalar: RealScalar>: TensorOperation {
  /// The axis of channels, numbered from the batch axis.
  let axis: Int
  let scores: StandardScores<Scalar>
  let scaling: Scaling
  let momentum: Double

  struct Residual {
    let scores, inverse: Tensor<Scalar>
  }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let (values, mean, variance, inverse) = scores.standardized(context.operand(0), context)
    context.give(scaling.output(of: values, isKept: true, 3, axes: [axis], context))
    context.move(operand: 1, to: mean!, momentum)
    context.move(operand: 2, to: variance, momentum)
    return Residual(scores: values, inverse: inverse)
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let values = residual.scores
    var inverse = residual.inverse
    _ = consume residual
    let upstream = context.upstream()
    let rank = upstream.rank
    let count = Scalar(scores.axes.reduce(1) { $0 * upstream.layout.shape[$1] })
    var product = context.tensor(upstream.shape)
    product.assign(productOf: upstream, values)
    let slopes = product.sum(axis: scores.axes)
    let shifts = upstream.sum(axis: scores.axes)
    context.recycle(product)
    scaling.give(slopes: slopes, shifts: shifts, 3, context)
    guard context.needsGradient(of: 0) else { return context.recycle(values) }
    // Gamma is constant along the averaged axes, so it is combined with the inverse.
    if scaling.hasGamma { inverse = inverse * context.operand(3).along([axis], rank: rank) }
    context.give(
      scores.gradient(
        upstream, slope: (slopes / count).along([axis], rank: rank), shift: (shifts / count).along([axis], rank: rank),
        scores: values, inverse: inverse, context), of: 0)
  }
}

extension Context {
  /// Moves a moving average towards the value of a batch.
  func move(operand index: Int, to value: Tensor<Scalar>, _ momentum: Double) {
    let average = operand(index)
    var moved = tensor(average.shape)
    moved.assign(average)
    moved.scale(by: Scalar(momentum))
    moved.add(value.reshaped(average.shape), scaledBy: Scalar(1 - momentum))
    change(operand: index, to: moved)
  }
}

/// Normalises every channel by moving statistics. Operands: x, moving mean, moving variance, gamma, beta.
struct MovingScoresOperation<Scalar: RealScalar>: TensorOperation {
  let axis: Int
  let scores: StandardScores<Scalar>
  let scaling: Scaling

  func forward(_ context: Context<Scalar>) throws -> Tensor<Scalar> {
    let values = values(context)
    context.give(scaling.output(of: values, isKept: true, 3, axes: [axis], context))
    return values
  }

  func infer(_ context: Context<Scalar>) throws {
    context.give(scaling.output(of: values(context), isKept: false, 3, axes: [axis], context))
  }

  private func values(_ context: Context<Scalar>) -> Tensor<Scalar> {
    let x = context.operand(0)
    return scores.scores(
      of: x, context.operand(1).along([axis], rank: x.rank), inverse(context).along([axis], rank: x.rank), context)
  }

  private func inverse(_ context: Context<Scalar>) -> Tensor<Scalar> { scores.inverse(of: context.operand(2)) }

  var isAlongLastAxis: Bool { scores.axes == Array(0..<axis) }

  /// The factor and mean of the result (x - mean) · factor + beta.
  /// - Parameter place: the index of the mean among the operands, if others precede it.
  func weights(
    _ context: Context<Scalar>, from place: Int
  ) -> (factor: Tensor<Scalar>, mean: Tensor<Scalar>, beta: Tensor<Scalar>?) {
    var factor = scores.inverse(of: context.operand(place + 1))
    if scaling.hasGamma { factor *= context.operand(place + 2) }
    return (
      factor, context.operand(place), scaling.hasBeta ? context.operand(place + (scaling.hasGamma ? 3 : 2)) : nil
    )
  }

  func pullback(_ values: consuming Tensor<Scalar>, _ context: Context<Scalar>) throws {
    let values = values
    var upstream = context.upstream()
    scaling.give(
      slopes: (upstream * values).sum(axis: scores.axes), shifts: upstream.sum(axis: scores.axes), 3, context)
    context.recycle(values)
    if !context.needsGradient(of: 0) { return }
    var factor = inverse(context)
    if scaling.hasGamma { factor *= context.operand(3) }
    upstream *= factor.along([axis], rank: upstream.rank)
    context.give(upstream, of: 0)
  }
}
