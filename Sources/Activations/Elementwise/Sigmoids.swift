public import Tensor

// Functions with a plateau at one end or both.

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
