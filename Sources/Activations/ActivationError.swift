import Tensor

/// What an activation cannot be applied to.
@nonexhaustive
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

  /// Nothing has this name.
  case unknownName(String, similar: [String], all: [String])
  /// The activation has no such parameter.
  case unknownParameter(activation: String, parameter: String, allowed: [String])
  /// A parameter without a default is not given.
  case missingParameter(activation: String, parameter: String, allowed: String)
  /// A parameter is given under several of its names.
  case repeatedParameter(activation: String, parameters: [String])
  /// A parameter lies outside its range or is of another kind.
  case parameterOutOfRange(activation: String, parameter: String, value: String, allowed: String)
  /// A configuration is not one of an activation.
  case notAnActivation(configuration: String)

  /// A custom activation gave another shape.
  case shapeChanged(activation: String, shape: [Int], result: [Int])
  /// A custom activation threw an error.
  case failed(activation: String, reason: String)
  /// A custom activation was made without a pullback.
  case pullbackMissing(activation: String)
  /// The activation has no slope of single elements.
  case derivativeMissing(activation: String)
}

extension ActivationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rankTooLow(let activation, let shape) where activation != "softmax":
      "\(activation) works along an axis and takes rank 1 or more, not the shape \(shape)"
    case .rankTooLow(let activation, let shape):
      "\(activation) normalises along an axis of a batch and takes rank 2 or more; "
        + "reshape \(shape) to [1, \(shape.first ?? 1)]"
    case .axisOutOfRange(let activation, let axis, let shape):
      "\(activation) along axis \(axis) of the shape \(shape); allowed: \(-shape.count) to \(shape.count - 1)"
    case .axisRepeated(let activation, let axes, let shape):
      "\(activation) along the axes \(axes) of the shape \(shape): each of the axes \(-shape.count) to "
        + "\(shape.count - 1) may be named once, and \(shape.count - 1) and -1 are the same"
    case .oddLength(let activation, let axis, let shape):
      "\(activation) along axis \(axis) of the shape \(shape): the length there must be even, "
        + "not \(shape[axis < 0 ? axis + shape.count : axis])"
    case .maskShape(let activation, let mask, let shape):
      "\(activation) of the shape \(shape) with a mask of the shape \(mask): "
        + "the mask must broadcast to the tensor's shape"
    case .unknownName(let name, let similar, let all):
      "no activation is called \"\(name.shortened(to: 60).onOneLine)\"\(similar.isEmpty ? "." : "; did you mean \(similar.alternatives)?") "
        + "There are \(all.joined(separator: ", "))"
    case .unknownParameter(let activation, let parameter, let allowed):
      "\(activation) has no parameter \(parameter.shortened(to: 60).onOneLine); "
        + (allowed.isEmpty ? "it has none" : "it has \(allowed.joined(separator: ", "))")
    case .missingParameter(let activation, let parameter, let allowed):
      "\(activation): \(parameter) is missing; allowed: \(allowed)"
    case .repeatedParameter(let activation, let parameters):
      "\(activation): \(parameters.joined(separator: " and ")) are the same parameter, which may be given once"
    case .parameterOutOfRange(let activation, let parameter, let value, let allowed):
      "\(activation): \(parameter) is \(value.shortened(to: 60).onOneLine); allowed: \(allowed)"
    case .notAnActivation(let configuration):
      "\(configuration.shortened(to: 60).onOneLine) is no activation; expected: a name, or an object with class_name and config"
    case .shapeChanged(let activation, let shape, let result):
      "\(activation): a tensor of the shape \(shape) became one of the shape \(result); "
        + "a custom activation and its pullback keep the shape"
    case .failed(let activation, let reason):
      "\(activation): \(reason)"
    case .pullbackMissing(let activation):
      "\(activation) was made without a pullback; .custom(name, function, pullback:) takes one"
    case .derivativeMissing(let activation):
      "\(activation) is not a built-in function of single elements and has no slope at each; it has a pullback"
    }
  }
}
