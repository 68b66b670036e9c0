import Activations
import Layers
import Tensor

/// The arguments of a layer's use: one of its `inbound_nodes`.
struct CallArguments {
  private(set) var arguments: [Argument] = []
  /// The mask passed to the call in addition to its inputs.
  private(set) var mask: TensorReference?
  /// Whether the layer computes as in inference even while the model is trained: Keras 2's meaning of `training:
  /// false`. Keras 3 writes that for every call of a dropout, and ignores it in training.
  private(set) var isOutsideTraining = false
  /// Whether there may be constants.
  private let takesConstants: Bool

  enum Argument {
    case tensor(TensorReference)
    case constant(Configuration)
  }

  /// The tensors.
  var inputs: [TensorReference] {
    arguments.compactMap { if case .tensor(let reference) = $0 { reference } else { nil } }
  }

  /// Reads an object with `args` and `kwargs`, or a list, as in Keras 2.
  /// - Parameter takesConstants: whether arguments may be numbers and arrays, as those of operations.
  init(_ node: Configuration, at place: String, takesConstants: Bool = false) throws(ModelConfigurationError) {
    self.takesConstants = takesConstants
    if node.asList != nil {
      try read(listed: node, at: place)
      return
    }
    guard let arguments = node["args"]?.asList else {
      throw ModelConfigurationError(expected: "args and kwargs, or a list", found: node.shortened, place: place)
    }
    for (index, argument) in arguments.enumerated() { try collect(argument, at: "\(place), args[\(index)]") }
    var named = node["kwargs"]?.asObject ?? [:]
    if let inputs = named.removeValue(forKey: "inputs") { try collect(inputs, at: "\(place), kwargs") }
    if let mask = named["mask"].flatMap(TensorReference.init(tensor:)) {
      self.mask = mask
      named["mask"] = nil
    }
    // The model's own argument takes the place of this one, which Keras 3 writes for layers that change images.
    if named["training"] == true || named["training"] == false { named["training"] = nil }
    try read(named: named, at: place)
  }

  private mutating func read(listed node: Configuration, at place: String) throws(ModelConfigurationError) {
    // A single tensor need not be in a list.
    let parts = TensorReference(node) != nil ? [node] : node.asList ?? []
    for part in parts {
      guard let reference = TensorReference(part) else {
        throw ModelConfigurationError(expected: "layers as [name, node, tensor]", found: part.shortened, place: place)
      }
      let named = part.asList?.dropFirst(3).first?.asObject ?? [:]
      if named["training"] == false { isOutsideTraining = true }
      try read(named: named, at: place)
      arguments.append(.tensor(reference))
    }
  }

  private mutating func collect(_ argument: Configuration, at place: String) throws(ModelConfigurationError) {
    if argument == .null { return }
    // A list of numbers is a constant's.
    if let parts = argument.asList, !takesConstants || parts.contains(where: { TensorReference(tensor: $0) != nil }) {
      for part in parts { try collect(part, at: place) }
      return
    }
    if let reference = TensorReference(tensor: argument) {
      arguments.append(.tensor(reference))
    } else if takesConstants {
      arguments.append(.constant(argument.withoutPythonTypes))
    } else {
      throw ModelConfigurationError(
        expected: "a tensor of the model: numbers as arguments have no counterpart here", found: argument.shortened,
        place: place)
    }
  }

  /// Rejects other arguments of a call, which change the layer's computation.
  private func read(named arguments: [String: Configuration], at place: String) throws(ModelConfigurationError) {
    let others = arguments.filter { $0.value != .null && !($0.key == "training" && $0.value == false) }
    if let other = others.min(by: { $0.key < $1.key }) {
      throw ModelConfigurationError(
        expected: "no arguments except tensors", found: "\(other.key.onOneLine): \(other.value.shortened)", place: place
      )
    }
  }
}
