public import Activations
import Tensor

/// A leaky rectified linear unit as a layer.
///
///     leakyReLU(x) = x                      for x >= 0
///                  = negativeSlope x        otherwise
///
/// The default slope is 0.3 here and 0.2 in the function ``/Activations/leakyRelu(_:negativeSlope:)``, as in Keras.
/// Shapes do not change.
public struct LeakyReLU<Scalar: RealScalar>: ActivationBackedLayer {
  /// The slope below zero.
  public let negativeSlope: Double
  /// The activation that the layer applies.
  public let activation: Activation<Scalar>

  /// Creates a leaky rectifier.
  /// - Precondition: `negativeSlope` is finite and at least 0.
  public init(negativeSlope: Double = 0.3) {
    requireFromZero(negativeSlope, "negativeSlope", "LeakyReLU", Scalar.self)
    self.negativeSlope = negativeSlope
    activation = .leakyRelu(negativeSlope: negativeSlope)
  }
}
