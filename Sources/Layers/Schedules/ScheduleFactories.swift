// Wrong parameters trap. Rates are finite numbers from 0 on, numbers of steps are above 0.

extension Schedule {
  /// The same at every step: what a number in source code stands for.
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
  /// - Parameter boundaries: ascending steps, one less than there are values.
  /// - Parameter values: one rate more than boundaries.
  public static func piecewiseConstant(boundaries: [Int], values: [Double]) -> Self {
    Self(checked: .piecewiseConstant(PiecewiseConstantRate(boundaries: boundaries, values: values)))
  }

  /// From the initial to the final rate in so many steps: `(initialRate - finalRate) · (1 - step / steps)^power + finalRate`.
  /// - Parameter initialRate: the rate at step 0.
  /// - Parameter steps: how many steps the decay takes.
  /// - Parameter finalRate: the rate at the end.
  /// - Parameter power: of the polynomial.
  /// - Parameter isCyclic: whether it begins anew when the steps are over, each time with a longer way to go.
  public static func polynomialDecay(
    initialRate: Double, steps: Int, finalRate: Double = 0.0001, power: Double = 1, isCyclic: Bool = false
  ) -> Self {
    Self(
      checked: .polynomialDecay(
        PolynomialDecay(
          initialRate: initialRate, steps: Double(steps), finalRate: finalRate, power: power, isCyclic: isCyclic)))
  }

  /// Half a wave of a cosine from the initial rate to `alpha` times that. With a target, the rate rises to it in a straight
  /// line first, and falls from there.
  /// - Parameter initialRate: the rate at step 0.
  /// - Parameter steps: how many steps the decay takes.
  /// - Parameter alpha: from 0 to 1.
  /// - Parameter warmupTarget: the rate after it; none: there is no rise.
  /// - Parameter warmupSteps: how many steps the rise takes.
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

  /// Cosine decay that begins anew when its steps are over, each time for `lengthFactor` as many steps, from `rateFactor`
  /// times the rate.
  /// - Parameter initialRate: the rate at step 0.
  /// - Parameter firstSteps: how long the first wave is, in steps.
  /// - Parameter lengthFactor: from 1 on.
  /// - Parameter rateFactor: what the rate of each further wave is multiplied by.
  /// - Parameter alpha: the rate at the end, as a part of that at the beginning.
  public static func cosineDecayRestarts(
    initialRate: Double, firstSteps: Int, lengthFactor: Double = 2, rateFactor: Double = 1, alpha: Double = 0
  ) -> Self {
    Self(
      checked: .cosineDecayRestarts(
        CosineDecayRestarts(
          initialRate: initialRate, firstSteps: Double(firstSteps), lengthFactor: lengthFactor,
          rateFactor: rateFactor, alpha: alpha)))
  }

  /// A function of one's own, from the step to the rate. Equal to its copies only.
  public static func custom(_ name: String, _ function: @escaping @Sendable (_ step: Int) -> Double) -> Self {
    Self(.custom(CustomSchedule(name, function)))
  }

  /// For source code: parameters that are not allowed stop the program.
  private init(checked rule: Rule) { self.init(rule.checked()) }
}
