import Tensor

/// A distribution whose variance depends on the numbers of a weight's inputs and outputs.
package struct VarianceScaling: Parameterized {
  package var scale = 1.0
  package var mode = VarianceScalingMode.fanIn
  package var distribution = VarianceScalingDistribution.truncatedNormal
  package var inputAxes: [Int]?
  package var outputAxes: [Int]?

  package static var parameters: [Parameter<Self>] {
    [
      .number("scale", \.scale, .positive), .any("mode", \.mode), .any("distribution", \.distribution),
      .any("inputAxes", \.inputAxes), .any("outputAxes", \.outputAxes),
    ]
  }

  /// The variance of a uniform distribution is a third of its limit's square.
  package func contradiction(largestNumber: Double) -> ParameterMistake<Self>? {
    if scale <= largestNumber / 3 { return nil }
    return ParameterMistake(\.scale, "\(scale)") { _ in "numbers above 0, up to \(largestNumber / 3)" }
  }

  /// A description of the shapes that have such axes if `shape` is not one of them.
  func mismatch(with shape: [Int], _ name: String) -> String? {
    let axes = (inputAxes ?? []) + (outputAxes ?? [])
    return axes.allSatisfy((-shape.count..<shape.count).contains)
      ? nil : "one with the axes \(axes), for the initializer \(name)"
  }

  func draw<Scalar: RealScalar>(
    _ shape: [Int], _ name: String, using generator: inout PhiloxGenerator
  ) -> Tensor<Scalar> {
    let (fanIn, fanOut) = fans(shape, name)
    let fan =
      switch mode {
      case .fanIn: fanIn
      case .fanOut: fanOut
      case .fanAverage: (fanIn + fanOut) / 2
      }
    let variance = scale / max(1, fan)
    switch distribution {
    case .truncatedNormal:
      let standardDeviation = variance.squareRoot() / deviationOfTruncatedNormal
      return .truncatedNormal(shape, standardDeviation: Scalar(standardDeviation), using: &generator)
    case .normal:
      return .normal(shape, standardDeviation: Scalar(variance.squareRoot()), using: &generator)
    case .uniform:
      let limit = (3 * variance).squareRoot()
      return .uniform(shape, from: -limit, to: limit, using: &generator)
    }
  }

  /// The number of inputs of each output, and the number of outputs of each input.
  private func fans(_ shape: [Int], _ name: String) -> (Double, Double) {
    func product(_ axes: [Int]) -> Double {
      axes.reduce(1) { product, axis in
        require(
          -shape.count <= axis && axis < shape.count,
          "\(name): axis \(axis) of a weight of the shape \(shape); allowed: \(-shape.count) to \(shape.count - 1)")
        return product * Double(shape[axis < 0 ? axis + shape.count : axis])
      }
    }
    if let inputAxes, let outputAxes { return (product(inputAxes), product(outputAxes)) }
    switch shape.count {
    case 0: return (1, 1)
    case 1: return (Double(shape[0]), Double(shape[0]))
    default:
      let field = shape.dropLast(2).reduce(1.0) { $0 * Double($1) }
      return (Double(shape[shape.count - 2]) * field, Double(shape[shape.count - 1]) * field)
    }
  }
}

/// The standard deviation of a standard normal distribution that is cut off at ±2.
private let deviationOfTruncatedNormal = 0.87962566103423978

/// The number by which a variance is divided.
@nonexhaustive
public enum VarianceScalingMode: String, Hashable, Sendable, CaseIterable {
  /// The number of inputs of each output.
  case fanIn = "fan_in"
  /// The number of outputs of each input.
  case fanOut = "fan_out"
  /// The mean of the two.
  case fanAverage = "fan_avg"
}

/// The kind of distribution that has a given variance.
@nonexhaustive
public enum VarianceScalingDistribution: String, Hashable, Sendable, CaseIterable {
  /// Normal, cut off at two of its original standard deviations.
  case truncatedNormal = "truncated_normal"
  /// Normal.
  case normal = "untruncated_normal"
  /// Uniform between two limits.
  case uniform
}

/// Keras's classes that fix scale, mode and distribution.
package struct FanScaling: Parameterized {
  package let kind: Kind
  package var inputAxes: [Int]?
  package var outputAxes: [Int]?

  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case glorotNormal = "GlorotNormal"
    case glorotUniform = "GlorotUniform"
    case heNormal = "HeNormal"
    case heUniform = "HeUniform"
    case lecunNormal = "LecunNormal"
    case lecunUniform = "LecunUniform"
  }

  init(_ kind: Kind) { self.kind = kind }

  package static var parameters: [Parameter<Self>] {
    [.any("inputAxes", \.inputAxes), .any("outputAxes", \.outputAxes)]
  }

  var scaling: VarianceScaling {
    let (scale, mode, distribution): (Double, VarianceScalingMode, VarianceScalingDistribution) =
      switch kind {
      case .glorotNormal: (1, .fanAverage, .truncatedNormal)
      case .glorotUniform: (1, .fanAverage, .uniform)
      case .heNormal: (2, .fanIn, .truncatedNormal)
      case .heUniform: (2, .fanIn, .uniform)
      case .lecunNormal: (1, .fanIn, .truncatedNormal)
      case .lecunUniform: (1, .fanIn, .uniform)
      }
    return VarianceScaling(
      scale: scale, mode: mode, distribution: distribution, inputAxes: inputAxes, outputAxes: outputAxes)
  }
}
