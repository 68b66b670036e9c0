public import Activations
public import Layers
public import Tensor

/// Reads the parameters of a layer's configuration.
public struct LayerReader<Scalar: RealScalar>: ParameterReading {
  private var parameters: ParameterReader
  let context: ReadingContext<Scalar>
  /// A layer given as an activation that has weights or behaves differently in training.
  private(set) var activationLayer: (any Layer<Scalar>)?

  init(_ owner: String, _ given: [String: Configuration], _ context: ReadingContext<Scalar>) {
    let given = given.filter { !parametersOfEveryLayer.contains($0.key) }.mapValues(\.withoutPythonTypes)
    parameters = ParameterReader(owner, given, largestNumber: Scalar.largestNumber)
    self.context = context
  }

  public var owner: String { parameters.owner }
  public var largestNumber: Double { parameters.largestNumber }
  public mutating func configuration(_ parameter: String) -> Configuration? { parameters.configuration(parameter) }
  public func isGiven(_ parameter: String) -> Bool { parameters.isGiven(parameter) }
  func hasRead(_ parameter: String) -> Bool { parameters.hasRead(parameter) }

  /// The generation of Keras that wrote the file.
  public var dialect: KerasDialect { context.dialect }

  /// Unknown parameters may be null, the default of all parameters that only Keras has.
  func finish() throws(ConfigurationError) { try parameters.finish(allowingNull: true) }

  /// Reads an activation: its name, or an object. It may also be a layer: one without weights is replaced by its
  /// activation, and any other follows the current layer, under its name.
  public mutating func activation(_ parameter: String) throws -> Activation<Scalar> {
    guard let given = configuration(parameter).map(context.activationOfKeras3) else { return .linear }
    guard let layer = try context.layer(ofActivation: given) else { return try context.activation(given) }
    if let activation = layer as? Activation<Scalar> { return activation }
    if let backed = layer as? any ActivationBackedLayer<Scalar> { return backed.activation }
    activationLayer = layer
    return .linear
  }

  /// Reads an initializer, a regularizer or a constraint.
  public mutating func value<Value: Configurable>(
    _ parameter: String, default defaultValue: Value
  ) throws(ConfigurationError) -> Value {
    try optionalValue(parameter) ?? defaultValue
  }

  /// Reads an initializer, a regularizer or a constraint; `nil` if the parameter is missing or null.
  public mutating func optionalValue<Value: Configurable>(_ parameter: String) throws(ConfigurationError) -> Value? {
    guard let given = configuration(parameter) else { return nil }
    return try context.registry.value(given)
  }

  /// Reads the layer that another one wraps.
  public mutating func layer(_ parameter: String) throws -> Stage<Scalar> {
    guard let given = configuration(parameter) else {
      throw ConfigurationError.missingParameter(owner: owner, parameter: parameter, allowed: "layers")
    }
    return try context.stage(given, at: parameter)
  }

  /// Reads one or several axes after the batch axis.
  mutating func axesBehindBatch(
    _ parameter: String, default defaultAxes: [Int]
  ) throws(ConfigurationError) -> [Int] {
    guard let axes = try optionalIntegers(parameter) else { return defaultAxes }
    guard !axes.contains(0) else {
      throw outOfRange(parameter, "\(axes)", "axes of at least 1 and negative ones: 0 is the batch axis")
    }
    return axes
  }

  /// Reads one axis after the batch axis, by itself or in a list.
  mutating func axisBehindBatch(_ parameter: String, default defaultAxis: Int) throws(ConfigurationError) -> Int {
    let axes = try axesBehindBatch(parameter, default: [defaultAxis])
    guard axes.count == 1 else { throw outOfRange(parameter, "\(axes)", "one axis") }
    return axes[0]
  }

  /// Reads lengths along the spatial axes: an integer for all or a list with one for each; `nil` if the parameter is
  /// missing or null.
  mutating func optionalSpatialLengths(_ parameter: String, _ rank: Int) throws(ConfigurationError) -> [Int]? {
    guard let lengths = try optionalIntegers(parameter) else { return nil }
    guard lengths.count == 1 || lengths.count == rank, lengths.allSatisfy({ $0 >= 1 }) else {
      let forms = rank == 1 ? "integers" : "integers and lists of \(rank) integers"
      throw outOfRange(parameter, "\(lengths)", "\(forms) of at least 1")
    }
    return lengths
  }

  /// Reads lengths along the spatial axes.
  /// - Parameter defaultLength: the default; without one, the parameter is required.
  mutating func spatialLengths(
    _ parameter: String, _ rank: Int, default defaultLength: Int? = nil
  ) throws(ConfigurationError) -> [Int] {
    guard let lengths = try optionalSpatialLengths(parameter, rank) ?? defaultLength.map({ [$0] }) else {
      throw .missingParameter(owner: owner, parameter: parameter, allowed: "integers of at least 1")
    }
    return lengths
  }

  /// Reads lengths of axes, with null for those determined by the input.
  mutating func optionalLengths(_ parameter: String) throws(ConfigurationError) -> [Int?]? {
    guard let given = configuration(parameter) else { return nil }
    guard let elements = given.asList ?? given.asInteger.map({ [.integer($0)] }) else {
      throw outOfRange(parameter, given.description, "lists of lengths and null")
    }
    var lengths: [Int?] = []
    for element in elements {
      guard element == .null || (element.asInteger ?? 0) > 0 else {
        throw outOfRange(parameter, given.description, "lists of lengths of at least 1 and null")
      }
      lengths.append(element.asInteger)
    }
    return lengths
  }
}

/// The parameters that every layer's configuration may have, and seeds, which are null for random ones.
private let parametersOfEveryLayer: Set = [
  "name", "trainable", "dtype", "seed", "autocast", "dynamic", "batch_input_shape", "batch_shape", "input_shape",
  "build_config", "registered_name", "shared_object_id",
]
