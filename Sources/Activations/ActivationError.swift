/// What an activation cannot be applied to.
public enum ActivationError: Error, Hashable, Sendable {
  /// A tensor of this rank has no axis to normalise along.
  case rankTooLow(activation: String, shape: [Int])
  /// The axis does not exist.
  case axisOutOfRange(activation: String, axis: Int, shape: [Int])
}

extension ActivationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rankTooLow(let activation, let shape):
      "\(activation) normalises along an axis of a batch and takes rank 2 or more; "
        + "reshape \(shape) to [1, \(shape.first ?? 1)]"
    case .axisOutOfRange(let activation, let axis, let shape):
      "\(activation) along axis \(axis) of the shape \(shape): allowed are \(-shape.count) to \(shape.count - 1)"
    }
  }
}
