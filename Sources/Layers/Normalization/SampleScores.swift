internal import Tensor

// Normalisation of every sample by itself, along the axes that are scaled.

extension StandardScores {
  func forward(
    _ x: consuming Tensor<Scalar>, _ ending: ScaleAndShift<Scalar>, _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar> {
    let (scores, _, _, inverse) = standardized(x, pass)
    if pass.isTraining { pass.saved = [scores, inverse] }
    return try ending.output(of: consume scores, axes: axes, pass)
  }

  func pullback(
    _ upstream: consuming Tensor<Scalar>, _ input: Tensor<Scalar>, _ output: Tensor<Scalar>,
    _ ending: inout ScaleAndShift<Scalar>, _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar> {
    let (scores, inverse): (Tensor<Scalar>, Tensor<Scalar>)
    if pass.isTraining {
      (scores, inverse) = (pass.saved[0], pass.saved[1])
      pass.saved = []
    } else {
      (scores, _, _, inverse) = standardized(input, pass)
    }
    var upstream = try ending.gradientBeforeActivation(upstream, scores: scores, output: output, axes: axes, pass)
    var product = pass.tensor(upstream.shape)
    product.assign(productOf: upstream, scores)
    let others = product.shape.indices.filter { !axes.contains($0) }
    ending.addGradients(slopes: product.sum(axis: others), shifts: upstream.sum(axis: others), pass)
    if let gamma = ending.gamma?.value.along(axes, rank: product.rank) {
      upstream *= gamma
      product *= gamma
    }
    let slope = product.mean(axis: axes, keepDimensions: true)
    let shift = isCentred ? upstream.mean(axis: axes, keepDimensions: true) : nil
    pass.recycle(product)
    return gradient(upstream, slope: slope, shift: shift, scores: consume scores, inverse: inverse, pass)
  }
}
