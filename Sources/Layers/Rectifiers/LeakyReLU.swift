import Activations
public import Tensor

/// A rectified linear unit that lets a part of negative values through, as a layer.
///
///     leakyReLU(x) = x                      for x >= 0
///                  = negativeSlope x        otherwise
///
/// The slope is 0.3 by default here and 0.2 in the function ``leakyRelu(_:negativeSlope:)``, as in Keras.
public struct LeakyReLU<Scalar: RealScalar>: Layer {
  public let negativeSlope: Double

  /// Traps unless the slope is a finite number from 0 on.
  public init(negativeSlope: Double = 0.3) {
    require(
      negativeSlope >= 0 && Double(Scalar(negativeSlope)).isFinite,
      "LeakyReLU: negativeSlope is \(negativeSlope), allowed are finite numbers from 0 on")
    self.negativeSlope = negativeSlope
  }

  private var activation: Activation<Scalar> { .leakyRelu(negativeSlope: negativeSlope) }

  public func forward(_ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) throws -> Tensor<Scalar> {
    try activation(x)
  }

  public mutating func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar> {
    try activation.pullback(upstream, input: input, output: output)
  }
}
