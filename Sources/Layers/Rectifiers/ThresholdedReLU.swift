public import Activations
import Tensor

/// A rectified linear unit that lets through only what exceeds a threshold, as a layer.
///
///     thresholdedReLU(x) = x                for x > theta
///                        = 0                otherwise
///
/// Shapes are kept; see ``/Activations/Activation/relu(alpha:maxValue:threshold:)``.
public struct ThresholdedReLU<Scalar: RealScalar>: ActivationBackedLayer {
  /// What values have to exceed.
  public let theta: Double
  /// What the layer computes.
  public let activation: Activation<Scalar>

  /// Traps unless theta is a finite number from 0 on.
  public init(theta: Double = 1) {
    requireFromZero(theta, "theta", "ThresholdedReLU", Scalar.self)
    self.theta = theta
    // Not `threshold`, which Keras has no layer for.
    activation = .relu(threshold: theta)
  }
}

extension ThresholdedReLU: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["theta": .number(theta)] }

  /// Keras 3 has no such layer any more; that of the same function.
  public var layersOfKeras: [any Layer<Scalar>] { [ReLU<Scalar>(threshold: theta)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(theta: try reader.number("theta", .nonnegative, default: 1))
  }
}
