public import Activations
import Tensor

/// A rectified linear unit that passes only values above a threshold, as a layer.
///
///     thresholdedReLU(x) = x                for x > theta
///                        = 0                otherwise
///
/// Shapes do not change; see ``/Activations/Activation/relu(alpha:maxValue:threshold:)``.
public struct ThresholdedReLU<Scalar: RealScalar>: ActivationBackedLayer {
  /// The threshold that values must exceed.
  public let theta: Double
  /// The activation that the layer applies.
  public let activation: Activation<Scalar>

  /// Creates a thresholded rectifier.
  /// - Precondition: `theta` is finite and at least 0.
  public init(theta: Double = 1) {
    requireFromZero(theta, "theta", "ThresholdedReLU", Scalar.self)
    self.theta = theta
    // Not the activation `threshold`, for which Keras has no layer.
    activation = .relu(threshold: theta)
  }
}
