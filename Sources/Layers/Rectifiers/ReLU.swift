public import Activations
import Tensor

/// A rectified linear unit as a layer.
///
///     relu(x) = x                                   for x > threshold
///             = negativeSlope (x - threshold)       otherwise
///
/// With a `maxValue`, the first line is `min(max(x, 0), maxValue)`. Shapes do not change; see
/// ``/Activations/Activation/relu(alpha:maxValue:threshold:)``.
public struct ReLU<Scalar: RealScalar>: ActivationBackedLayer {
  /// The largest value; `nil` for no limit.
  public let maxValue: Double?
  /// The slope below the threshold.
  public let negativeSlope: Double
  /// The threshold that values must exceed.
  public let threshold: Double
  /// The activation that the layer applies.
  public let activation: Activation<Scalar>

  /// Creates a rectifier.
  /// - Precondition: all parameters are finite and at least 0.
  /// - Parameter maxValue: the largest value; no limit by default.
  /// - Parameter negativeSlope: the slope below the threshold.
  /// - Parameter threshold: the threshold that values must exceed.
  public init(maxValue: Double? = nil, negativeSlope: Double = 0, threshold: Double = 0) {
    if let maxValue { requireFromZero(maxValue, "maxValue", "ReLU", Scalar.self) }
    requireFromZero(negativeSlope, "negativeSlope", "ReLU", Scalar.self)
    requireFromZero(threshold, "threshold", "ReLU", Scalar.self)
    self.maxValue = maxValue
    self.negativeSlope = negativeSlope
    self.threshold = threshold
    activation = .relu(alpha: negativeSlope, maxValue: maxValue, threshold: threshold)
  }
}
