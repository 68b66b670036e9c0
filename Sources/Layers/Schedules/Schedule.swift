internal import Glibc
import Tensor

/// A learning rate as a function of the step, which is numbered from 0.
///
/// ```swift
/// let constant = Optimizer<Float>.adam(learningRate: 0.001)
/// let falling = Optimizer<Float>.sgd(learningRate: .cosineDecay(initialRate: 0.1, steps: 10_000))
/// ```
public struct Schedule: Hashable, Sendable {
  package let rule: Rule

  package init(_ rule: Rule) { self.rule = rule }

  package enum Rule: Hashable, Sendable {
    case constant(ConstantRate)
    case exponentialDecay(TimeDecay)
    case inverseTimeDecay(TimeDecay)
    case piecewiseConstant(PiecewiseConstantRate)
    case polynomialDecay(PolynomialDecay)
    case cosineDecay(CosineDecay)
    case cosineDecayRestarts(CosineDecayRestarts)
    case custom(CustomSchedule)
  }

  /// Returns the learning rate at a step.
  /// - Precondition: `step` is at least 0.
  public func callAsFunction(_ step: Int) -> Double {
    require(step >= 0, "a schedule at step \(step); allowed: steps of at least 0")
    switch rule {
    case .constant(let constant): return constant.rate
    case .exponentialDecay(let decay): return decay.initialRate * pow(decay.decayRate, decay.periods(at: step))
    case .inverseTimeDecay(let decay): return decay.initialRate / (1 + decay.decayRate * decay.periods(at: step))
    case .piecewiseConstant(let pieces):
      return pieces.values[pieces.boundaries.firstIndex { step <= $0 } ?? pieces.boundaries.count]
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

/// A custom function, compared by identity.
package final class CustomSchedule: EqualByIdentity, Sendable {
  package let name: String
  let function: @Sendable (Int) -> Double

  init(_ name: String, _ function: @escaping @Sendable (Int) -> Double) {
    self.name = name
    self.function = function
  }
}
