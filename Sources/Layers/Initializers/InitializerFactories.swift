public import Tensor

// Invalid parameters stop the program.

extension Initializer {
  /// 0 everywhere: the default for biases.
  public static var zeros: Self { Self(.zeros) }

  /// 1 everywhere.
  public static var ones: Self { Self(.ones) }

  /// One number everywhere, which must be finite.
  public static func constant(_ value: Double = 0) -> Self { Self(checked: .constant(ConstantValue(value: value))) }

  /// Zeros that take no memory, until ``original`` is set again.
  var placeholder: Self { Self(.placeholder(rule)) }
  var original: Self { if case .placeholder(let rule) = rule { Self(rule) } else { self } }

  /// Given values, for a weight of their shape. Shares their memory until one of the two is written to.
  public static func values(_ values: Tensor<Scalar>) -> Self { Self(.values(values)) }

  /// Glorot's uniform distribution: ±√(6 / (inputs + outputs)). The default for kernels.
  /// Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
  public static var glorotUniform: Self { Self(.fanScaling(FanScaling(.glorotUniform))) }

  /// Glorot's normal distribution: variance 2 / (inputs + outputs), cut off at 2 standard deviations.
  public static var glorotNormal: Self { Self(.fanScaling(FanScaling(.glorotNormal))) }

  /// He's uniform distribution, for relu: ±√(6 / inputs).
  /// Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers", arXiv:1502.01852.
  public static var heUniform: Self { Self(.fanScaling(FanScaling(.heUniform))) }

  /// He's normal distribution, for relu: variance 2 / inputs, cut off at 2 standard deviations.
  public static var heNormal: Self { Self(.fanScaling(FanScaling(.heNormal))) }

  /// LeCun's uniform distribution: ±√(3 / inputs).
  /// Source: LeCun, Bottou, Orr, Müller, "Efficient backprop", 1998.
  public static var lecunUniform: Self { Self(.fanScaling(FanScaling(.lecunUniform))) }

  /// LeCun's normal distribution, for selu: variance 1 / inputs, cut off at 2 standard deviations.
  /// Source: Klambauer, Unterthiner, Mayr, Hochreiter, "Self-normalizing neural networks", arXiv:1706.02515.
  public static var lecunNormal: Self { Self(.fanScaling(FanScaling(.lecunNormal))) }

  /// A distribution with the variance `scale` / n, where n counts inputs or outputs. Those of a kernel [..., inputs,
  /// outputs] are multiplied by the lengths of the axes before. For a weight of rank 1, both are its length.
  ///
  /// The truncated normal distribution is cut off at two standard deviations, and scaled so that it has the variance
  /// afterwards.
  /// - Parameter scale: above 0.
  /// - Parameter mode: the divisor n of the variance.
  /// - Parameter distribution: the kind of distribution.
  /// - Parameter inputAxes: with `outputAxes`, the kernel's axes that count inputs instead; their lengths are
  ///   multiplied.
  /// - Parameter outputAxes: the kernel's axes that count outputs.
  public static func varianceScaling(
    scale: Double = 1, mode: VarianceScalingMode = .fanIn,
    distribution: VarianceScalingDistribution = .truncatedNormal, inputAxes: [Int]? = nil, outputAxes: [Int]? = nil
  ) -> Self {
    Self(
      checked: .varianceScaling(
        VarianceScaling(
          scale: scale, mode: mode, distribution: distribution, inputAxes: inputAxes, outputAxes: outputAxes)))
  }

  /// A normal distribution. The standard deviation is at least 0.
  public static func randomNormal(mean: Double = 0, standardDeviation: Double = 0.05) -> Self {
    Self(checked: .normal(NormalDistribution(mean: mean, standardDeviation: standardDeviation)))
  }

  /// A normal distribution in which numbers more than two standard deviations from the mean are drawn again: the
  /// standard deviation becomes 0.88 of the given one.
  public static func truncatedNormal(mean: Double = 0, standardDeviation: Double = 0.05) -> Self {
    Self(checked: .truncatedNormal(NormalDistribution(mean: mean, standardDeviation: standardDeviation)))
  }

  /// A uniform distribution.
  public static func randomUniform(in range: Range<Double> = -0.05..<0.05) -> Self {
    Self(checked: .uniform(UniformDistribution(low: range.lowerBound, high: range.upperBound)))
  }

  /// A random orthogonal matrix, from the uniform distribution. The axes before the last are taken as rows; rows or
  /// columns, whichever are fewer, are orthonormal, times `gain`. The rank is 2 or more.
  /// - Complexity: O(m n min(m, n)), by LAPACK's QR decomposition.
  ///
  /// Source: Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
  /// networks", arXiv:1312.6120.
  public static func orthogonal(gain: Double = 1) -> Self { Self(checked: .orthogonal(Gain(gain: gain))) }

  /// ``orthogonal(gain:)`` with the gain 1.
  public static var orthogonal: Self { Self(.orthogonal(Gain())) }

  /// `gain` on the diagonal and 0 elsewhere. The rank is 2; the matrix need not be square.
  public static func identity(gain: Double = 1) -> Self { Self(checked: .identity(Gain(gain: gain))) }

  /// ``identity(gain:)`` with the gain 1.
  public static var identity: Self { Self(.identity(Gain())) }

  /// A custom function from a shape to a tensor of that shape. It equals only its copies.
  public static func custom(
    _ name: String,
    _ function: @escaping @Sendable (_ shape: [Int], _ generator: inout PhiloxGenerator) -> Tensor<Scalar>
  ) -> Self {
    Self(.custom(CustomInitializer(name, function)))
  }

  /// For source code: invalid parameters stop the program.
  private init(checked rule: Rule) { self.init(rule.checked(largestNumber: Scalar.largestNumber)) }
}
