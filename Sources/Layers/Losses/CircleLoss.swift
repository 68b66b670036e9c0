import Activations
import Tensor

/// A loss that makes distances of embeddings small within a class and large between classes.
package struct CircleLoss: Parameterized {
  package var gamma = 80.0
  package var margin = 0.4
  /// Whether an embedding is not compared with itself.
  package var removeDiagonal = true

  package static var parameters: [Parameter<Self>] {
    [.number("gamma", \.gamma, .positive), .number("margin", \.margin), .any("removeDiagonal", \.removeDiagonal)]
  }
}

extension ComposedLoss {
  /// softplus(log Σ e^f(d) + log Σ e^g(d)): the first sum is over embeddings of the same class, the second over the
  /// others. Here d is 1 - the cosine, f(d) = gamma (d² - margin²) and g(d) = gamma ((1 - d)² - margin²), 0 beyond d =
  /// 1 + margin.
  ///
  /// Source: Sun et al., "Circle loss: a unified perspective of pair similarity optimization", arXiv:2002.10857.
  static func circle(_ p: Tensor<Scalar>, _ labels: Tensor<Int64>, _ loss: CircleLoss) -> Self {
    let count = p.shape[0]
    let embeddings = p.cast(to: Double.self)
    let distances = (1 - embeddings.matmul(embeddings.transposed)).clamped(0...)
    let isSame = labels.reshaped([count, 1]) .== labels.reshaped([1, count])
    let isOther = isSame .== Tensor(false)
    let positives = loss.removeDiagonal ? isSame .& (Tensor<Double>.identity(count) .== 0) : isSame

    let weight = loss.margin + distances
    let near = Terms(-loss.gamma * weight.clamped(0...) * (loss.margin - distances), positives)
    let farWeight = 1 + loss.margin - distances
    let far = Terms(loss.gamma * farWeight.clamped(0...) * (1 - loss.margin - distances), isOther)
    let exponent = near.logOfSum + far.logOfSum

    return Self(values: softplus(exponent), ignoresZeros: true) { factors throws(EvaluationError) in
      let zero = Tensor<Double>(0)
      let slopes =
        near.parts * Tensor.where(weight .> 0, 2 * loss.gamma * distances, zero)
        + far.parts * Tensor.where(farWeight .> 0, 2 * loss.gamma * (distances - 1), zero)
      let byRow = sigmoid(exponent) * factors.cast(to: Double.self)
      // Distances fall as cosines grow, and each cosine belongs to two embeddings.
      let byCosines = -(slopes * byRow.expanded(axis: -1))
      return (byCosines + byCosines.transposed).matmul(embeddings).cast(to: Scalar.self)
    }
  }

  /// The logarithm of a sum of exponentials along each row, and the share of each term. An empty sum gives -∞.
  private struct Terms {
    let logOfSum: Tensor<Double>
    let parts: Tensor<Double>

    init(_ exponents: Tensor<Double>, _ mask: Tensor<Bool>) {
      let kept = Tensor.where(mask, exponents, Tensor(-.infinity))
      let largest = kept.max(axis: -1, keepDimensions: true)
      let reference = Tensor.where(largest .== -.infinity, Tensor(0), largest)
      let powers = (kept - reference).exp()
      let sum = powers.sum(axis: -1, keepDimensions: true)
      parts = powers / Tensor.where(sum .== 0, Tensor(1), sum)
      logOfSum = (sum.log() + reference).reshaped([exponents.shape[0]])
    }
  }
}
