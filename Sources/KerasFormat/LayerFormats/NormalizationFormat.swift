public import Activations
public import Layers
import Tensor

extension BatchNormalization: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    let own: [String: Configuration] = [
      "axis": .integer(axis), "momentum": .number(momentum), "epsilon": .number(epsilon),
      "moving_mean_initializer": movingMeanWeight.initializer.configuration,
      "moving_variance_initializer": movingVarianceWeight.initializer.configuration,
    ]
    return own.merging(ending.configurations) { $1 }
  }

  public var layersOfKeras: [any Layer<Scalar>] { separated(self, from: \.activation) }

  /// Ignores Keras's parameters for several machines.
  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      axis: try reader.axisBehindBatch("axis", default: -1),
      momentum: try reader.number("momentum", .closedUnit, default: 0.99),
      epsilon: try reader.number("epsilon", .nonnegative, default: 1e-3),
      center: try reader.flag("center", default: true), scale: try reader.flag("scale", default: true),
      movingMeanInitializer: try reader.value("moving_mean_initializer", default: .zeros),
      movingVarianceInitializer: try reader.value("moving_variance_initializer", default: .ones))
    try ending.read(from: &reader)
    try reader.expect("renorm", false)
    try reader.expect("virtual_batch_size", nil)
    reader.passOver("renorm_momentum", "synchronized", "fused")
  }
}

extension LayerNormalization: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    let own: [String: Configuration] = ["axis": Configuration(axes), "epsilon": .number(epsilon)]
    return own.merging(ending.configurations) { $1 }
  }

  public var layersOfKeras: [any Layer<Scalar>] { separated(self, from: \.activation) }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      axis: try reader.axesBehindBatch("axis", default: [-1]),
      epsilon: try reader.number("epsilon", .nonnegative, default: 1e-3),
      center: try reader.flag("center", default: true), scale: try reader.flag("scale", default: true))
    try ending.read(from: &reader)
    try reader.expect("rms_scaling", false)
  }
}

extension GroupNormalization: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    let own: [String: Configuration] = [
      "groups": .integer(groups), "axis": .integer(axis), "epsilon": .number(epsilon),
    ]
    return own.merging(ending.configurations) { $1 }
  }

  public var layersOfKeras: [any Layer<Scalar>] { separated(self, from: \.activation) }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let groups = try reader.integer("groups", from: -1, default: 32)
    guard groups != 0 else { throw reader.outOfRange("groups", "0", "-1 and integers of at least 1") }
    self.init(
      groups: groups, axis: try reader.axisBehindBatch("axis", default: -1),
      epsilon: try reader.number("epsilon", .nonnegative, default: 1e-3),
      center: try reader.flag("center", default: true), scale: try reader.flag("scale", default: true))
    try ending.read(from: &reader)
  }
}

extension RMSNormalization: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    let own: [String: Configuration] = ["axis": Configuration(axisOrAxes: axes), "epsilon": .number(epsilon)]
    return own.merging(ending.activationConfiguration) { $1 }
  }

  public var layersOfKeras: [any Layer<Scalar>] { separated(self, from: \.activation) }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      axis: try reader.axesBehindBatch("axis", default: [-1]),
      epsilon: try reader.number("epsilon", .nonnegative, default: 1e-6),
      activation: try reader.activation("activation"))
  }
}

extension UnitNormalization: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["axis": Configuration(axisOrAxes: axes)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(axis: try reader.axesBehindBatch("axis", default: [-1]))
  }
}

extension ScaleAndShift {
  /// `center`, `scale`, and the initializers, regularizers and constraints of gamma and beta. An activation, which
  /// Keras's normalisations do not have, is written if there is one; Keras then rejects the layer.
  var configurations: [String: Configuration] {
    let flags: [String: Configuration] = ["center": .flag(beta != nil), "scale": .flag(gamma != nil)]
    let gamma = gamma ?? Weight("gamma", initializer: .ones)
    let beta = beta ?? Weight("beta", initializer: .zeros)
    return flags.merging(gamma.configurations) { $1 }.merging(beta.configurations) { $1 }
      .merging(activationConfiguration) { $1 }
  }

  var activationConfiguration: [String: Configuration] {
    activation.isLinear ? [:] : ["activation": activation.configuration]
  }

  mutating func read(from reader: inout LayerReader<Scalar>) throws {
    activation = try reader.activation("activation")
    try reader.read(into: &gamma, named: "gamma")
    try reader.read(into: &beta, named: "beta")
  }
}

/// Keras's normalisations have no activation: a separate layer follows them.
func separated<Normalization: Layer>(
  _ layer: Normalization, from path: WritableKeyPath<Normalization, Activation<Normalization.Scalar>>
) -> [any Layer<Normalization.Scalar>] {
  let activation = layer[keyPath: path]
  if activation.isLinear { return [layer] }
  var layer = layer
  layer[keyPath: path] = .linear
  return [layer, activation]
}
