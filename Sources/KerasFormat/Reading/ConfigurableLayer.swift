public import Activations
public import Layers
import Tensor

/// A layer that can be read from and written to configurations: Keras's files contain the name of its class and its
/// parameters.
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
/// Register a custom layer in a ``LayerRegistry``, and pass that wherever configurations are read.
public protocol ConfigurableLayer<Scalar>: Layer {
  /// All parameters by Keras's names, without those that every layer has: its name, and whether it is trained.
  var layerParameters: [String: Configuration] { get }

  /// Keras 3's equivalent of the layer: one or several layers, one after another, that compute the same with the same
  /// weights in the same order. By default, the layer itself.
  var layersOfKeras: [any Layer<Scalar>] { get }

  /// Creates the layer from its parameters.
  /// - Throws: the reader's errors. Parameters that this initializer does not read are rejected afterwards.
  init(from reader: inout LayerReader<Scalar>) throws
}

extension ConfigurableLayer {
  public var layersOfKeras: [any Layer<Scalar>] { [self] }
}
