public import Activations
import Tensor

/// A rectified linear unit that lets a part of negative values through, as a layer.
///
///     leakyReLU(x) = x                      for x >= 0
///                  = negativeSlope x        otherwise
///
/// The slope is 0.3 by default here and 0.2 in the function ``/Activations/leakyRelu(_:negativeSlope:)``, as in Keras. Shapes are kept.
public struct LeakyReLU<Scalar: RealScalar>: ActivationBackedLayer {
  /// The slope below zero.
  public let negativeSlope: Double
  /// What the layer computes.
  public let activation: Activation<Scalar>

  /// Traps unless the slope is a finite number from 0 on.
  public init(negativeSlope: Double = 0.3) {
    requireFromZero(negativeSlope, "negativeSlope", "LeakyReLU", Scalar.self)
    self.negativeSlope = negativeSlope
    activation = .leakyRelu(negativeSlope: negativeSlope)
  }
}
