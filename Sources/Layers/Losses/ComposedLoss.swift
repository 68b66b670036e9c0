import Tensor

/// A loss that is composed of operations on tensors: its values and how the gradient follows from their factors.
struct ComposedLoss<Scalar: RealScalar> {
  /// A value per sample, in any number of leading axes of the prediction.
  let values: Tensor<Scalar>
  /// From a factor per value, the gradient by the prediction.
  let gradient: (_ factors: Tensor<Scalar>) throws(EvaluationError) -> Tensor<Scalar>
}

/// What denominators are kept away from 0 by, as in Keras.
private let fuzz = 1e-7

extension ComposedLoss {
  /// -Σ p y / (|p| |y|)
  static func cosineSimilarity(_ p: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Self {
    func norm(_ x: Tensor<Scalar>) -> Tensor<Scalar> { (x * x).sum(axis: -1, keepDimensions: true).squareRoot() }
    let length = norm(p)
    let least = Scalar(fuzz)
    let divisor = Tensor.maximum(length, least)
    let direction = p / divisor
    let aim = y / Tensor.maximum(norm(y), least)
    let cosine = (direction * aim).sum(axis: -1, keepDimensions: true)
    return Self(values: -cosine.reshaped(Array(p.shape.dropLast()))) { factors throws(EvaluationError) in
      // Below the least norm the divisor is a constant.
      let turned = Tensor.where(length .< least, Tensor(0), cosine)
      return (direction * turned - aim) / divisor * factors.expanded(axis: -1)
    }
  }

  /// max(max (1 - y) p - Σ y p + 1, 0)
  static func categoricalHinge(_ p: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Self {
    let others = (1 - y) * p
    let margin = others.max(axis: -1) - (y * p).sum(axis: -1) + 1
    return Self(values: Tensor.maximum(margin, 0)) { factors throws(EvaluationError) in
      let strongest = others.argMax(axis: -1).marked(p.shape.last!, of: Scalar.self)
      let active = Tensor.where(margin .> 0, factors, Tensor(0))
      return ((1 - y) * strongest - y) * active.expanded(axis: -1)
    }
  }

  /// 1 - n / d; the slopes are those of n and d by the prediction.
  private static func complement(
    of n: Tensor<Scalar>, over d: Tensor<Scalar>, axes: [Int], slopes: @escaping () -> (Tensor<Scalar>, Tensor<Scalar>)
  ) -> Self {
    Self(values: 1 - n / d) { factors throws(EvaluationError) in
      func spread(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        axes.sorted().reduce(x) { $0.expanded(axis: $1) }
      }
      let (ofN, ofD) = slopes()
      let quotient = spread(n / d)
      return (quotient * ofD - ofN) / spread(d) * spread(factors)
    }
  }

  static func dice(_ p: Tensor<Scalar>, _ y: Tensor<Scalar>, axes: [Int]) -> Self {
    let n = 2 * (y * p).sum(axis: axes)
    let d = y.sum(axis: axes) + p.sum(axis: axes) + Scalar(fuzz)
    return complement(of: n, over: d, axes: axes) { (2 * y, .ones(like: y)) }
  }

  static func tversky(
    _ p: Tensor<Scalar>, _ y: Tensor<Scalar>, alpha: Double, beta: Double, axes: [Int]
  ) -> Self {
    let (alpha, beta) = (Scalar(alpha), Scalar(beta))
    let n = (y * p).sum(axis: axes)
    let missed = ((1 - p) * y).sum(axis: axes)
    let surplus = (p * (1 - y)).sum(axis: axes)
    let d = n + alpha * missed + beta * surplus + Scalar(fuzz)
    return complement(of: n, over: d, axes: axes) { (y, (1 - alpha) * y + beta * (1 - y)) }
  }

  static func custom(
    _ loss: CustomLoss<Scalar>, _ p: Tensor<Scalar>, _ y: Tensor<Scalar>
  ) throws(EvaluationError) -> Self {
    let values = try loss.result(of: loss.perSample, p, y)
    guard p.shape.starts(with: values.shape) else {
      throw .resultShape(
        name: loss.name, found: values.shape, expected: "the prediction's \(p.shape) without some of its last axes")
    }
    return Self(values: values) { factors throws(EvaluationError) in
      guard let function = loss.gradient else { throw .gradientMissing(name: loss.name) }
      let gradient = try loss.result(of: function, p, y)
      guard gradient.shape == p.shape else {
        throw .resultShape(name: loss.name, found: gradient.shape, expected: "the prediction's \(p.shape)")
      }
      let added = [Int](repeating: 1, count: p.rank - factors.rank)
      return gradient * factors.reshaped(factors.shape + added)
    }
  }
}

extension CustomLoss {
  fileprivate func result(
    of function: Function, _ p: Tensor<Scalar>, _ y: Tensor<Scalar>
  ) throws(EvaluationError) -> Tensor<Scalar> {
    do {
      return try function(p, y)
    } catch let error as EvaluationError {
      throw error
    } catch {
      throw .failed(name: name, reason: "\(error)")
    }
  }
}
