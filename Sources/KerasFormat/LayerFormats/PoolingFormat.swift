public import Activations
public import Layers
import Tensor

extension Pooling where Self: ConfigurableLayer {
  /// All parameters by Keras's names.
  public var layerParameters: [String: Configuration] {
    [
      "pool_size": Configuration(poolSize), "strides": Configuration(strides), "padding": .string(padding.rawValue),
      "data_format": .string(dataFormat.rawValue),
    ]
  }

  /// Creates the layer from its parameters.
  /// - Throws: ``ConfigurationError``.
  public init(from reader: inout LayerReader<Scalar>) throws {
    let poolSize = try reader.spatialLengths("pool_size", Self.spatialRank, default: 2)
    let strides = try reader.optionalSpatialLengths("strides", Self.spatialRank)
    let padding: WindowPadding = try reader.choice("padding", default: .valid)
    if padding == .causal { throw reader.outOfRange("padding", "causal", "valid, same") }
    self.init(
      poolSize: poolSize, strides: strides, padding: padding,
      dataFormat: try reader.choice("data_format", default: .channelsLast))
  }
}

extension MaxPooling1D: ConfigurableLayer {}
extension MaxPooling2D: ConfigurableLayer {}
extension MaxPooling3D: ConfigurableLayer {}
extension AveragePooling1D: ConfigurableLayer {}
extension AveragePooling2D: ConfigurableLayer {}
extension AveragePooling3D: ConfigurableLayer {}

extension GlobalPooling where Self: ConfigurableLayer {
  /// All parameters by Keras's names.
  public var layerParameters: [String: Configuration] {
    ["data_format": .string(dataFormat.rawValue), "keepdims": .flag(keepdims)]
  }

  /// Creates the layer from its parameters.
  /// - Throws: ``ConfigurationError``.
  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      dataFormat: try reader.choice("data_format", default: .channelsLast),
      keepdims: try reader.flag("keepdims", default: false))
  }
}

extension GlobalMaxPooling1D: ConfigurableLayer {}
extension GlobalMaxPooling2D: ConfigurableLayer {}
extension GlobalMaxPooling3D: ConfigurableLayer {}
extension GlobalAveragePooling1D: ConfigurableLayer {}
extension GlobalAveragePooling2D: ConfigurableLayer {}
extension GlobalAveragePooling3D: ConfigurableLayer {}

extension AdaptivePooling where Self: ConfigurableLayer {
  /// All parameters by Keras's names.
  public var layerParameters: [String: Configuration] {
    ["output_size": Configuration(outputSize), "data_format": .string(dataFormat.rawValue)]
  }

  /// Creates the layer from its parameters.
  /// - Throws: ``ConfigurationError``.
  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      outputSize: try reader.spatialLengths("output_size", Self.spatialRank),
      dataFormat: try reader.choice("data_format", default: .channelsLast))
  }
}

extension AdaptiveMaxPooling1D: ConfigurableLayer {}
extension AdaptiveMaxPooling2D: ConfigurableLayer {}
extension AdaptiveMaxPooling3D: ConfigurableLayer {}
extension AdaptiveAveragePooling1D: ConfigurableLayer {}
extension AdaptiveAveragePooling2D: ConfigurableLayer {}
extension AdaptiveAveragePooling3D: ConfigurableLayer {}
