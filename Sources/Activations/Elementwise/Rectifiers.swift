public import Tensor

extension Activation {
  /// The identity.
  public static var linear: Self { elementwise(.linear) }

  /// Rectified linear unit: ``relu(alpha:maxValue:threshold:)`` with its defaults.
  public static var relu: Self { relu() }

  /// Rectified linear unit.
  ///
  ///     relu(x) = x                           for x > threshold
  ///             = alpha (x - threshold)       otherwise
  ///
  /// With a `maxValue`, the first line is `min(max(x, 0), maxValue)`, as in Keras. With a `threshold` alone it is ONNX's
  /// ThresholdedRelu: 0 up to the threshold and at it, x above it.
  /// - Limits: -∞ gives 0 (with an alpha above 0: -∞), ∞ gives `maxValue`. NaN gives NaN.
  /// - Slope: alpha below the threshold, 1 where the value is x, 0 elsewhere and at kinks.
  /// - Error: 0 with the default alpha, otherwise at most 1 ulp; slope 0.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter alpha: the slope below the threshold, finite. Keras 3 calls it `negative_slope`.
  /// - Parameter maxValue: the largest value, at least 0; none by default.
  /// - Parameter threshold: what x must exceed to pass, finite.
  /// - Reference: Nair, Hinton, "Rectified linear units improve restricted Boltzmann machines", ICML 2010.
  public static func relu(alpha: Double = 0, maxValue: Double? = nil, threshold: Double = 0) -> Self {
    elementwise(.relu, alpha, maxValue ?? .infinity, threshold)
  }

  /// Leaky rectified linear unit: ``leakyRelu(negativeSlope:)`` with its default slope 0.2.
  public static var leakyRelu: Self { leakyRelu() }

  /// Rectified linear unit that lets a part of negative values through.
  ///
  ///     leakyRelu(x) = x                      for x >= 0
  ///                  = negativeSlope x        otherwise
  ///
  /// The slope is 0.2 by default here and 0.3 in the layer `LeakyReLU`, as in Keras.
  /// - Limits: -∞ gives -∞ (with a slope of 0: 0), ∞ gives ∞. NaN gives NaN. The sign of zero is kept.
  /// - Slope: `negativeSlope` at zero.
  /// - Error: at most 0.5 ulp; slope 0.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter negativeSlope: finite.
  /// - Reference: Maas, Hannun, Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.
  public static func leakyRelu(negativeSlope: Double = 0.2) -> Self { elementwise(.leakyRelu, negativeSlope) }

  /// Randomised rectified linear unit as it is evaluated: ``rrelu(lower:upper:)`` with its defaults.
  public static var rrelu: Self { rrelu() }

  /// Randomised leaky rectified linear unit as it is evaluated: with the mean of the slopes that training draws from.
  ///
  ///     rrelu(x) = x                              for x >= 0
  ///              = (lower + upper) / 2 · x        otherwise
  ///
  /// The form for training takes a generator: ``rrelu(_:lower:upper:using:)``.
  /// - Limits, slope: as ``leakyRelu(negativeSlope:)``.
  /// - Error: at most 1 ulp; slope 0.5.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter upper: the end of the range of slopes.
  /// - Parameter lower: the smallest slope, finite and at most `upper`.
  /// - Reference: Xu, Wang, Chen, Li, arXiv:1505.00853.
  public static func rrelu(lower: Double = 1.0 / 8, upper: Double = 1.0 / 3) -> Self {
    elementwise(.rrelu, lower, upper)
  }

  /// Rectified linear unit that ends at 6: `min(max(x, 0), 6)`.
  ///
  /// - Limits: -∞ gives 0, ∞ gives 6. NaN gives NaN.
  /// - Slope: 1 between 0 and 6, 0 elsewhere and at both kinks.
  /// - Error: 0.
  /// - Complexity: O(*n*), one pass.
  /// - Reference: Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010.
  public static var relu6: Self { elementwise(.relu6) }
}

/// The identity, for every type of element.
public func linear<Scalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> { x }

/// Rectified linear unit; see ``Activation/relu(alpha:maxValue:threshold:)``. Integers stay integers: they have a form of
/// their own, with integer parameters.
///
/// ```swift
/// let x: Tensor<Float> = [-10, -5, 0, 5, 10]
/// print(relu(x))                   // [0 0 0 5 10]
/// print(relu(x, alpha: 0.5))       // [-5 -2.5 0 5 10]
/// print(relu(x, maxValue: 5))      // [0 0 0 5 5]
/// print(relu(x, threshold: 5))     // [0 0 0 0 10]
/// ```
public func relu<Scalar: RealScalar>(
  _ x: consuming Tensor<Scalar>, alpha: Double = 0, maxValue: Double? = nil, threshold: Double = 0
) -> Tensor<Scalar> {
  elementwise(x, .relu, alpha, maxValue ?? .infinity, threshold)
}

/// Leaky rectified linear unit, with the slope 0.2 by default (the layer `LeakyReLU` has 0.3); see
/// ``Activation/leakyRelu(negativeSlope:)``. Integers are converted to Float first.
public func leakyRelu<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, negativeSlope: Double = 0.2
) -> Tensor<Scalar.Real> {
  elementwise(x, .leakyRelu, negativeSlope)
}

/// Randomised rectified linear unit as it is evaluated; see ``Activation/rrelu(lower:upper:)``. Integers are converted to
/// Float first.
public func rrelu<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, lower: Double = 1.0 / 8, upper: Double = 1.0 / 3
) -> Tensor<Scalar.Real> {
  elementwise(x, .rrelu, lower, upper)
}

/// Rectified linear unit that ends at 6; see ``Activation/relu6``. Integers stay integers.
public func relu6<Scalar: RealScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> { elementwise(x, .relu6) }
