internal import CKernels
public import Tensor

extension ElementwiseDefinition {
  static let linear = ElementwiseDefinition(
    "linear", formula: Formula("x", slope: "1", errors: .exact),
    integers: { _ in .identity },
    reference: { _ in
      Reference(value: { $0 }, slope: { _ in 1 })
    },
    kernel: { _ in nil }
  )

  static let relu = ElementwiseDefinition(
    "relu",
    [
      Parameter("negative_slope", 0, label: "alpha", aliases: ["alpha"]),
      Parameter("max_value", .infinity, .limit),
      Parameter("threshold", 0),
    ],
    keras: .layer("ReLU"),
    formula: Formula(
      "x for x > threshold, with a max_value min(max(x, 0), max_value)", "negative_slope (x - threshold) otherwise",
      slope: "negative_slope for x < threshold", "1 for threshold < x < max_value", "0 otherwise",
      errors: ErrorBounds(1, slope: 0)),
    settings: [[0.1, 6.5, 0.7], [0.3, .infinity, -1.3]],
    integers: { arguments in
      // With a slope below the threshold, results may leave the element type.
      guard arguments.a == 0, let threshold = Int(exactly: arguments.c) else { return nil }
      if arguments.b == .infinity { return .rectified(threshold: threshold) }
      return Int(exactly: arguments.b).map { .rectified(maxValue: $0, threshold: threshold) }
    },
    reference: { arguments in
      let (slopeBelow, largest, threshold) = (arguments.a, arguments.b, arguments.c)
      return Reference(kinks: [threshold, largest]) { x in
        if x.isNaN { return x }
        if x > threshold { return largest == .infinity ? x : min(max(x, 0), largest) }
        return slopeBelow == 0 ? 0 : slopeBelow * (x - threshold)
      } slope: { x in
        if x.isNaN { return x }
        if x > threshold { return largest == .infinity || (x > 0 && x < largest) ? 1 : 0 }
        return x < threshold ? slopeBelow : 0
      }
    },
    kernel: {
      $0 == Arguments(a: 0, b: .infinity, c: 0)
        ? Kernel(ck_rectifier, slope: .inputOrOutput) : Kernel(ck_relu, $0.a, $0.b, $0.c)
    }
  )

  static let leakyRelu = ElementwiseDefinition(
    "leaky_relu", [Parameter("negative_slope", 0.2, aliases: ["alpha"])],
    keras: .layer("LeakyReLU", defaults: ["negative_slope": 0.3]),
    formula: Formula(
      "x for x >= 0", "negative_slope x otherwise", slope: "1 for x > 0", "negative_slope otherwise",
      errors: ErrorBounds(0.5, slope: 0)),
    settings: [[0.01], [0.3]],
    reference: { leakyReference($0.a) },
    kernel: { leakyKernel($0.a) }
  )

  static let rrelu = ElementwiseDefinition(
    "rrelu", [Parameter("lower", 1.0 / 8), Parameter("upper", 1.0 / 3)],
    keras: .notThere,
    formula: Formula(
      "x for x >= 0", "(lower + upper) / 2 · x otherwise", slope: "1 for x > 0", "(lower + upper) / 2 otherwise",
      errors: ErrorBounds(1, slope: 0.5)),
    relation: .ascending, settings: [[0.1, 0.3], [0.05, 0.7]],
    reference: { leakyReference(($0.a + $0.b) / 2) },
    kernel: { leakyKernel($0.a / 2 + $0.b / 2) }
  )

  static let relu6 = ElementwiseDefinition(
    "relu6", formula: Formula("min(max(x, 0), 6)", slope: "1 for 0 < x < 6", "0 otherwise", errors: .exact),
    integers: { _ in .limited(0, 6) },
    reference: { _ in limitedReference(0, 6, slopeAtEnds: 0) },
    kernel: { _ in Kernel(ck_relu6, slope: .inputOrOutput) }
  )

  static let rectifiers = [linear, relu, leakyRelu, rrelu, relu6]
}

private func leakyKernel(_ slope: Double) -> ElementwiseActivation.Kernel {
  .init(ck_leaky_relu, slope, slope: slope >= 0 ? .inputOrOutput : .input)
}

private func leakyReference(_ slope: Double) -> Reference {
  Reference(kinks: [0]) { x in
    x < 0 ? (slope == 0 ? 0 : slope * x) : x
  } slope: { x in
    orNaN(x, x > 0 ? 1 : slope)
  }
}

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
  /// - Error: at most 1 ulp; slope 0. With the default alpha the value is exact.
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
  /// - Parameter lower: the smallest slope, finite and at most `upper`.
  /// - Parameter upper: the end of the range of slopes.
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
