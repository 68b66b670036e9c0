import Activations
import Tensor

/// A tensor of a model as a configuration names it: the layer that gives it, which of the layer's uses, and which of its results.
struct TensorReference {
  let layer: String
  let node: Int
  let tensor: Int
  /// Whether it is a list, as in Keras 2, and not a `__keras_tensor__`.
  var isListed = true

  /// `["dense", 0, 0]`, and in nodes of Keras 2 a fourth element.
  init?(_ configuration: Configuration) {
    guard let parts = configuration.asList, parts.count == 3 || parts.count == 4, let layer = parts[0].asString,
      let node = parts[1].asInteger, let tensor = parts[2].asInteger
    else { return nil }
    (self.layer, self.node, self.tensor) = (layer, node, tensor)
  }

  /// One reference, a list of them, or an object, whose references are in the order of its keys; nil for anything else.
  static func all(in configuration: Configuration) -> [TensorReference]? {
    if let reference = TensorReference(configuration) { return [reference] }
    let parts = configuration.asList ?? configuration.asObject?.sorted { $0.key < $1.key }.map(\.value)
    guard let parts else { return nil }
    var references: [TensorReference] = []
    for part in parts {
      guard let inner = all(in: part) else { return nil }
      references += inner
    }
    return references
  }

  /// What a use of a layer takes.
  static func inputs(
    ofNode node: Configuration, at place: String
  ) throws(ModelConfigurationError) -> [TensorReference] {
    guard node.asList == nil else { return try inputs(ofListed: node, at: place) }
    guard let arguments = node["args"]?.asList else {
      throw ModelConfigurationError(expected: "args and kwargs, or a list", found: node.shortened, place: place)
    }
    var references: [TensorReference] = []
    for (index, argument) in arguments.enumerated() {
      try collect(argument, &references, at: "\(place), args[\(index)]")
    }
    let named = node["kwargs"]?.asObject ?? [:]
    if let inputs = named["inputs"] { try collect(inputs, &references, at: "\(place), kwargs") }
    try requireNoOther(named.filter { $0.key != "inputs" }, at: place)
    return references
  }

  private static func inputs(
    ofListed node: Configuration, at place: String
  ) throws(ModelConfigurationError) -> [TensorReference] {
    // A single tensor may stand without a list around it.
    let parts = TensorReference(node) != nil ? [node] : node.asList ?? []
    var references: [TensorReference] = []
    for part in parts {
      guard let reference = TensorReference(part) else {
        throw ModelConfigurationError(
          expected: "layers as [name, node, tensor]", found: part.shortened, place: place)
      }
      try requireNoOther(part.asList?.dropFirst(3).first?.asObject ?? [:], at: place)
      references.append(reference)
    }
    return references
  }

  private static func collect(
    _ argument: Configuration, _ references: inout [TensorReference], at place: String
  ) throws(ModelConfigurationError) {
    if let parts = argument.asList {
      for part in parts { try collect(part, &references, at: place) }
      return
    }
    if argument == .null { return }
    guard argument["class_name"] == "__keras_tensor__",
      var reference = argument["config"]?["keras_history"].flatMap(TensorReference.init)
    else {
      throw ModelConfigurationError(
        expected: "a tensor of the model: numbers as arguments have no counterpart here", found: argument.shortened,
        place: place)
    }
    reference.isListed = false
    references.append(reference)
  }

  /// Other arguments of a call change what the layer computes.
  private static func requireNoOther(
    _ arguments: [String: Configuration], at place: String
  ) throws(ModelConfigurationError) {
    if let other = arguments.filter({ $0.value != .null }).min(by: { $0.key < $1.key }) {
      throw ModelConfigurationError(
        expected: "no arguments but tensors", found: "\(other.key.onOneLine): \(other.value.shortened)", place: place)
    }
  }
}
