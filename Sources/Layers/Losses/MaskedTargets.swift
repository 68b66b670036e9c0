import Tensor

// What of predictions with a mask losses and metrics count: the mask's axes are the prediction's first ones.

extension Tensor where Scalar == Bool {
  /// A value of a loss each. None for losses of the whole batch, which count all.
  /// - Throws: ``EvaluationError/maskShape(name:found:expected:)`` where there are several masks for a value.
  func mask(ofValues shape: [Int], name: String) throws(EvaluationError) -> Tensor? {
    if shape.isEmpty { return nil }
    guard shape.starts(with: self.shape) else {
      throw .maskShape(name: name, found: self.shape, expected: "\(shape) or its leading axes")
    }
    return expandedBehind(to: shape.count).broadcast(to: shape)
  }

  /// Sample weights that are 0 where the mask is false; 1 elsewhere where there are none.
  func weights<Real: RealScalar>(times weights: Tensor<Real>?) -> Tensor<Real> {
    guard let weights else { return cast(to: Real.self) }
    let rank = Swift.max(rank, weights.rank)
    let (mask, own) = (expandedBehind(to: rank), weights.expandedBehind(to: rank))
    // Weights of another shape are told of by who takes them.
    return Layout.broadcastLengths(mask.shape, own.shape) == nil ? weights : .where(mask, own, Tensor<Real>(0))
  }
}

extension Target {
  /// Values with 0 where the mask is false: what stands in padding is no matter, be it no number.
  func filled(outside mask: Tensor<Bool>?) -> Target {
    guard let mask, case .reals(let values) = self, shape.starts(with: mask.shape) else { return self }
    return .reals(.where(mask.expandedBehind(to: values.rank), values, Tensor(0)))
  }
}

extension Metric {
  /// Whether the metric passes over what a mask leaves out, as Keras's means of a function of target and prediction do; others count all.
  var usesMask: Bool {
    switch rule {
    case .mean(.rootMeanSquaredError), .mean(.predictions): false
    case .mean: true
    default: false
    }
  }
}
