import Tensor

/// A loss composed of tensor operations: its values, and a function that computes the gradient from their factors.
struct ComposedLoss<Scalar: RealScalar> {
  /// A value per sample, in any number of leading axes of the prediction.
  let values: Tensor<Double>
  /// Whether values of 0 do not count for a mean.
  var ignoresZeros = false
  /// Returns the gradient with respect to the prediction for a factor per value.
  let gradient: (_ factors: Tensor<Scalar>) throws(EvaluationError) -> Tensor<Scalar>
}

/// The least denominator, as in Keras.
private let fuzz = 1e-7

extension ComposedLoss {
  /// -Σ p y / (|p| |y|)
  static func cosineSimilarity(_ p: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Self {
    let (first, second) = (Direction(p), Direction(y))
    // The root of the product, not the product of roots: that gives exactly 1 for a row and itself.
    let product = (first.row * second.row).sum(axis: -1, keepDimensions: true)
    let cosine = (product / (first.square * second.square).squareRoot()).clamped(-1...1)
    let similarity = cosine * first.part * second.part
    return Self(values: -similarity.reshaped(Array(p.shape.dropLast()))) { factors throws(EvaluationError) in
      // Below the least norm the divisor is a constant.
      let turned = Tensor.where(first.part .< 1, Tensor(0), similarity)
      let slope = (first.shortened * turned - second.shortened) / Tensor.maximum(first.norm, fuzz)
      return slope.cast(to: Scalar.self) * factors.expanded(axis: -1)
    }
  }

  /// Rows of any magnitude, and properties of their lengths.
  private struct Direction {
    /// The row divided by its largest magnitude, so that squares neither overflow nor underflow.
    let row: Tensor<Double>
    /// The square of the row's length; 1 instead of 0.
    let square: Tensor<Double>
    let norm: Tensor<Double>
    /// The norm as a fraction of the least norm, if it is smaller.
    let part: Tensor<Double>

    init(_ x: Tensor<Scalar>) {
      let x = x.cast(to: Double.self)
      let largest = x.absolute().max(axis: -1, keepDimensions: true)
      row = x / Tensor.where(largest .== 0, Tensor(1), largest)
      let square = (row * row).sum(axis: -1, keepDimensions: true)
      self.square = Tensor.where(square .== 0, Tensor(1), square)
      norm = largest * square.squareRoot()
      part = Tensor.minimum(norm / fuzz, 1)
    }

    /// The row divided by its norm, or by the least one.
    var shortened: Tensor<Double> { row / square.squareRoot() * part }
  }

  /// max(max (1 - y) p - Σ y p + 1, 0)
  static func categoricalHinge(_ p: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Self {
    let others = (1 - y) * p
    let margin = others.max(axis: -1).cast(to: Double.self) - sum(y * p, axes: [-1]) + 1
    return Self(values: Tensor.maximum(margin, 0)) { factors throws(EvaluationError) in
      let strongest = others.argMax(axis: -1).marked(p.shape.last!, of: Scalar.self)
      let slope = Tensor.where(margin .<= 0, Tensor(0), Tensor.where(margin .== margin, Tensor(1), margin))
      let active = factors * slope.cast(to: Scalar.self)
      return ((1 - y) * strongest - y) * active.expanded(axis: -1)
    }
  }

  /// In double: sums of numbers near the largest do not overflow.
  private static func sum(_ x: Tensor<Scalar>, axes: [Int]) -> Tensor<Double> {
    x.cast(to: Double.self).sum(axis: axes)
  }

  /// 1 - n / d; the slopes are those of n and d with respect to the prediction.
  private static func complement(
    of n: Tensor<Double>, over d: Tensor<Double>, axes: [Int], slopes: @escaping () -> (Tensor<Scalar>, Tensor<Scalar>)
  ) -> Self {
    Self(values: 1 - n / d) { factors throws(EvaluationError) in
      func spread(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        axes.sorted().reduce(x) { $0.expanded(axis: $1) }
      }
      let (ofN, ofD) = slopes()
      let (quotient, inverse) = ((n / d).cast(to: Scalar.self), (1 / d).cast(to: Scalar.self))
      return (spread(quotient) * ofD - ofN) * spread(inverse) * spread(factors)
    }
  }

  static func dice(_ p: Tensor<Scalar>, _ y: Tensor<Scalar>, axes: [Int]) -> Self {
    let n = 2 * sum(y * p, axes: axes)
    let d = sum(y, axes: axes) + sum(p, axes: axes) + fuzz
    return complement(of: n, over: d, axes: axes) { (2 * y, .ones(like: y)) }
  }

  static func tversky(
    _ p: Tensor<Scalar>, _ y: Tensor<Scalar>, alpha: Double, beta: Double, axes: [Int]
  ) -> Self {
    let n = sum(y * p, axes: axes)
    let missed = sum((1 - p) * y, axes: axes)
    let surplus = sum(p * (1 - y), axes: axes)
    let d = n + alpha * missed + beta * surplus + fuzz
    return complement(of: n, over: d, axes: axes) { (y, Scalar(1 - alpha) * y + Scalar(beta) * (1 - y)) }
  }

  static func custom(
    _ loss: CustomLoss<Scalar>, _ p: Tensor<Scalar>, _ y: Tensor<Scalar>
  ) throws(EvaluationError) -> Self {
    let values = try loss.result(of: loss.perSample, p, y)
    // One number for the whole batch is a value per sample only if there is one sample.
    guard p.shape.starts(with: values.shape), !values.shape.isEmpty || p.sampleCount == 1 else {
      throw .resultShape(
        name: loss.name, found: values.shape,
        expected:
          "a value for each of the \(p.sampleCount) samples: the prediction's \(p.shape) without some of its last axes"
      )
    }
    return Self(values: values.cast(to: Double.self)) { factors throws(EvaluationError) in
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
