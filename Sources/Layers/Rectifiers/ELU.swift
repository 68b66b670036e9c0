public import Activations
import Tensor

/// An exponential linear unit as a layer.
///
///     elu(x) = x                            for x > 0
///            = alpha (e^x - 1)              otherwise
///
/// Shapes are kept; see ``/Activations/Activation/elu(alpha:)``.
public struct ELU<Scalar: RealScalar>: ActivationBackedLayer {
  /// How deep the negative side becomes.
  public let alpha: Double
  /// What the layer computes.
  public let activation: Activation<Scalar>

  /// Traps unless alpha is finite.
  public init(alpha: Double = 1) {
    self.alpha = alpha
    activation = .elu(alpha: alpha)
  }
}
