internal import Tensor

// Normalisation of every sample by itself, along the axes that are scaled.

extension StandardScores {
  func forward(
    _ x: consuming Tensor<Scalar>, _ ending: ScaleAndShift<Scalar>, _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar> {
    let (scores, inverse) = scores(of: x, pass)
    if pass.isTraining { pass.saved = [scores, inverse] }
    return try ending.output(of: scores, axes: axes, pass)
  }

  func pullback(
    _ upstream: consuming Tensor<Scalar>, _ input: Tensor<Scalar>, _ output: Tensor<Scalar>,
    _ ending: inout ScaleAndShift<Scalar>, _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar> {
    let (scores, inverse) = pass.isTraining ? (pass.saved[0], pass.saved[1]) : scores(of: input, pass)
    pass.saved = []
    let gradient = try ending.gradient(upstream, scores: scores, output: output, axes: axes, pass)
    return self.gradient(gradient, scores: scores, inverse: inverse, pass)
  }

  private func scores(of x: Tensor<Scalar>, _ pass: Pass<Scalar>) -> (Tensor<Scalar>, inverse: Tensor<Scalar>) {
    let statistics = statistics(of: x)
    let inverse = inverse(of: statistics.variance)
    return (scores(of: x, statistics.mean, inverse, pass), inverse)
  }
}
