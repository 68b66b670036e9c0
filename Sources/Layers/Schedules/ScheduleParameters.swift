internal import Glibc

// The schedules and their parameters. Steps are numbers of steps, above 0.

package struct ConstantRate: Parameterized {
  package var rate: Double

  package static var parameters: [Parameter<Self>] { [.number("rate", \.rate, .nonnegative)] }
}

/// The common parameters of two schedules that decay by a rate per number of steps.
package struct TimeDecay: Parameterized {
  package var initialRate = 0.0
  package var steps = 0.0
  package var decayRate = 0.0
  package var isStaircase = false

  package static var parameters: [Parameter<Self>] {
    [
      .number("initialRate", \.initialRate, .nonnegative), .number("steps", \.steps, .positive),
      .number("decayRate", \.decayRate, .nonnegative), .any("isStaircase", \.isStaircase),
    ]
  }

  func periods(at step: Int) -> Double {
    let periods = Double(step) / steps
    return isStaircase ? periods.rounded(.down) : periods
  }
}

package struct PiecewiseConstantRate: Parameterized {
  package var boundaries: [Int] = []
  /// The rates, one more than boundaries.
  package var values: [Double] = []

  package static var parameters: [Parameter<Self>] {
    [.any("boundaries", \.boundaries), .numbers("values", \.values, .nonnegative)]
  }

  package func contradiction(largestNumber: Double) -> ParameterMistake<Self>? {
    guard values.count == boundaries.count + 1 else {
      return ParameterMistake(\.values, "\(values)") { name in
        "lists of one number more than there are \(name(\.boundaries)), which are \(boundaries)"
      }
    }
    guard zip(boundaries, boundaries.dropFirst()).allSatisfy({ $0 < $1 }) else {
      return ParameterMistake(\.boundaries, "\(boundaries)") { _ in "ascending lists" }
    }
    return nil
  }
}

package struct PolynomialDecay: Parameterized {
  package var initialRate = 0.0
  package var steps = 0.0
  package var finalRate = 0.0001
  package var power = 1.0
  package var isCyclic = false

  package static var parameters: [Parameter<Self>] {
    [
      .number("initialRate", \.initialRate, .nonnegative), .number("steps", \.steps, .positive),
      .number("finalRate", \.finalRate, .nonnegative), .number("power", \.power, .nonnegative),
      .any("isCyclic", \.isCyclic),
    ]
  }

  func callAsFunction(_ step: Double) -> Double {
    let end = isCyclic ? steps * max(1, (step / steps).rounded(.up)) : steps
    return (initialRate - finalRate) * pow(1 - min(step, end) / end, power) + finalRate
  }
}

package struct CosineDecay: Parameterized {
  package var initialRate = 0.0
  package var steps = 0.0
  package var alpha = 0.0
  package var warmupTarget: Double?
  package var warmupSteps = 0.0

  package static var parameters: [Parameter<Self>] {
    [
      .number("initialRate", \.initialRate, .nonnegative), .number("steps", \.steps, .positive),
      .number("alpha", \.alpha, .closedUnit), .number("warmupTarget", \.warmupTarget, .nonnegative),
      .number("warmupSteps", \.warmupSteps, .nonnegative),
    ]
  }

  func callAsFunction(_ step: Double) -> Double {
    guard let warmupTarget else { return decayed(initialRate, min(step, steps)) }
    if step < warmupSteps { return (warmupTarget - initialRate) * (step / warmupSteps) + initialRate }
    return decayed(warmupTarget, min(step - warmupSteps, steps))
  }

  private func decayed(_ rate: Double, _ step: Double) -> Double {
    rate * ((1 - alpha) * 0.5 * (1 + cos(.pi * step / steps)) + alpha)
  }
}

package struct CosineDecayRestarts: Parameterized {
  package var initialRate = 0.0
  package var firstSteps = 0.0
  package var lengthFactor = 2.0
  package var rateFactor = 1.0
  package var alpha = 0.0

  package static var parameters: [Parameter<Self>] {
    [
      .number("initialRate", \.initialRate, .nonnegative), .number("firstSteps", \.firstSteps, .positive),
      .number("lengthFactor", \.lengthFactor, .fromOne), .number("rateFactor", \.rateFactor, .nonnegative),
      .number("alpha", \.alpha, .closedUnit),
    ]
  }

  func callAsFunction(_ step: Double) -> Double {
    var fraction = step / firstSteps
    let restart: Double
    if lengthFactor == 1 {
      restart = fraction.rounded(.down)
      fraction -= restart
    } else {
      restart = (log(1 - fraction * (1 - lengthFactor)) / log(lengthFactor)).rounded(.down)
      let length = pow(lengthFactor, restart)
      fraction = (fraction - (1 - length) / (1 - lengthFactor)) / length
    }
    let cosine = 0.5 * pow(rateFactor, restart) * (1 + cos(.pi * fraction))
    return initialRate * ((1 - alpha) * cosine + alpha)
  }
}
