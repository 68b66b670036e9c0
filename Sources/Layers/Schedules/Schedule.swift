import Activations
internal import Glibc
import Tensor

/// A learning rate as a function of the step, which is counted from 0.
///
/// ```swift
/// let constant = Optimizer<Float>.adam(learningRate: 0.001)
/// let falling = Optimizer<Float>.sgd(learningRate: .cosineDecay(initialRate: 0.1, steps: 10_000))
/// ```
public struct Schedule: Configurable {
  let rule: Rule

  enum Rule: Hashable, Sendable {
    case constant(Double)
    case exponentialDecay(TimeDecay)
    case inverseTimeDecay(TimeDecay)
    case piecewiseConstant(boundaries: [Int], values: [Double])
    case polynomialDecay(PolynomialDecay)
    case cosineDecay(CosineDecay)
    case cosineDecayRestarts(CosineDecayRestarts)
    case custom(CustomSchedule)
  }

  /// The learning rate at a step. Traps for a negative one.
  public func callAsFunction(_ step: Int) -> Double {
    require(step >= 0, "a schedule at step \(step), allowed are steps from 0 on")
    switch rule {
    case .constant(let rate): return rate
    case .exponentialDecay(let decay): return decay.initialRate * pow(decay.rate, decay.periods(at: step))
    case .inverseTimeDecay(let decay): return decay.initialRate / (1 + decay.rate * decay.periods(at: step))
    case .piecewiseConstant(let boundaries, let values):
      return values[boundaries.firstIndex { step <= $0 } ?? boundaries.count]
    case .polynomialDecay(let decay): return decay(Double(step))
    case .cosineDecay(let decay): return decay(Double(step))
    case .cosineDecayRestarts(let decay): return decay(Double(step))
    case .custom(let schedule): return schedule.function(step)
    }
  }
}

extension Schedule: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral rate: Double) { self = .constant(rate) }
  public init(integerLiteral rate: Int) { self = .constant(Double(rate)) }
}

/// What two schedules have in common that decay by a rate each so many steps.
struct TimeDecay: Hashable, Sendable {
  let initialRate, steps, rate: Double
  let isStaircase: Bool

  func periods(at step: Int) -> Double {
    let periods = Double(step) / steps
    return isStaircase ? periods.rounded(.down) : periods
  }
}

struct PolynomialDecay: Hashable, Sendable {
  let initialRate, steps, finalRate, power: Double
  let isCyclic: Bool

  func callAsFunction(_ step: Double) -> Double {
    let end = isCyclic ? steps * max(1, (step / steps).rounded(.up)) : steps
    return (initialRate - finalRate) * pow(1 - min(step, end) / end, power) + finalRate
  }
}

struct CosineDecay: Hashable, Sendable {
  let initialRate, steps, alpha: Double
  let warmupTarget: Double?
  let warmupSteps: Double

  func callAsFunction(_ step: Double) -> Double {
    guard let warmupTarget else { return decayed(initialRate, min(step, steps)) }
    if step < warmupSteps { return (warmupTarget - initialRate) * (step / warmupSteps) + initialRate }
    return decayed(warmupTarget, min(step - warmupSteps, steps))
  }

  private func decayed(_ rate: Double, _ step: Double) -> Double {
    rate * ((1 - alpha) * 0.5 * (1 + cos(.pi * step / steps)) + alpha)
  }
}

struct CosineDecayRestarts: Hashable, Sendable {
  let initialRate, firstSteps, lengthFactor, rateFactor, alpha: Double

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

/// A function of one's own. Equal by identity.
final class CustomSchedule: Hashable, Sendable {
  let name: String
  let function: @Sendable (Int) -> Double

  init(_ name: String, _ function: @escaping @Sendable (Int) -> Double) {
    self.name = name
    self.function = function
  }

  static func == (first: CustomSchedule, second: CustomSchedule) -> Bool { first === second }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
