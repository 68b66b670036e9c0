public import Activations
public import Layers
import Tensor

/// A layer that configurations describe: Keras's files hold the name of its class and its parameters.
///
/// <!-- sample: declarations -->
/// ```swift
/// extension Scale: ConfigurableLayer {
///   var layerParameters: [String: Configuration] { ["initial": .number(initial)] }
///   init(from reader: inout LayerReader<Scalar>) throws {
///     self.init(initial: try reader.number("initial", .positive, default: 1))
///   }
/// }
/// ```
///
/// A layer of one's own is registered in a ``LayerRegistry``, which is passed where configurations are read.
public protocol ConfigurableLayer<Scalar>: Layer {
  /// All parameters by Keras's names, but those that every layer has: its name, and whether it is trained.
  var layerParameters: [String: Configuration] { get }

  /// What Keras 3 has for the layer: one layer, or several, one after another, that compute the same with the same weights in the
  /// same order. The layer itself by default.
  var layersOfKeras: [any Layer<Scalar>] { get }

  /// The layer of such parameters.
  /// - Throws: what the reader throws; parameters that have not been read are refused afterwards.
  init(from reader: inout LayerReader<Scalar>) throws
}

extension ConfigurableLayer {
  public var layersOfKeras: [any Layer<Scalar>] { [self] }
}
