public import Activations
public import Layers
public import Tensor

/// Reads the parameters of a layer's configuration.
public struct LayerReader<Scalar: RealScalar>: ParameterReading {
  private var parameters: ParameterReader
  let context: ReadingContext<Scalar>
  /// A layer with weights, or one that computes otherwise in training, given as an activation.
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

  /// Whose file it is.
  public var dialect: KerasDialect { context.dialect }

  /// Unknown parameters may be null: that is the default of all that Keras has and this package has not.
  func finish() throws(ConfigurationError) { try parameters.finish(allowingNull: true) }

  /// An activation: its name, or an object. A layer may be given too: one without weights becomes the activation that it does, and
  /// any other follows the layer that is read, under its name.
  public mutating func activation(_ parameter: String) throws -> Activation<Scalar> {
    guard let given = configuration(parameter).map(context.activationOfKeras3) else { return .linear }
    guard let layer = try context.layer(ofActivation: given) else { return try context.activation(given) }
    if let activation = layer as? Activation<Scalar> { return activation }
    if let backed = layer as? any ActivationBackedLayer<Scalar> { return backed.activation }
    activationLayer = layer
    return .linear
  }

  /// An initializer, a regularizer or a constraint.
  public mutating func value<Value: Configurable>(
    _ parameter: String, default defaultValue: Value
  ) throws(ConfigurationError) -> Value {
    try optionalValue(parameter) ?? defaultValue
  }

  /// An initializer, a regularizer or a constraint; none where nothing is given, or null.
  public mutating func optionalValue<Value: Configurable>(_ parameter: String) throws(ConfigurationError) -> Value? {
    guard let given = configuration(parameter) else { return nil }
    return try context.registry.value(given)
  }

  /// The layer that another one wraps.
  public mutating func layer(_ parameter: String) throws -> Stage<Scalar> {
    guard let given = configuration(parameter) else {
      throw ConfigurationError.missingParameter(owner: owner, parameter: parameter, allowed: "layers")
    }
    return try context.stage(given, at: parameter)
  }

  /// One axis or several behind the batch axis.
  mutating func axesBehindBatch(
    _ parameter: String, default defaultAxes: [Int]
  ) throws(ConfigurationError) -> [Int] {
    guard let axes = try optionalIntegers(parameter) else { return defaultAxes }
    guard !axes.contains(0) else {
      throw outOfRange(parameter, "\(axes)", "axes from 1 on and negative ones: 0 is the batch axis")
    }
    return axes
  }

  /// One axis behind the batch axis, alone or in a list.
  mutating func axisBehindBatch(_ parameter: String, default defaultAxis: Int) throws(ConfigurationError) -> Int {
    let axes = try axesBehindBatch(parameter, default: [defaultAxis])
    guard axes.count == 1 else { throw outOfRange(parameter, "\(axes)", "one axis") }
    return axes[0]
  }

  /// Lengths of axes, null for those that the input decides.
  mutating func optionalLengths(_ parameter: String) throws(ConfigurationError) -> [Int?]? {
    guard let given = configuration(parameter) else { return nil }
    guard let elements = given.asList ?? given.asInteger.map({ [.integer($0)] }) else {
      throw outOfRange(parameter, given.description, "lists of lengths and null")
    }
    var lengths: [Int?] = []
    for element in elements {
      guard element == .null || (element.asInteger ?? 0) > 0 else {
        throw outOfRange(parameter, given.description, "lists of lengths from 1 on and null")
      }
      lengths.append(element.asInteger)
    }
    return lengths
  }
}

/// What every layer's configuration may say besides its parameters, and what is drawn at random where there is no seed.
private let parametersOfEveryLayer: Set = [
  "name", "trainable", "dtype", "seed", "autocast", "dynamic", "batch_input_shape", "batch_shape", "input_shape",
  "build_config", "registered_name", "shared_object_id",
]
