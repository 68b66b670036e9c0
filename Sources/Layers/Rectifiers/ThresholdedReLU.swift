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
