public import Activations
import Tensor

/// A rectified linear unit as a layer.
///
///     relu(x) = x                                   for x > threshold
///             = negativeSlope (x - threshold)       otherwise
///
/// With a `maxValue`, the first line is `min(max(x, 0), maxValue)`. Shapes are kept; see ``/Activations/Activation/relu(alpha:maxValue:threshold:)``.
public struct ReLU<Scalar: RealScalar>: ActivationBackedLayer {
  /// The largest value; none: there is no limit.
  public let maxValue: Double?
  /// The slope below the threshold.
  public let negativeSlope: Double
  /// Up to where values do not pass.
  public let threshold: Double
  /// What the layer computes.
  public let activation: Activation<Scalar>

  /// Traps unless all parameters are finite numbers from 0 on.
  /// - Parameter maxValue: the largest value; none by default.
  /// - Parameter negativeSlope: the slope below the threshold.
  /// - Parameter threshold: values up to it do not pass.
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
