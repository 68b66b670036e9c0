public import Activations
import Tensor

/// An exponential linear unit as a layer.
///
///     elu(x) = x                            for x > 0
///            = alpha (e^x - 1)              otherwise
///
/// Shapes do not change; see ``/Activations/Activation/elu(alpha:)``.
public struct ELU<Scalar: RealScalar>: ActivationBackedLayer {
  /// The magnitude of the limit for negative values.
  public let alpha: Double
  /// The activation that the layer applies.
  public let activation: Activation<Scalar>

  /// Creates an ELU layer.
  /// - Precondition: `alpha` is finite.
  public init(alpha: Double = 1) {
    self.alpha = alpha
    activation = .elu(alpha: alpha)
  }
}
