import Activations
import Layers
import Tensor

/// The object of a configuration that describes a layer or a model, split into parts that are not interpreted yet.
struct LayerEntry {
  let className: String
  let registeredName: String?
  let module: String?
  let config: [String: Configuration]
  /// A list instead of an object, in the format of `Sequential` in the first versions of Keras.
  let layerList: [Configuration]?
  let buildConfig: Configuration?
  let inboundNodes: [Configuration]
  /// The place in errors: `layers[3] (Dense "out")`.
  let place: String
  private let givenName: Configuration?

  init(_ configuration: Configuration, at position: String) throws(ModelConfigurationError) {
    guard let fields = configuration.asObject, let className = fields["class_name"]?.asString else {
      throw ModelConfigurationError(
        expected: "an object with class_name and config", found: configuration.shortened, place: position)
    }
    registeredName = fields["registered_name"]?.asString
    module = fields["module"]?.asString
    var config = fields["config"] ?? [:]
    if module == nil && registeredName == nil, let parameters = config.asObject {
      let upgraded = Keras1.upgraded(className, parameters)
      self.className = upgraded.className
      config = .object(upgraded.config)
    } else {
      self.className = className
    }
    givenName = config["name"] ?? fields["name"]
    let name = givenName?.asString.map { " \($0.shortenedName.debugDescription)" } ?? ""
    place = "\(position) (\(className.shortenedName)\(name))"
    layerList = config.asList
    guard let parameters = config.asObject ?? (config == .null || layerList != nil ? [:] : nil) else {
      throw ModelConfigurationError(expected: "an object as config", found: config.shortened, place: place)
    }
    self.config = parameters
    buildConfig = fields["build_config"]
    let nodes = fields["inbound_nodes"] ?? []
    guard let inboundNodes = nodes.asList else {
      throw ModelConfigurationError(expected: "a list as inbound_nodes", found: nodes.shortened, place: place)
    }
    self.inboundNodes = inboundNodes
  }

  /// The class's name in Keras's own files; TensorFlow 1 called some `BatchNormalizationV1`.
  var builtInName: String {
    let name = className.withoutPackage
    return name.hasSuffix("NormalizationV1") || name.hasSuffix("NormalizationV2") ? String(name.dropLast(2)) : name
  }

  /// Whether it is one of Keras's functions that appear in models like layers: `keras.ops.dot` is not the layer
  /// ``/Layers/Dot``.
  var isOperation: Bool {
    module.map { $0.contains(".ops") || $0 == "keras.src.activations.activations" } ?? false
  }

  /// Whether it is registered as custom, whatever its class: `my_package>Dense`.
  var isCustom: Bool {
    guard let registeredName, registeredName.contains(">") else { return false }
    return !registeredName.lowercased().hasPrefix("keras>")
  }

  enum ModelClass { case sequential, functional }

  var modelClass: ModelClass? {
    switch builtInName {
    case "Sequential": .sequential
    case "Functional", "Model": .functional
    default: nil
    }
  }

  var isInput: Bool { builtInName == "InputLayer" }

  /// Whether it is an input of texts.
  var isTextInput: Bool { isInput && config["dtype"] == "string" }

  /// The name in other layers' `inbound_nodes`.
  var referenceName: String { givenName?.asString ?? "" }

  /// The name in the model; empty if none is given.
  func name(in dialect: KerasDialect) throws -> String {
    guard let givenName, givenName != .null else { return "" }
    guard let name = givenName.asString, !name.isEmpty else {
      throw ModelConfigurationError(expected: "a name of at least one character", found: givenName.shortened)
    }
    guard name.utf8.contains(UInt8(ascii: "/")) else { return name }
    // Keras 2's names may be paths.
    guard dialect == .keras2 else {
      throw ModelConfigurationError(expected: "a name without /", found: name.shortenedName.debugDescription)
    }
    return name.parts(between: "/", omittingEmpty: false).joined(separator: "_")
  }

  func flag(_ parameter: String, default defaultValue: Bool) throws -> Bool {
    guard let value = config[parameter], value != .null else { return defaultValue }
    guard case .flag(let flag) = value else {
      throw ConfigurationError.parameterOutOfRange(
        owner: builtInName, parameter: parameter, value: value.description, allowed: "true and false")
    }
    return flag
  }

  /// Keras's element types and policies determine how it computes and stores; here, the model's type does. Quantized
  /// layers compute something else.
  func checkElementType() throws {
    guard !isOperation, let given = config["dtype"], given != .null else { return }
    let name = given.asString ?? given["config"]?["name"]?.asString
    guard let name, policies.contains(name) else {
      throw ConfigurationError.parameterOutOfRange(
        owner: builtInName, parameter: "dtype", value: given.description, allowed: policies.joined(separator: ", "))
    }
  }
}

private let policies = [
  "float16", "bfloat16", "float32", "float64", "mixed_float16", "mixed_bfloat16", "int32", "int64",
]

extension Configuration {
  /// The text for errors.
  var shortened: String {
    switch self {
    case .list: "a list"
    case .object: "an object"
    default: description.shortenedName
    }
  }
}

extension String {
  /// Names from a file may be long.
  fileprivate var shortenedName: String { shortened(to: 60) }
}
