import Activations
public import Tensor

/// How a weight begins.
///
/// ```swift
/// let kernel = Initializer<Float>.heNormal([784, 512], using: &generator)
/// let layer = Dense<Float>(64, kernelInitializer: "lecun_normal")
/// ```
///
/// The same generator gives the same numbers on every platform and any number of threads; they are others than Keras's, from
/// the same distributions.
public struct Initializer<Scalar: RealScalar>: Configurable {
  let rule: Rule

  enum Rule: Hashable, Sendable {
    case varianceScaling(VarianceScaling)
    /// Normally distributed.
    case normal(mean: Double, standardDeviation: Double)
    case truncatedNormal(mean: Double, standardDeviation: Double)
    /// Uniform between two limits.
    case uniform(low: Double, high: Double)
    case orthogonal(gain: Double)
    case identity(gain: Double)
    case zeros, ones
    case constant(Double)
    case values(Tensor<Scalar>)
    /// Zeros that take no memory, in the place of values that are read; with what else makes values.
    indirect case placeholder(Rule)
    case custom(CustomInitializer<Scalar>)
  }

  /// A new tensor. The generator goes on by what was drawn.
  ///
  /// Traps where the shape does not suit: `.orthogonal` takes rank 2 or more, `.identity` rank 2, `.values` its own shape.
  public func callAsFunction(_ shape: [Int], using generator: inout PhiloxGenerator) -> Tensor<Scalar> {
    switch rule {
    case .varianceScaling(let scaling):
      return scaling.draw(shape, using: &generator)
    case .normal(let mean, let standardDeviation):
      return .normal(
        shape, mean: Scalar(mean), standardDeviation: Scalar(standardDeviation), using: &generator)
    case .truncatedNormal(let mean, let standardDeviation):
      return .truncatedNormal(
        shape, mean: Scalar(mean), standardDeviation: Scalar(standardDeviation), using: &generator)
    case .uniform(let low, let high):
      return .uniform(shape, from: low, to: high, using: &generator)
    case .orthogonal(let gain):
      return .orthogonal(shape, gain: Scalar(gain), using: &generator)
    case .identity(let gain):
      require(shape.count == 2, "identity: a weight of the shape \(shape), allowed are shapes of rank 2")
      return .identity(shape[0], columns: shape[1]) * Scalar(gain)
    case .zeros:
      return .zeros(shape)
    case .ones:
      return .ones(shape)
    case .constant(let value):
      return .filled(shape, with: Scalar(value))
    case .values(let values):
      require(shape == values.shape, "an initializer with values of the shape \(values.shape) for a weight of \(shape)")
      return values
    case .placeholder:
      return Tensor(0).broadcast(to: shape)
    case .custom(let initializer):
      let values = initializer.function(shape, &generator)
      require(
        values.shape == shape, "\(initializer.name): values of the shape \(values.shape) for a weight of \(shape)")
      return values
    }
  }
}

extension Initializer {
  /// What the shapes of weights are for which this initializer makes values, where `shape` is none of them.
  func mismatch(with shape: [Int]) -> String? {
    guard shape.count <= Tensor<Scalar>.maximumRank else { return "of at most \(Tensor<Scalar>.maximumRank) axes" }
    guard let count = Layout.resolvedCount(shape) else { return "of no more elements than can be counted" }
    let bytes = count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
    if bytes.overflow || bytes.partialValue > physicalMemory {
      return "of at most \(physicalMemory) bytes, which is the machine's memory"
    }
    return rule.mismatch(with: shape, name)
  }
}

extension Initializer.Rule {
  fileprivate func mismatch(with shape: [Int], _ name: String) -> String? {
    switch self {
    case .placeholder(let rule): return rule.mismatch(with: shape, name)
    case .identity: return shape.count == 2 ? nil : "of rank 2, for the initializer \(name)"
    case .orthogonal: return shape.count >= 2 ? nil : "of rank 2 or more, for the initializer \(name)"
    case .values(let values):
      return values.shape == shape
        ? nil : "of the shape \(values.shape), as the values that they begin with"
    case .varianceScaling(let scaling):
      let axes = (scaling.inputAxes ?? []) + (scaling.outputAxes ?? [])
      return axes.allSatisfy((-shape.count..<shape.count).contains)
        ? nil : "one with the axes \(axes), for the initializer \(name)"
    default: return nil
    }
  }
}

/// A function of one's own.
final class CustomInitializer<Scalar: RealScalar>: EqualByIdentity, Sendable {
  let name: String
  let function: @Sendable ([Int], inout PhiloxGenerator) -> Tensor<Scalar>

  init(_ name: String, _ function: @escaping @Sendable ([Int], inout PhiloxGenerator) -> Tensor<Scalar>) {
    self.name = name
    self.function = function
  }
}

extension Tensor where Scalar: RealScalar {
  /// Uniform in low..<high; the one number where there is no room between them.
  fileprivate static func uniform(
    _ shape: [Int], from low: Double, to high: Double, using generator: inout PhiloxGenerator
  ) -> Tensor {
    let (low, high) = (Scalar(low), Scalar(high))
    return low < high ? .uniform(shape, in: low..<high, using: &generator) : .filled(shape, with: low)
  }

  /// Orthonormal rows or columns, whichever are fewer: Q of a normal matrix, with the signs that make it uniform.
  /// Source: Mezzadri, "How to generate random matrices from the classical compact groups", Notices of the AMS 54, 2007.
  fileprivate static func orthogonal(
    _ shape: [Int], gain: Scalar, using generator: inout PhiloxGenerator
  ) -> Tensor {
    require(shape.count >= 2, "orthogonal: a weight of the shape \(shape), allowed are shapes of rank 2 or more")
    let columns = shape.last!
    let rows = shape.dropLast().reduce(1, *)
    let normals = Tensor.normal([Swift.max(rows, columns), Swift.min(rows, columns)], using: &generator)
    let (q, r) = normals.qr()
    let matrix = q * (r.diagonal().sign() * gain)
    return (rows < columns ? matrix.transposed : matrix).contiguous.reshaped(shape)
  }
}

/// A distribution whose variance follows from how many inputs and outputs a weight has.
struct VarianceScaling: Hashable, Sendable {
  /// Keras's class.
  var name = "VarianceScaling"
  var scale = 1.0
  var mode = VarianceScalingMode.fanIn
  var distribution = VarianceScalingDistribution.truncatedNormal
  var inputAxes: [Int]?
  var outputAxes: [Int]?

  func draw<Scalar: RealScalar>(_ shape: [Int], using generator: inout PhiloxGenerator) -> Tensor<Scalar> {
    let (fanIn, fanOut) = fans(shape)
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

  /// How many inputs each output has, and outputs each input.
  private func fans(_ shape: [Int]) -> (Double, Double) {
    func product(_ axes: [Int]) -> Double {
      axes.reduce(1) { product, axis in
        require(
          -shape.count <= axis && axis < shape.count,
          "\(name): axis \(axis) of a weight of the shape \(shape), allowed are \(-shape.count) to \(shape.count - 1)")
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

/// By what number a variance is divided.
public enum VarianceScalingMode: String, Hashable, Sendable, CaseIterable {
  /// How many inputs an output has.
  case fanIn = "fan_in"
  /// How many outputs an input has.
  case fanOut = "fan_out"
  /// The mean of the two.
  case fanAverage = "fan_avg"
}

/// The shape of the distribution that a variance is given to.
public enum VarianceScalingDistribution: String, Hashable, Sendable, CaseIterable {
  /// Normal, cut off at two standard deviations of what it was before.
  case truncatedNormal = "truncated_normal"
  /// Normal.
  case normal = "untruncated_normal"
  /// Uniform between two limits.
  case uniform
}
