internal import CKernels
public import Tensor

// Functions made of pieces of lines and parabolas.

extension ElementwiseDefinition {
  static let hardTanh = ElementwiseDefinition(
    "hard_tanh", aliases: ["hardtanh"],
    [Parameter("min_value", -1, aliases: ["min_val"]), Parameter("max_value", 1, aliases: ["max_val"])],
    formula: Formula(
      "min(max(x, min_value), max_value)", slope: "1 for min_value <= x <= max_value", "0 otherwise", errors: .exact),
    settings: [[-0.7, 1.3], [0.1, 6.5], [1.7, -0.3]],
    integers: { arguments in
      guard let lowest = Int(exactly: arguments.a), let highest = Int(exactly: arguments.b) else { return nil }
      return .limited(lowest, highest)
    },
    reference: { limitedReference($0.a, $0.b, slopeAtEnds: 1) },
    kernel: { Kernel(ck_hard_tanh, $0.a, $0.b) }
  )

  static let hardSigmoid = ElementwiseDefinition(
    "hard_sigmoid", aliases: ["hardsigmoid"], [Parameter("alpha", 1.0 / 6), Parameter("beta", 0.5)],
    formula: Formula(
      "min(max(alpha x + beta, 0), 1)", slope: "alpha for 0 < alpha x + beta < 1", "0 otherwise",
      errors: ErrorBounds(1, slope: 0.5)),
    settings: [[0.3, 0.7], [-1.7, 0.1]],
    reference: { arguments in
      let (alpha, beta) = (arguments.a, arguments.b)
      if (alpha, beta) == (1.0 / 6, 0.5) { return rampReference(end: 3) }
      // Of Floats, the product and beta - 1 are exact in Double.
      return Reference(kinks: [-beta / alpha, (1 - beta) / alpha]) { x in
        x.isNaN ? x : min(max(alpha == 0 ? beta : beta.addingProduct(alpha, x), 0), 1)
      } slope: { x in
        let rises = beta.addingProduct(alpha, x) > 0 && (beta - 1).addingProduct(alpha, x) < 0
        return orNaN(x, rises ? alpha : 0)
      }
    },
    kernel: {
      switch ($0.a, $0.b) {
      case (1.0 / 6, 0.5): Kernel(ck_hard_sigmoid)
      case (0.2, 0.5): Kernel(ck_hard_sigmoid_keras2)
      default: Kernel(ck_ramp, $0.a, $0.b)
      }
    }
  )

  static let hardSigmoidKeras2 = ElementwiseDefinition(
    "hard_sigmoid_keras2",
    keras: .notThere,
    formula: Formula(
      "min(max(0.2 x + 0.5, 0), 1)", slope: "0.2 for -2.5 < x < 2.5", "0 otherwise", errors: ErrorBounds(1, slope: 0.5)),
    reference: { _ in rampReference(end: 2.5) },
    kernel: { _ in Kernel(ck_hard_sigmoid_keras2) }
  )

  static let hardSilu = ElementwiseDefinition(
    "hard_silu", aliases: ["hard_swish", "hardswish"],
    formula: Formula(
      "x hard_sigmoid(x)", slope: "0 for x <= -3", "1 for x >= 3", "(2 x + 3) / 6 otherwise",
      errors: ErrorBounds(1, slope: 2)),
    reference: { _ in
      Reference(kinks: [-3, -1.5, 3]) { x in
        x <= -3 ? -0.0 : x >= 3 ? x : x * (x + 3) / 6
      } slope: { x in
        orNaN(x, x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6)
      }
    },
    kernel: { _ in Kernel(ck_hard_silu) }
  )

  static let hardShrink = ElementwiseDefinition(
    "hard_shrink", aliases: ["hardshrink"], [Parameter("threshold", 0.5, .nonnegative, aliases: ["lambd"])],
    formula: Formula(
      "x for |x| > threshold", "0 otherwise", slope: "1 for |x| > threshold", "0 otherwise", errors: .exact),
    settings: [[0.3], [1.7]],
    reference: { arguments in
      let threshold = arguments.a
      return Reference(kinks: [-threshold, threshold]) { x in
        abs(x) <= threshold ? 0 : x
      } slope: { x in
        orNaN(x, abs(x) > threshold ? 1 : 0)
      }
    },
    kernel: { Kernel(ck_hard_shrink, $0.a) }
  )

  static let softShrink = ElementwiseDefinition(
    "soft_shrink", aliases: ["softshrink"], [Parameter("threshold", 0.5, .nonnegative, aliases: ["lambd"])],
    formula: Formula(
      "x - threshold for x > threshold", "x + threshold for x < -threshold", "0 otherwise",
      slope: "1 for |x| > threshold", "0 otherwise", errors: ErrorBounds(0.5, slope: 0)),
    settings: [[0.3], [1.7]],
    reference: { arguments in
      let threshold = arguments.a
      return Reference(kinks: [-threshold, threshold]) { x in
        x.isNaN ? x : x > threshold ? x - threshold : x < -threshold ? x + threshold : 0
      } slope: { x in
        orNaN(x, abs(x) > threshold ? 1 : 0)
      }
    },
    kernel: { Kernel(ck_soft_shrink, $0.a) }
  )

  static let threshold = ElementwiseDefinition(
    "threshold", [Parameter("threshold"), Parameter("default_value", label: "value", aliases: ["value"])],
    formula: Formula(
      "x for x > threshold", "default_value otherwise", slope: "1 for x > threshold", "0 otherwise", errors: .exact),
    settings: [[0.5, -7], [0.7, 20.1], [-1.3, 0.3]],
    integers: { arguments in
      guard let threshold = Int(exactly: arguments.a), let value = Int(exactly: arguments.b) else { return nil }
      return .replaced(upTo: threshold, with: value)
    },
    reference: { arguments in
      let (threshold, value) = (arguments.a, arguments.b)
      return Reference(kinks: [threshold]) { x in
        x <= threshold ? value : x
      } slope: { x in
        orNaN(x, x > threshold ? 1 : 0)
      }
    },
    kernel: { Kernel(ck_threshold, $0.a, $0.b) }
  )

  static let sparsePlus = ElementwiseDefinition(
    "sparse_plus",
    formula: Formula(
      "0 for x <= -1", "x for x >= 1", "(x + 1)² / 4 otherwise", slope: "min(max((x + 1) / 2, 0), 1)",
      errors: ErrorBounds(1, slope: 1)),
    reference: { _ in
      Reference(kinks: [-1, 1]) { x in
        x.isNaN ? x : x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4
      } slope: { x in
        orNaN(x, x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2)
      }
    },
    kernel: { _ in Kernel(ck_sparse_plus) }
  )

  static let sparseSigmoid = ElementwiseDefinition(
    "sparse_sigmoid",
    formula: Formula(
      "min(max((x + 1) / 2, 0), 1)", slope: "1/2 for -1 < x < 1", "0 otherwise", errors: ErrorBounds(0.5, slope: 0)),
    reference: { _ in rampReference(end: 1) },
    kernel: { _ in Kernel(ck_sparse_sigmoid) }
  )

  static let pieces = [
    hardTanh, hardSigmoid, hardSigmoidKeras2, hardSilu, hardShrink, softShrink, threshold, sparsePlus, sparseSigmoid,
  ]
}

/// A line from 0 at -end to 1 at end.
private func rampReference(end: Double) -> Reference {
  Reference(kinks: [-end, end]) { x in
    x.isNaN ? x : x <= -end ? 0 : x >= end ? 1 : (x + end) / (2 * end)
  } slope: { x in
    orNaN(x, abs(x) < end ? 1 / (2 * end) : 0)
  }
}

extension Activation {
  /// The identity between -1 and 1: ``hardTanh(minValue:maxValue:)`` with its defaults.
  public static var hardTanh: Self { hardTanh() }

  /// The identity between two values, constant outside: `min(max(x, minValue), maxValue)`.
  ///
  /// - Limits: -∞ gives `minValue`, ∞ gives `maxValue`. NaN gives NaN.
  /// - Slope: 1 from `minValue` to `maxValue`, both included, 0 elsewhere.
  /// - Error: 0.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter minValue: finite. Above `maxValue`, every result is `maxValue` and every slope 0, as with ONNX's Clip.
  /// - Parameter maxValue: finite.
  /// - Reference: Collobert, "Large scale machine learning", 2004.
  public static func hardTanh(minValue: Double = -1, maxValue: Double = 1) -> Self {
    elementwise(.hardTanh, minValue, maxValue)
  }

  /// A sigmoid of three pieces, `relu6(x + 3) / 6`: ``hardSigmoid(alpha:beta:)`` with its defaults.
  public static var hardSigmoid: Self { hardSigmoid() }

  /// A sigmoid of three pieces: `min(max(alpha x + beta, 0), 1)`.
  ///
  /// The defaults are those of Keras 3. An alpha of 0.2 makes it ``hardSigmoidKeras2``, the default of ONNX's
  /// HardSigmoid.
  /// - Limits: -∞ gives 0, ∞ gives 1; with an alpha below 0 the other way round, with 0 both `beta`. NaN gives NaN.
  /// - Slope: alpha where the value lies between 0 and 1, 0 elsewhere and at both kinks.
  /// - Error: at most 1 ulp; slope 0.5. With a beta of 0.5, an alpha of 1/6 or 0.2 stands for that fraction itself.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter alpha: the slope, finite.
  /// - Parameter beta: the value at 0, finite.
  public static func hardSigmoid(alpha: Double = 1.0 / 6, beta: Double = 0.5) -> Self {
    elementwise(.hardSigmoid, alpha, beta)
  }

  /// A sigmoid of three pieces as Keras 2 defined it: `min(max(0.2 x + 0.5, 0), 1)`. For files that old.
  ///
  /// - Limits: -∞ gives 0, ∞ gives 1. NaN gives NaN.
  /// - Slope: 0.2 between -2.5 and 2.5, 0 elsewhere and at both kinks.
  /// - Error: at most 1 ulp; slope 0.5.
  /// - Complexity: O(*n*), one pass.
  /// - Reference: Courbariaux, Bengio, David, arXiv:1511.00363.
  public static var hardSigmoidKeras2: Self { elementwise(.hardSigmoidKeras2) }

  /// Hard swish: `x hardSigmoid(x)`.
  ///
  ///     hardSilu(x) = 0                       for x <= -3
  ///                 = x (x + 3) / 6           for -3 < x < 3
  ///                 = x                       for x >= 3
  ///
  /// - Limits: -∞ gives -0, ∞ gives ∞. NaN gives NaN. The sign of zero is kept.
  /// - Slope: 0 at -3 and 1 at 3.
  /// - Error: at most 1 ulp; slope 2.
  /// - Complexity: O(*n*), one pass.
  /// - Reference: Howard et al., arXiv:1905.02244.
  public static var hardSilu: Self { elementwise(.hardSilu) }

  /// x above a threshold, a constant up to it.
  ///
  ///     threshold(x) = x                      for x > threshold
  ///                  = value                  otherwise
  ///
  /// - Limits: -∞ gives `value`, ∞ gives ∞. NaN gives NaN.
  /// - Slope: 1 above the threshold, 0 elsewhere and at it.
  /// - Error: 0.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter threshold: what x must exceed to pass, finite.
  /// - Parameter value: replaces the others, finite. Keras calls it `default_value`. With 0 it is ONNX's ThresholdedRelu.
  public static func threshold(threshold: Double, value: Double) -> Self {
    elementwise(.threshold, threshold, value)
  }

  /// A softplus of three pieces.
  ///
  ///     sparsePlus(x) = 0                     for x <= -1
  ///                   = (x + 1)² / 4          for -1 < x < 1
  ///                   = x                     for x >= 1
  ///
  /// - Limits: -∞ gives 0, ∞ gives ∞. NaN gives NaN.
  /// - Slope: (x + 1) / 2 between -1 and 1, continuous.
  /// - Error: at most 1 ulp; slope 1.
  /// - Complexity: O(*n*), one pass.
  /// - Reference: Tseng, Xiao, Liu, Chen, arXiv:2303.09278.
  public static var sparsePlus: Self { elementwise(.sparsePlus) }

  /// A sigmoid of three pieces, the slope of ``sparsePlus``: `min(max((x + 1) / 2, 0), 1)`.
  ///
  /// - Limits: -∞ gives 0, ∞ gives 1. NaN gives NaN.
  /// - Slope: 1/2 between -1 and 1, 0 elsewhere and at both kinks.
  /// - Error: at most 0.5 ulp; slope 0.
  /// - Complexity: O(*n*), one pass.
  public static var sparseSigmoid: Self { elementwise(.sparseSigmoid) }

  /// Hard shrinkage: ``hardShrink(threshold:)`` with its default 0.5.
  public static var hardShrink: Self { hardShrink() }

  /// x where it lies further from zero than the threshold, 0 elsewhere.
  ///
  /// - Limits: -∞ gives -∞, ∞ gives ∞. NaN gives NaN.
  /// - Slope: 1 beyond the threshold, 0 elsewhere and at it.
  /// - Error: 0.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter threshold: finite, at least 0.
  public static func hardShrink(threshold: Double = 0.5) -> Self { elementwise(.hardShrink, threshold) }

  /// Soft shrinkage: ``softShrink(threshold:)`` with its default 0.5.
  public static var softShrink: Self { softShrink() }

  /// x brought nearer to zero by the threshold, and 0 where it is not further away.
  ///
  ///     softShrink(x) = x - threshold         for x > threshold
  ///                   = x + threshold         for x < -threshold
  ///                   = 0                     otherwise
  ///
  /// - Limits: -∞ gives -∞, ∞ gives ∞. NaN gives NaN.
  /// - Slope: 1 beyond the threshold, 0 elsewhere and at it.
  /// - Error: at most 0.5 ulp; slope 0.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter threshold: finite, at least 0.
  /// - Reference: Donoho, "De-noising by soft-thresholding", IEEE Transactions on Information Theory 41, 1995.
  public static func softShrink(threshold: Double = 0.5) -> Self { elementwise(.softShrink, threshold) }
}

/// The identity between two values, constant outside; see ``Activation/hardTanh(minValue:maxValue:)``. Integers stay
/// integers.
public func hardTanh<Scalar: RealScalar>(
  _ x: consuming Tensor<Scalar>, minValue: Double = -1, maxValue: Double = 1
) -> Tensor<Scalar> {
  elementwise(x, .hardTanh, minValue, maxValue)
}

/// A sigmoid of three pieces; see ``Activation/hardSigmoid(alpha:beta:)``. Integers are converted to Float first.
///
/// ```swift
/// let x: Tensor<Float> = [-3, 0, 1.5, 3]
/// print(hardSigmoid(x))                         // [0 0.5 0.75 1]
/// print(hardSigmoid(x, alpha: 0.25, beta: 0))   // [0 0 0.375 0.75]
/// ```
public func hardSigmoid<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, alpha: Double = 1.0 / 6, beta: Double = 0.5
) -> Tensor<Scalar.Real> {
  elementwise(x, .hardSigmoid, alpha, beta)
}

/// A sigmoid of three pieces as Keras 2 defined it; see ``Activation/hardSigmoidKeras2``. Integers are converted to Float
/// first.
public func hardSigmoidKeras2<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .hardSigmoidKeras2)
}

/// Hard swish; see ``Activation/hardSilu``. Integers are converted to Float first.
public func hardSilu<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .hardSilu)
}

/// x above a threshold, a constant up to it; see ``Activation/threshold(threshold:value:)``. Integers stay integers.
public func threshold<Scalar: RealScalar>(
  _ x: consuming Tensor<Scalar>, threshold: Double, value: Double
) -> Tensor<Scalar> {
  elementwise(x, .threshold, threshold, value)
}

/// A softplus of three pieces; see ``Activation/sparsePlus``. Integers are converted to Float first.
public func sparsePlus<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .sparsePlus)
}

/// A sigmoid of three pieces; see ``Activation/sparseSigmoid``. Integers are converted to Float first.
public func sparseSigmoid<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .sparseSigmoid)
}

/// Hard shrinkage; see ``Activation/hardShrink(threshold:)``. Integers are converted to Float first.
public func hardShrink<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, threshold: Double = 0.5
) -> Tensor<Scalar.Real> {
  elementwise(x, .hardShrink, threshold)
}

/// Soft shrinkage; see ``Activation/softShrink(threshold:)``. Integers are converted to Float first.
public func softShrink<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, threshold: Double = 0.5
) -> Tensor<Scalar.Real> {
  elementwise(x, .softShrink, threshold)
}
