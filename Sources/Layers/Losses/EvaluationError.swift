/// An error in the computation of a loss or metric.
@nonexhaustive
public enum EvaluationError: Error, Hashable, Sendable {
  /// A prediction and a target with incompatible shapes.
  case shapes(name: String, prediction: [Int], target: [Int], expected: String)
  /// A prediction of a shape that the loss or metric does not accept.
  case predictionShape(name: String, found: [Int], expected: String)
  /// Sample weights whose shape does not match the samples.
  case weightsShape(name: String, found: [Int], expected: String)
  /// A prediction's mask whose shape does not match the values of the loss.
  case maskShape(name: String, found: [Int], expected: String)
  /// A target that is not one of the classes.
  case label(name: String, label: String, position: [Int], allowed: String)
  /// A custom function returned a wrong shape.
  case resultShape(name: String, found: [Int], expected: String)
  /// A custom loss was created without a gradient.
  case gradientMissing(name: String)
  /// A custom function threw an error.
  case failed(name: String, reason: String)
}

extension EvaluationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .shapes(let name, let prediction, let target, let expected):
      "\(name): the prediction has the shape \(prediction) and the target \(target); expected: \(expected)"
    case .predictionShape(let name, let found, let expected):
      "\(name): the prediction has the shape \(found); expected: \(expected)"
    case .weightsShape(let name, let found, let expected):
      "\(name): the sample weights have the shape \(found); expected: \(expected)"
    case .maskShape(let name, let found, let expected):
      "\(name): the prediction's mask has the shape \(found); expected: \(expected)"
    case .label(let name, let label, let position, let allowed):
      "\(name): the label at \(position) is \(label); allowed: \(allowed)"
    case .resultShape(let name, let found, let expected):
      "\(name): the function gave the shape \(found); expected: \(expected)"
    case .gradientMissing(let name):
      "\(name) was made without a gradient; .custom(name, perSample, gradient:) takes one"
    case .failed(let name, let reason):
      "\(name): \(reason)"
    }
  }
}
