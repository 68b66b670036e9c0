import Tensor

// The elements of masked predictions that losses and metrics count: the mask's axes are the prediction's first ones.

extension Tensor where Scalar == Bool {
  /// The mask of a loss's values; `nil` for losses of the whole batch, which count all.
  /// - Throws: ``EvaluationError/maskShape(name:found:expected:)`` if a value has several mask elements.
  func mask(ofValues shape: [Int], name: String) throws(EvaluationError) -> Tensor? {
    if shape.isEmpty { return nil }
    guard shape.starts(with: self.shape) else {
      throw .maskShape(name: name, found: self.shape, expected: "\(shape) or its leading axes")
    }
    return expandedBehind(to: shape.count).broadcast(to: shape)
  }

  /// Sample weights that are 0 where the mask is false; without weights, 1 elsewhere.
  func weights<Real: RealScalar>(times weights: Tensor<Real>?) -> Tensor<Real> {
    guard let weights else { return cast(to: Real.self) }
    let rank = Swift.max(rank, weights.rank)
    let (mask, own) = (expandedBehind(to: rank), weights.expandedBehind(to: rank))
    // The function that uses the weights reports a wrong shape.
    return Layout.broadcastLengths(mask.shape, own.shape) == nil ? weights : .where(mask, own, Tensor<Real>(0))
  }
}

extension Target {
  /// Values with 0 where the mask is false: padding may contain anything, NaN included.
  func filled(outside mask: Tensor<Bool>?) -> Target {
    guard let mask, case .reals(let values) = self, shape.starts(with: mask.shape) else { return self }
    return .reals(.where(mask.expandedBehind(to: values.rank), values, Tensor(0)))
  }
}

extension Metric {
  /// Whether the metric ignores masked elements, like Keras's means of a function of target and prediction; others
  /// count all.
  var usesMask: Bool {
    switch rule {
    case .mean(.rootMeanSquaredError), .mean(.predictions): false
    case .mean: true
    default: false
    }
  }
}
