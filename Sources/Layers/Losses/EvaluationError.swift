/// What a loss or a metric cannot be computed from.
@nonexhaustive
public enum EvaluationError: Error, Hashable, Sendable {
  /// Prediction and target do not fit each other.
  case shapes(name: String, prediction: [Int], target: [Int], expected: String)
  /// A prediction that does not suit the loss or metric.
  case predictionShape(name: String, found: [Int], expected: String)
  /// Sample weights that do not fit the samples.
  case weightsShape(name: String, found: [Int], expected: String)
  /// A mask of the prediction that does not fit what the loss is the mean of.
  case maskShape(name: String, found: [Int], expected: String)
  /// A target that is none of the classes.
  case label(name: String, label: String, position: [Int], allowed: String)
  /// A function of one's own gave another shape.
  case resultShape(name: String, found: [Int], expected: String)
  /// A loss of one's own was made without a gradient.
  case gradientMissing(name: String)
  /// A function of one's own threw an error.
  case failed(name: String, reason: String)
}

extension EvaluationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .shapes(let name, let prediction, let target, let expected):
      "\(name): the prediction has the shape \(prediction) and the target \(target), expected is \(expected)"
    case .predictionShape(let name, let found, let expected):
      "\(name): the prediction has the shape \(found), expected is \(expected)"
    case .weightsShape(let name, let found, let expected):
      "\(name): the sample weights have the shape \(found), expected is \(expected)"
    case .maskShape(let name, let found, let expected):
      "\(name): the prediction's mask has the shape \(found), expected is \(expected)"
    case .label(let name, let label, let position, let allowed):
      "\(name): the label at \(position) is \(label), allowed are \(allowed)"
    case .resultShape(let name, let found, let expected):
      "\(name): the function gave the shape \(found), expected is \(expected)"
    case .gradientMissing(let name):
      "\(name) was made without a gradient; .custom(name, perSample, gradient:) takes one"
    case .failed(let name, let reason):
      "\(name): \(reason)"
    }
  }
}
