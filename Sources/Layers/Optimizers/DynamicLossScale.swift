import Tensor

/// A factor of losses that grows as long as gradients are finite: small gradients then do not vanish where they are computed in few
/// bits.
///
/// ```swift
/// let optimizer: Optimizer<Float> = .adam().with(dynamicLossScale: DynamicLossScale())
/// ```
///
/// A step with a gradient that is not finite changes no weight and halves the factor; after so many others it is doubled.
public struct DynamicLossScale: Hashable, Sendable {
  /// What the factor begins with.
  public let initialScale: Double
  /// After how many steps in a row that have changed weights it is doubled.
  public let growthSteps: Int

  /// Traps unless the factor is above 0 and the steps are 1 or more.
  public init(initialScale: Double = 32_768, growthSteps: Int = 2000) {
    require(
      NumberRange.positive.contains(initialScale),
      "a loss scale's initialScale is \(initialScale), allowed are \(NumberRange.positive)")
    require(growthSteps >= 1, "a loss scale's growthSteps are \(growthSteps), allowed are integers from 1 on")
    self.initialScale = initialScale
    self.growthSteps = growthSteps
  }
}

extension DynamicLossScale: CustomStringConvertible {
  /// As it is written: `DynamicLossScale(growthSteps: 100)`.
  public var description: String {
    let arguments = ArgumentList().adding("initialScale", initialScale, unless: 32_768)
      .adding("growthSteps", growthSteps, unless: 2000)
    return "DynamicLossScale(\(arguments))"
  }
}
