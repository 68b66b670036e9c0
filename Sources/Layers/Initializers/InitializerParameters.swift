// The initializers that have parameters, except those of VarianceScaling.swift.

package struct NormalDistribution: Parameterized {
  package var mean = 0.0
  package var standardDeviation = 0.05

  package static var parameters: [Parameter<Self>] {
    [.number("mean", \.mean), .number("standardDeviation", \.standardDeviation, .nonnegative)]
  }
}

package struct UniformDistribution: Parameterized {
  package var low = -0.05
  package var high = 0.05

  package static var parameters: [Parameter<Self>] { [.number("low", \.low), .number("high", \.high)] }

  package func contradiction(largestNumber: Double) -> ParameterMistake<Self>? {
    guard low <= high else {
      return ParameterMistake(\.low, "\(low)") { name in "numbers up to \(name(\.high)), which is \(high)" }
    }
    guard high - low <= largestNumber else {
      return ParameterMistake(\.high, "\(high)") { name in
        "numbers at most \(largestNumber) above \(name(\.low)), which is \(low)"
      }
    }
    return nil
  }
}

/// The factor of a matrix.
package struct Gain: Parameterized {
  package var gain = 1.0

  package static var parameters: [Parameter<Self>] { [.number("gain", \.gain)] }
}

package struct ConstantValue: Parameterized {
  package var value = 0.0

  package static var parameters: [Parameter<Self>] { [.number("value", \.value)] }
}
