import Activations
import Layers
import Tensor

/// The arguments of a layer's use: one of its `inbound_nodes`.
struct CallArguments {
  private(set) var arguments: [Argument] = []
  /// Whether the layer computes as in inference even while the model is trained: Keras 2's meaning of `training:
  /// false`. Keras 3 writes that for every call of a dropout, and ignores it in training.
  private(set) var isOutsideTraining = false
  /// The named arguments without tensors, except those that are null or false.
  private(set) var options: [String: Configuration] = [:]
  /// Whether there may be constants.
  private let takesConstants: Bool
  private let place: String

  struct Argument {
    let position: Position
    let value: Value
  }

  /// Whether the call was given masks that tensors carry by themselves.
  private(set) var hasMask = false

  /// The place of an argument in a call; all tensors of a list have that of the list.
  enum Position {
    case number(Int)
    case name(String)
  }

  enum Value {
    case tensor(TensorReference)
    case constant(Configuration)
  }

  /// Reads an object with `args` and `kwargs`, or a list, as in Keras 2.
  /// - Parameter takesConstants: whether arguments may be numbers and arrays, as those of operations.
  init(_ node: Configuration, at place: String, takesConstants: Bool = false) throws(ModelConfigurationError) {
    self.takesConstants = takesConstants
    self.place = place
    if node.asList != nil {
      try read(listed: node)
      return
    }
    guard let arguments = node["args"]?.asList else {
      throw ModelConfigurationError(expected: "args and kwargs, or a list", found: node.shortened, place: place)
    }
    for (index, argument) in arguments.enumerated() {
      try collect(argument, .number(index), at: "\(place), args[\(index)]")
    }
    var named = node["kwargs"]?.asObject ?? [:]
    if let inputs = named.removeValue(forKey: "inputs") { try collect(inputs, .number(0), at: "\(place), kwargs") }
    // The model's own argument takes the place of this one, which Keras 3 writes for layers that change images.
    if named["training"] == true { named["training"] = nil }
    try read(named: named)
  }

  private mutating func read(listed node: Configuration) throws(ModelConfigurationError) {
    // A single tensor need not be in a list.
    let parts = TensorReference(node) != nil ? [node] : node.asList ?? []
    for (index, part) in parts.enumerated() {
      guard let reference = TensorReference(part) else {
        throw ModelConfigurationError(expected: "layers as [name, node, tensor]", found: part.shortened, place: place)
      }
      arguments.append(Argument(position: .number(index), value: .tensor(reference)))
      let named = part.asList?.dropFirst(3).first?.asObject ?? [:]
      if named["training"] == false { isOutsideTraining = true }
      try read(named: named)
    }
  }

  private mutating func read(named: [String: Configuration]) throws(ModelConfigurationError) {
    for (name, value) in named where !value.isNothing && value != false {
      if let tensors = value.tensors {
        arguments += tensors.map { Argument(position: .name(name), value: .tensor($0)) }
      } else {
        options[name] = value
      }
    }
  }

  private mutating func collect(
    _ argument: Configuration, _ position: Position, at place: String
  ) throws(ModelConfigurationError) {
    if argument == .null { return }
    // Tensors under names are in the order of the names.
    if let fields = argument.asObject, !fields.isEmpty,
      fields.values.allSatisfy({ TensorReference(tensor: $0) != nil })
    {
      for (_, part) in fields.sorted(by: { $0.key < $1.key }) { try collect(part, position, at: place) }
      return
    }
    // A list of numbers is a constant's.
    if let parts = argument.asList, !takesConstants || parts.contains(where: { TensorReference(tensor: $0) != nil }) {
      for part in parts { try collect(part, position, at: place) }
      return
    }
    if let reference = TensorReference(tensor: argument) {
      arguments.append(Argument(position: position, value: .tensor(reference)))
    } else if takesConstants {
      arguments.append(Argument(position: position, value: .constant(argument.withoutPythonTypes)))
    } else {
      throw ModelConfigurationError(
        expected: "a tensor of the model: numbers as arguments have no counterpart here", found: argument.shortened,
        place: place)
    }
  }

  // MARK: What they are for a layer

  /// Omits the masks that tensors carry by themselves.
  mutating func omit(_ masks: MaskOperations) {
    let count = arguments.count
    arguments.removeAll { argument in
      guard case .name = argument.position, case .tensor(let reference) = argument.value else { return false }
      return masks.give(reference)
    }
    hasMask = arguments.count < count
  }

  /// The tensors in the order of names, and the call that they belong to.
  /// - Parameter names: the names of the layer's tensors.
  func call(_ names: [String]) throws(ModelConfigurationError) -> (call: LayerCall, inputs: [TensorReference]) {
    var ordered: [(order: Int, reference: TensorReference)] = []
    for argument in arguments {
      guard case .tensor(let reference) = argument.value else { continue }
      switch argument.position {
      case .number(let number): ordered.append((min(number, names.count - 1), reference))
      case .name(let name):
        guard let order = names.firstIndex(of: name) else { throw unexpected(name, reference) }
        ordered.append((order, reference))
      }
    }
    let sorted = ordered.enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }
    let inputs = sorted.map { names[$0.element.order] }
    return (LayerCall(inputs: inputs, options: options), sorted.map(\.element.reference))
  }

  private func unexpected(_ name: String, _ reference: TensorReference) -> ModelConfigurationError {
    let layer = "\"\(reference.layer.onOneLine)\""
    return name == "mask"
      ? ModelConfigurationError(
        expected: "no mask except that of a Masking layer, which is passed on implicitly", found: layer, place: place)
      : ModelConfigurationError(
        expected: "no arguments except tensors", found: "\(name.onOneLine): \(layer)", place: place)
  }
}

extension Configuration {
  /// Whether it is null, or a list of that: Keras writes a null for the mask of each of several inputs.
  fileprivate var isNothing: Bool { self == .null || asList.map { $0.allSatisfy(\.isNothing) && !$0.isEmpty } ?? false }

  /// The tensors of a named argument: one, or those of a list, whose lists may be nested; `nil` for anything else.
  fileprivate var tensors: [TensorReference]? {
    if let reference = TensorReference(tensor: self) ?? TensorReference(self) { return [reference] }
    guard let parts = asList, !parts.isEmpty else { return nil }
    var result: [TensorReference] = []
    for part in parts where part != .null {
      guard let inner = part.tensors else { return nil }
      result += inner
    }
    return result
  }
}
