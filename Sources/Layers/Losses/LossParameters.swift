// The losses that have parameters.

package struct HuberLoss: Parameterized {
  package var delta = 1.0

  package static var parameters: [Parameter<Self>] { [.number("delta", \.delta, .positive)] }
}

/// Binary and categorical crossentropy.
package struct CrossentropyLoss: Parameterized {
  package var fromLogits = false
  package var labelSmoothing = 0.0

  package static var parameters: [Parameter<Self>] {
    [.any("fromLogits", \.fromLogits), .number("labelSmoothing", \.labelSmoothing, .closedUnit)]
  }
}

/// Crossentropy of class numbers.
package struct ClassCrossentropyLoss: Parameterized {
  package var fromLogits = false
  package var ignoredClass: Int?

  package static var parameters: [Parameter<Self>] {
    [
      .any("fromLogits", \.fromLogits),
      .integer("ignoredClass", \.ignoredClass, Int(Int32.min)...Int.greatestCount),
    ]
  }
}

/// Categorical focal crossentropy.
package struct FocalLoss: Parameterized {
  package var alpha = 0.25
  package var gamma = 2.0
  package var fromLogits = false
  package var labelSmoothing = 0.0

  package static var parameters: [Parameter<Self>] {
    [
      .number("alpha", \.alpha, .closedUnit), .number("gamma", \.gamma, .nonnegative), .any("fromLogits", \.fromLogits),
      .number("labelSmoothing", \.labelSmoothing, .closedUnit),
    ]
  }
}

package struct BinaryFocalLoss: Parameterized {
  /// Whether ones are weighted by alpha and zeros by 1 - alpha; otherwise, both count once.
  package var applyClassBalancing = false
  package var focus = FocalLoss()

  package static var parameters: [Parameter<Self>] {
    [
      .any("applyClassBalancing", \.applyClassBalancing), .number("alpha", \.focus.alpha, .closedUnit),
      .number("gamma", \.focus.gamma, .nonnegative), .any("fromLogits", \.focus.fromLogits),
      .number("labelSmoothing", \.focus.labelSmoothing, .closedUnit),
    ]
  }
}

package struct GeneralizedCrossentropyLoss: Parameterized {
  package var q = 0.5

  package static var parameters: [Parameter<Self>] { [.number("q", \.q, .openUnit)] }
}

/// A loss along the last axis, without parameters.
package struct LastAxis: Parameterized {
  package static var parameters: [Parameter<Self>] { [] }
}

package struct DiceLoss: Parameterized {
  /// Those that are summed over; none: all.
  package var axes: [Int]?

  package static var parameters: [Parameter<Self>] { [.any("axis", \.axes)] }
}

package struct TverskyLoss: Parameterized {
  package var alpha = 0.5
  package var beta = 0.5
  /// Those that are summed over; none: all.
  package var axes: [Int]?

  package static var parameters: [Parameter<Self>] {
    [.number("alpha", \.alpha, .nonnegative), .number("beta", \.beta, .nonnegative), .any("axis", \.axes)]
  }
}
