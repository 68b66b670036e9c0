import Activations

// Wrong parameters trap with the text that init(named:parameters:) throws. Rates are finite numbers from 0 on, numbers of steps
// are above 0.

extension Schedule {
  /// The same at every step: what a number in source code stands for.
  public static func constant(_ rate: Double) -> Self { Self(checked: "constant", ["learning_rate": .number(rate)]) }

  /// `initialRate · decayRate^(step / steps)`; as a staircase, the exponent is rounded down.
  public static func exponentialDecay(
    initialRate: Double, steps: Int, decayRate: Double, isStaircase: Bool = false
  ) -> Self {
    Self(
      checked: "ExponentialDecay",
      [
        "initial_learning_rate": .number(initialRate), "decay_steps": Configuration(steps),
        "decay_rate": .number(decayRate), "staircase": .flag(isStaircase),
      ])
  }

  /// `initialRate / (1 + decayRate · step / steps)`; as a staircase, the quotient is rounded down.
  public static func inverseTimeDecay(
    initialRate: Double, steps: Int, decayRate: Double, isStaircase: Bool = false
  ) -> Self {
    Self(
      checked: "InverseTimeDecay",
      [
        "initial_learning_rate": .number(initialRate), "decay_steps": Configuration(steps),
        "decay_rate": .number(decayRate), "staircase": .flag(isStaircase),
      ])
  }

  /// The first value up to and including the first boundary, and so on; the last value after the last boundary.
  /// - Parameter values: one rate more than boundaries.
  /// - Parameter boundaries: ascending steps, one less than there are values.
  public static func piecewiseConstant(boundaries: [Int], values: [Double]) -> Self {
    Self(
      checked: "PiecewiseConstantDecay",
      ["boundaries": Configuration(boundaries), "values": .list(values.map { .number($0) })])
  }

  /// From the initial to the final rate in so many steps: `(initialRate - finalRate) · (1 - step / steps)^power + finalRate`.
  /// - Parameter finalRate: the rate at the end.
  /// - Parameter initialRate: the rate at step 0.
  /// - Parameter power: of the polynomial.
  /// - Parameter steps: how many steps the decay takes.
  /// - Parameter isCyclic: whether it begins anew when the steps are over, each time with a longer way to go.
  public static func polynomialDecay(
    initialRate: Double, steps: Int, finalRate: Double = 0.0001, power: Double = 1, isCyclic: Bool = false
  ) -> Self {
    Self(
      checked: "PolynomialDecay",
      [
        "initial_learning_rate": .number(initialRate), "decay_steps": Configuration(steps),
        "end_learning_rate": .number(finalRate), "power": .number(power), "cycle": .flag(isCyclic),
      ])
  }

  /// Half a wave of a cosine from the initial rate to `alpha` times that. With a target, the rate rises to it in a straight
  /// line first, and falls from there.
  /// - Parameter initialRate: the rate at step 0.
  /// - Parameter steps: how many steps the decay takes.
  /// - Parameter warmupSteps: how many steps the rise takes.
  /// - Parameter warmupTarget: the rate after it; none: there is no rise.
  /// - Parameter alpha: from 0 to 1.
  ///
  /// Source: Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts", arXiv:1608.03983.
  public static func cosineDecay(
    initialRate: Double, steps: Int, alpha: Double = 0, warmupTarget: Double? = nil, warmupSteps: Int = 0
  ) -> Self {
    Self(
      checked: "CosineDecay",
      [
        "initial_learning_rate": .number(initialRate), "decay_steps": Configuration(steps), "alpha": .number(alpha),
        "warmup_target": Configuration(warmupTarget), "warmup_steps": Configuration(warmupSteps),
      ])
  }

  /// Cosine decay that begins anew when its steps are over, each time for `lengthFactor` as many steps, from `rateFactor`
  /// times the rate.
  /// - Parameter initialRate: the rate at step 0.
  /// - Parameter firstSteps: how long the first wave is, in steps.
  /// - Parameter rateFactor: what the rate of each further wave is multiplied by.
  /// - Parameter alpha: the rate at the end, as a part of that at the beginning.
  /// - Parameter lengthFactor: from 1 on.
  public static func cosineDecayRestarts(
    initialRate: Double, firstSteps: Int, lengthFactor: Double = 2, rateFactor: Double = 1, alpha: Double = 0
  ) -> Self {
    Self(
      checked: "CosineDecayRestarts",
      [
        "initial_learning_rate": .number(initialRate), "first_decay_steps": Configuration(firstSteps),
        "t_mul": .number(lengthFactor), "m_mul": .number(rateFactor), "alpha": .number(alpha),
      ])
  }

  /// A function of one's own, from the step to the rate. Equal to its copies only.
  public static func custom(_ name: String, _ function: @escaping @Sendable (_ step: Int) -> Double) -> Self {
    Self(rule: .custom(CustomSchedule(name, function)))
  }
}
