/// What does not fit a layer.
public enum LayerError: Error, Hashable, Sendable {
  case inputShape(layer: String, expected: String, found: [Int])
}

extension LayerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .inputShape(let layer, let expected, let found):
      "\(layer): the input has the shape \(found), expected is \(expected)"
    }
  }
}
