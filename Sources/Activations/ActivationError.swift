/// What an activation cannot be applied to.
public enum ActivationError: Error, Hashable, Sendable {
  /// A tensor of this rank has no axis to normalise along, or none to halve.
  case rankTooLow(activation: String, shape: [Int])
  /// The axis does not exist.
  case axisOutOfRange(activation: String, axis: Int, shape: [Int])
  /// An axis is named twice, perhaps once from the front and once from the back.
  case axisRepeated(activation: String, axes: [Int], shape: [Int])
  /// An axis that is to be halved has an odd length.
  case oddLength(activation: String, axis: Int, shape: [Int])
  /// The mask does not broadcast to the tensor's shape.
  case maskShape(activation: String, mask: [Int], shape: [Int])
}

extension ActivationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rankTooLow("glu", let shape):
      "glu halves an axis and takes rank 1 or more, not the shape \(shape)"
    case .rankTooLow(let activation, let shape):
      "\(activation) normalises along an axis of a batch and takes rank 2 or more; "
        + "reshape \(shape) to [1, \(shape.first ?? 1)]"
    case .axisOutOfRange(let activation, let axis, let shape):
      "\(activation) along axis \(axis) of the shape \(shape): allowed are \(-shape.count) to \(shape.count - 1)"
    case .axisRepeated(let activation, let axes, let shape):
      "\(activation) along the axes \(axes) of the shape \(shape): each of the axes \(-shape.count) to "
        + "\(shape.count - 1) may be named once, and \(shape.count - 1) and -1 are the same"
    case .oddLength(let activation, let axis, let shape):
      "\(activation) along axis \(axis) of the shape \(shape): the length there must be even, "
        + "not \(shape[axis < 0 ? axis + shape.count : axis])"
    case .maskShape(let activation, let mask, let shape):
      "\(activation) of the shape \(shape) with a mask of the shape \(mask): "
        + "the mask must broadcast to the tensor's shape"
    }
  }
}
