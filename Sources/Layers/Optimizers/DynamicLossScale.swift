import Tensor

/// A factor of losses that grows while gradients are finite, so that small gradients do not underflow in low precision.
///
/// ```swift
/// let optimizer: Optimizer<Float> = .adam().with(dynamicLossScale: DynamicLossScale())
/// ```
///
/// A step with a gradient that is not finite changes no weight and halves the factor; after the given number of other
/// steps it is doubled.
public struct DynamicLossScale: Hashable, Sendable {
  /// The initial factor.
  public let initialScale: Double
  /// The number of consecutive steps with finite gradients after which the factor is doubled.
  public let growthSteps: Int

  /// Creates a dynamic loss scale.
  /// - Precondition: `initialScale` is finite and greater than 0, and `growthSteps` is at least 1.
  public init(initialScale: Double = 32_768, growthSteps: Int = 2000) {
    require(
      NumberRange.positive.contains(initialScale),
      "a loss scale's initialScale is \(initialScale); allowed: \(NumberRange.positive)")
    require(growthSteps >= 1, "a loss scale's growthSteps are \(growthSteps); allowed: integers of at least 1")
    self.initialScale = initialScale
    self.growthSteps = growthSteps
  }
}

extension DynamicLossScale: CustomStringConvertible {
  /// The value as source code: `DynamicLossScale(growthSteps: 100)`.
  public var description: String {
    let arguments = ArgumentList().adding("initialScale", initialScale, unless: 32_768)
      .adding("growthSteps", growthSteps, unless: 2000)
    return "DynamicLossScale(\(arguments))"
  }
}
