// Invalid parameters stop the program. Rates are finite and at least 0, numbers of steps are above 0.

extension Schedule {
  /// The same rate at every step, which a numeric literal stands for.
  public static func constant(_ rate: Double) -> Self { Self(checked: .constant(ConstantRate(rate: rate))) }

  /// `initialRate · decayRate^(step / steps)`; as a staircase, the exponent is rounded down.
  public static func exponentialDecay(
    initialRate: Double, steps: Int, decayRate: Double, isStaircase: Bool = false
  ) -> Self {
    Self(
      checked: .exponentialDecay(
        TimeDecay(initialRate: initialRate, steps: Double(steps), decayRate: decayRate, isStaircase: isStaircase)))
  }

  /// `initialRate / (1 + decayRate · step / steps)`; as a staircase, the quotient is rounded down.
  public static func inverseTimeDecay(
    initialRate: Double, steps: Int, decayRate: Double, isStaircase: Bool = false
  ) -> Self {
    Self(
      checked: .inverseTimeDecay(
        TimeDecay(initialRate: initialRate, steps: Double(steps), decayRate: decayRate, isStaircase: isStaircase)))
  }

  /// The first value up to and including the first boundary, and so on; the last value after the last boundary.
  /// - Parameter boundaries: steps in ascending order, one fewer than there are values.
  /// - Parameter values: the rates, one more than boundaries.
  public static func piecewiseConstant(boundaries: [Int], values: [Double]) -> Self {
    Self(checked: .piecewiseConstant(PiecewiseConstantRate(boundaries: boundaries, values: values)))
  }

  /// Decays from the initial to the final rate in a number of steps: `(initialRate - finalRate) · (1 - step /
  /// steps)^power + finalRate`.
  /// - Parameter initialRate: the rate at step 0.
  /// - Parameter steps: the number of steps of the decay.
  /// - Parameter finalRate: the rate at the end.
  /// - Parameter power: the exponent.
  /// - Parameter isCyclic: whether the decay starts again after the last step, each time over more steps.
  public static func polynomialDecay(
    initialRate: Double, steps: Int, finalRate: Double = 0.0001, power: Double = 1, isCyclic: Bool = false
  ) -> Self {
    Self(
      checked: .polynomialDecay(
        PolynomialDecay(
          initialRate: initialRate, steps: Double(steps), finalRate: finalRate, power: power, isCyclic: isCyclic)))
  }

  /// Decays along half a cosine wave from the initial rate to `alpha` times that. With a target, the rate first rises
  /// linearly to it, and falls from there.
  /// - Parameter initialRate: the rate at step 0.
  /// - Parameter steps: the number of steps of the decay.
  /// - Parameter alpha: the rate at the end as a fraction of the highest rate, in 0...1.
  /// - Parameter warmupTarget: the rate after the rise; `nil` for no rise.
  /// - Parameter warmupSteps: the number of steps of the rise.
  ///
  /// Source: Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts", arXiv:1608.03983.
  public static func cosineDecay(
    initialRate: Double, steps: Int, alpha: Double = 0, warmupTarget: Double? = nil, warmupSteps: Int = 0
  ) -> Self {
    Self(
      checked: .cosineDecay(
        CosineDecay(
          initialRate: initialRate, steps: Double(steps), alpha: alpha, warmupTarget: warmupTarget,
          warmupSteps: Double(warmupSteps))))
  }

  /// A cosine decay that starts again after its last step, each time with `lengthFactor` times as many steps, from
  /// `rateFactor` times the rate.
  /// - Parameter initialRate: the rate at step 0.
  /// - Parameter firstSteps: the number of steps of the first decay.
  /// - Parameter lengthFactor: the ratio of the lengths of successive decays; at least 1.
  /// - Parameter rateFactor: the factor of the initial rate of each further decay.
  /// - Parameter alpha: the rate at the end as a fraction of the initial rate.
  public static func cosineDecayRestarts(
    initialRate: Double, firstSteps: Int, lengthFactor: Double = 2, rateFactor: Double = 1, alpha: Double = 0
  ) -> Self {
    Self(
      checked: .cosineDecayRestarts(
        CosineDecayRestarts(
          initialRate: initialRate, firstSteps: Double(firstSteps), lengthFactor: lengthFactor,
          rateFactor: rateFactor, alpha: alpha)))
  }

  /// A custom function from the step to the rate. It equals only its copies.
  public static func custom(_ name: String, _ function: @escaping @Sendable (_ step: Int) -> Double) -> Self {
    Self(.custom(CustomSchedule(name, function)))
  }

  /// For source code: invalid parameters stop the program.
  private init(checked rule: Rule) { self.init(rule.checked()) }
}
