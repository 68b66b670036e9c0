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
    guard let first = entry.inboundNodes.first else {
      throw ModelConfigurationError(expected: "inbound_nodes of one node or more", found: "none")
    }
    let operation = try operation(CallArguments(first, at: "inbound_nodes[0]", takesConstants: true), first)
    var all: [[OperationLayer<Scalar>.Operand]] = []
    for (index, node) in entry.inboundNodes.enumerated() {
      let place = "inbound_nodes[\(index)]"
      var arguments = try CallArguments(node, at: place, takesConstants: true).arguments.map(\.value)[...]
      // What the operation itself has read is no operand.
      for expected in operation.arguments.reversed() {
        guard case .constant(let found)? = arguments.popLast(), found == expected || index == 0 else {
          throw ModelConfigurationError(
            expected: "the same constants in all nodes of an operation", found: "others", place: place)
        }
      }
      let operands = try arguments.map(operand)
      let count = operation.operandCount ?? max(1, operands.count)
      guard operands.count == count, operands.contains(.tensor) else {
        throw ModelConfigurationError(
          expected: "\(count == 1 ? "one argument" : "\(count) arguments"), tensors among them",
          found: "\(operands.count)", place: place)
      }
      all.append(operands)
    }
    guard all.allSatisfy({ $0 == all[0] }) else {
      throw ModelConfigurationError(expected: "the same constants in all nodes of an operation", found: "others")
    }
    return OperationLayer(operation, all[0])
  }

  private func operation(_ arguments: CallArguments, _ node: Configuration) throws -> NamedOperation<Scalar> {
    let name = entry.className
    let parameters = entry.config.filter { $0.key != "name" }.mapValues(\.withoutPythonTypes)
      .merging(arguments.options) { $1 }
    if let activation = activationNames[name] {
      return NamedOperation(
        try Activation(named: activation, parameters: parameters), name: name, module: name == "Tanh" ? "numpy" : "nn",
        parameters: parameters)
    }
    var reader = OperationParameters(
      reader: LayerReader(name, parameters, context), given: parameters, name: name, type: parameters["dtype"],
      constants: arguments.arguments.compactMap { if case .constant(let value) = $0.value { value } else { nil } },
      shape: node.firstTensorShape)
    let operation =
      try makers(Scalar.self)[name]?(&reader) ?? NamedOperation<Scalar>.plain.first { $0.name == name }!
    try reader.reader.finish()
    return operation
  }

  private func operand(_ argument: CallArguments.Value) throws -> OperationLayer<Scalar>.Operand {
    guard case .constant(let value) = argument else { return .tensor }
    guard let constant = Tensor<Scalar>(nestedNumbers: value), !constant.isEmpty else {
      throw ModelConfigurationError(
        expected: "tensors, finite numbers of \(Scalar.elementType.name) and arrays of them", found: value.shortened)
    }
    return .constant(constant)
  }
}

/// Keras's classes of functions.
private let classNames = Set(
  NamedOperation<Float>.plain.map(\.name) + Array(activationNames.keys) + Array(makers(Float.self).keys))

/// The names of activations by Keras's classes.
private let activationNames: [String: String] = Dictionary(
  uniqueKeysWithValues: BuiltIn.definitions.compactMap { definition in
    if case .notThere = definition.keras { return nil }
    let words = definition.name.split(separator: "_")
    return (words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(), definition.name)
  })

extension Configuration {
  /// The shape of the first tensor of a call in Keras 3's format, the batch axis included.
  fileprivate var firstTensorShape: [Int?]? {
    let first = self["args"]?.asList?.first
    return (first?.asList?.first ?? first)?["config"]?["shape"]?.withoutPythonTypes.asList?.map(\.asInteger)
  }
}

extension OperationLayer {
  /// The arguments of the call in Keras's format, with these tensors.
  func node(_ tensors: [Configuration]) -> Configuration {
    var rest = tensors[...]
    let written = operands.map { operand -> Configuration in
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
    let first = operation.operands == .list ? [.list(written)] : written
    return ["args": .list(first + operation.arguments), "kwargs": .object(operation.namedArguments)]
  }
}
