internal import CKernels
internal import Glibc
public import Tensor

// Functions with a plateau at one end or both.

extension ElementwiseDefinition {
  static let sigmoid = ElementwiseDefinition(
    "sigmoid", formula: Formula("1 / (1 + e⁻ˣ)", slope: "sigmoid(x) sigmoid(-x)", errors: .smooth),
    reference: { _ in
      Reference(value: { logistic($0) }, slope: { logisticSlope($0) })
    },
    kernel: { _ in Kernel(ck_sigmoid) }
  )

  static let logSigmoid = ElementwiseDefinition(
    "log_sigmoid", aliases: ["logsigmoid"], formula: Formula("-log(1 + e⁻ˣ)", slope: "sigmoid(-x)", errors: .smooth),
    reference: { _ in
      Reference(value: { -logOfOnePlusExponential(-$0) }, slope: { logistic(-$0) })
    },
    kernel: { _ in Kernel(ck_log_sigmoid) }
  )

  static let softplus = ElementwiseDefinition(
    "softplus", [Parameter("beta", 1, .positive)],
    formula: Formula("log(1 + e^(beta x)) / beta", slope: "sigmoid(beta x)", errors: .smooth),
    settings: [[0.3], [1.7]],
    reference: { arguments in
      let beta = arguments.a
      return Reference(value: { logOfOnePlusExponential(beta * $0) / beta }, slope: { logistic(beta * $0) })
    },
    kernel: { $0.a == 1 ? Kernel(ck_softplus) : Kernel(ck_softplus_of_multiple, $0.a) }
  )

  static let softsign = ElementwiseDefinition(
    "softsign", formula: Formula("x / (1 + |x|)", slope: "1 / (1 + |x|)²", errors: .smooth),
    reference: { _ in
      Reference { x in
        x.isInfinite ? (x > 0 ? 1 : -1) : x / (1 + abs(x))
      } slope: { x in
        let quotient = 1 / (1 + abs(x))
        return quotient * quotient
      }
    },
    kernel: { _ in Kernel(ck_softsign) }
  )

  static let tanh = ElementwiseDefinition(
    "tanh", formula: Formula("tanh(x)", slope: "1 - tanh²(x)", errors: .smooth),
    reference: { _ in
      Reference(value: { Glibc.tanh($0) }, slope: { 4 * logisticSlope(2 * $0) })
    },
    kernel: { _ in Kernel(ck_hyperbolic_tangent) }
  )

  static let tanhShrink = ElementwiseDefinition(
    "tanh_shrink", aliases: ["tanhshrink"], formula: Formula("x - tanh(x)", slope: "tanh²(x)", errors: .smooth),
    reference: { _ in
      Reference { x in
        if abs(x) >= 0.5 { return x.isInfinite ? x : x - Glibc.tanh(x) }
        // The difference would cancel.
        let square = x * x
        var sum = 0.0
        // Half of all Floats are so small that few terms are left.
        let first = abs(x) < 0x1p-6 ? taylorOfShrink.count - 6 : 0
        for i in first..<taylorOfShrink.count { sum = sum * square + taylorOfShrink[i] }
        return x * square * sum
      } slope: { x in
        let tangent = Glibc.tanh(x)
        return tangent * tangent
      }
    },
    kernel: { _ in Kernel(ck_tanh_shrink) }
  )

  static let squareplus = ElementwiseDefinition(
    "squareplus", [Parameter("b", 4, .nonnegative)],
    formula: Formula("(x + √(x² + b)) / 2", slope: "(1 + x / √(x² + b)) / 2", errors: .smooth),
    settings: [[0.3], [1.7]],
    reference: { arguments in
      let b = arguments.a
      // Squares of Floats neither overflow nor underflow in Double.
      return Reference { x in
        let root = (x * x + b).squareRoot()
        return x < 0 ? b / (2 * (root - x)) : (x + root) / 2
      } slope: { x in
        if x.isInfinite { return x > 0 ? 1 : 0 }
        let root = (x * x + b).squareRoot()
        return x < 0 ? b / (2 * root * (root - x)) : (1 + x / root) / 2
      }
    },
    kernel: { Kernel(ck_squareplus, $0.a) }
  )

  static let sigmoids = [sigmoid, logSigmoid, softplus, softsign, tanh, tanhShrink, squareplus]
}

/// The coefficients of x³, x⁵, … in x - tanh(x), the last first, from tanh′ = 1 - tanh².
private let taylorOfShrink: [Double] = {
  var tangent = [1.0]  // those of x, x³, …
  for n in 1..<26 {
    var convolution = 0.0
    for k in 0..<n { convolution += tangent[k] * tangent[n - 1 - k] }
    tangent.append(-convolution / Double(2 * n + 1))
  }
  return tangent.dropFirst().map { -$0 }.reversed()
}()

extension Activation {
  /// The logistic function: `1 / (1 + e⁻ˣ)`.
  ///
  /// It is the first of the two probabilities `softmax([x, 0])`.
  /// - Limits: -∞ gives 0, ∞ gives 1. NaN gives NaN. Small results are subnormal, not 0.
  /// - Slope: `sigmoid(x) sigmoid(-x)`, computed so that its digits survive where the value is 1.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4.
  /// - Complexity: O(*n*), one pass.
  public static var sigmoid: Self { elementwise(.sigmoid) }

  /// The logarithm of the logistic function: `-log(1 + e⁻ˣ)`.
  ///
  /// - Limits: -∞ gives -∞, ∞ gives -0. NaN gives NaN.
  /// - Slope: `sigmoid(-x)`.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4.
  /// - Complexity: O(*n*), one pass.
  public static var logSigmoid: Self { elementwise(.logSigmoid) }

  /// A smooth rectifier: ``softplus(beta:)`` with its default 1.
  public static var softplus: Self { softplus() }

  /// A smooth rectifier: `log(1 + e^(beta x)) / beta`.
  ///
  /// - Limits: -∞ gives 0, ∞ gives ∞. NaN gives NaN. There is no threshold from which on it is the identity.
  /// - Slope: `sigmoid(beta x)`.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter beta: how sharp the bend is, a normal number above 0. PyTorch has it, Keras does not.
  /// - Reference: Dugas, Bengio, Bélisle, Nadeau, Garcia, NIPS 2000.
  public static func softplus(beta: Double = 1) -> Self { elementwise(.softplus, beta) }

  /// `x / (1 + |x|)`
  ///
  /// - Limits: -∞ gives -1, ∞ gives 1. NaN gives NaN. The sign of zero is kept.
  /// - Slope: `1 / (1 + |x|)²`.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4.
  /// - Complexity: O(*n*), one pass.
  public static var softsign: Self { elementwise(.softsign) }

  /// The hyperbolic tangent.
  ///
  /// - Limits: -∞ gives -1, ∞ gives 1. NaN gives NaN. The sign of zero is kept.
  /// - Slope: `1 - tanh²(x)`, computed so that its digits survive where the value is 1.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4.
  /// - Complexity: O(*n*), one pass.
  public static var tanh: Self { elementwise(.tanh) }

  /// `x - tanh(x)`
  ///
  /// - Limits: -∞ gives -∞, ∞ gives ∞. NaN gives NaN. Results near zero keep their digits.
  /// - Slope: `tanh²(x)`.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4.
  /// - Complexity: O(*n*), one pass.
  public static var tanhShrink: Self { elementwise(.tanhShrink) }

  /// A smooth rectifier without exponentials: ``squareplus(b:)`` with its default 4.
  public static var squareplus: Self { squareplus() }

  /// A smooth rectifier without exponentials: `(x + √(x² + b)) / 2`.
  ///
  /// - Limits: -∞ gives 0, ∞ gives ∞. NaN gives NaN. There is no overflow of x².
  /// - Slope: `(1 + x / √(x² + b)) / 2`, at zero 1/2, of `b` 0 too.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter b: how round the bend is, finite, at least 0.
  /// - Reference: Barron, arXiv:2112.11687.
  public static func squareplus(b: Double = 4) -> Self { elementwise(.squareplus, b) }
}

/// The logistic function; see ``Activation/sigmoid``. Integers are converted to Float first.
public func sigmoid<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .sigmoid)
}

/// The logarithm of the logistic function; see ``Activation/logSigmoid``. Integers are converted to Float first.
public func logSigmoid<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .logSigmoid)
}

/// A smooth rectifier; see ``Activation/softplus(beta:)``. Integers are converted to Float first.
public func softplus<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>, beta: Double = 1) -> Tensor<Scalar.Real> {
  elementwise(x, .softplus, beta)
}

/// `x / (1 + |x|)`; see ``Activation/softsign``. Integers are converted to Float first.
///
/// ```swift
/// print(softsign(Tensor<Float>([-1, 0, 1])))    // [-0.5 0 0.5]
/// ```
public func softsign<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .softsign)
}

/// The hyperbolic tangent; see ``Activation/tanh``. Integers are converted to Float first.
public func tanh<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .tanh)
}

/// `x - tanh(x)`; see ``Activation/tanhShrink``. Integers are converted to Float first.
public func tanhShrink<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .tanhShrink)
}

/// A smooth rectifier without exponentials; see ``Activation/squareplus(b:)``. Integers are converted to Float first.
public func squareplus<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>, b: Double = 4) -> Tensor<Scalar.Real> {
  elementwise(x, .squareplus, b)
}
