import Activations
import Layers
import Tensor

/// Reads one of Keras's functions as a node of a functional model: its class, its parameters, and the constants among the
/// arguments of its call.
struct OperationReader<Scalar: RealScalar> {
  private let context: ReadingContext<Scalar>
  private let entry: LayerEntry

  init(_ context: ReadingContext<Scalar>, _ entry: LayerEntry) {
    self.context = context
    self.entry = entry
  }

  /// Whether Keras's class is a known function.
  static func isKnown(_ className: String) -> Bool { classNames.contains(className) }

  func layer() throws -> OperationLayer<Scalar> {
    let operation = try operation()
    var all: [[OperationLayer<Scalar>.Operand]] = []
    for (index, node) in entry.inboundNodes.enumerated() {
      let place = "inbound_nodes[\(index)]"
      let operands = try CallArguments(node, at: place, takesConstants: true).arguments.map(operand)
      guard operands.count == operation.operandCount, operands.contains(.tensor) else {
        throw ModelConfigurationError(
          expected: "\(operation.operandCount == 1 ? "one argument" : "\(operation.operandCount) arguments"), "
            + "tensors among them", found: "\(operands.count)", place: place)
      }
      all.append(operands)
    }
    guard let first = all.first else {
      throw ModelConfigurationError(expected: "inbound_nodes of one node or more", found: "none")
    }
    guard all.allSatisfy({ $0 == first }) else {
      throw ModelConfigurationError(expected: "the same constants in all nodes of an operation", found: "others")
    }
    return OperationLayer(operation, first)
  }

  private func operation() throws -> NamedOperation<Scalar> {
    let name = entry.className
    let parameters = entry.config.filter { $0.key != "name" }.mapValues(\.withoutPythonTypes)
    if let activation = activationNames[name] {
      return NamedOperation(
        try Activation(named: activation, parameters: parameters), name: name,
        module: name == "Tanh" ? "keras.src.ops.numpy" : "keras.src.ops.nn", parameters: parameters)
    }
    var reader = LayerReader(name, parameters, context)
    let operation: NamedOperation<Scalar> =
      switch name {
      case "ReLU":
        NamedOperation(
          try ReLU(from: &reader).activation, name: name, module: "keras.src.activations.activations",
          parameters: parameters)
      case "Clip": .clip(from: try reader.number("x_min"), to: try reader.number("x_max"))
      default: NamedOperation.plain.first { $0.name == name }!
      }
    try reader.finish()
    return operation
  }

  private func operand(_ argument: CallArguments.Argument) throws -> OperationLayer<Scalar>.Operand {
    guard case .constant(let value) = argument.value else { return .tensor }
    guard let constant = Tensor<Scalar>(nestedNumbers: value), !constant.isEmpty else {
      throw ModelConfigurationError(
        expected: "tensors, finite numbers of \(Scalar.elementType.name) and arrays of them", found: value.shortened)
    }
    return .constant(constant)
  }
}

/// Keras's classes of functions.
private let classNames = Set(NamedOperation<Float>.plain.map(\.name) + activationNames.keys + ["Clip", "ReLU"])

/// The names of activations by Keras's classes.
private let activationNames: [String: String] = Dictionary(
  uniqueKeysWithValues: BuiltIn.definitions.compactMap { definition in
    if case .notThere = definition.keras { return nil }
    let words = definition.name.split(separator: "_")
    return (words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(), definition.name)
  })

extension OperationLayer {
  /// The arguments of the call in Keras's format, with these tensors.
  func arguments(_ tensors: [Configuration]) -> [Configuration] {
    var rest = tensors[...]
    return operands.map { operand in
      switch operand {
      case .tensor: rest.removeFirst()
      case .constant(let value) where value.rank == 0: value.nestedNumbers
      case .constant(let value):
        [
          "class_name": "__numpy__",
          "config": ["value": value.nestedNumbers, "dtype": .string(Scalar.elementType.name)],
        ]
      }
    }
  }
}
