public import Tensor

/// Draws the first value of a weight.
///
/// ```swift
/// let kernel = Initializer<Float>.heNormal([784, 512], using: &generator)
/// let layer = Dense<Float>(64, kernelInitializer: "lecun_normal")
/// ```
///
/// The same generator gives the same numbers on every platform and any number of threads. They differ from Keras's, but
/// have the same distributions.
public struct Initializer<Scalar: RealScalar>: Hashable, Sendable {
  package let rule: Rule

  package init(_ rule: Rule) { self.rule = rule }

  package enum Rule: Hashable, Sendable {
    case fanScaling(FanScaling)
    case varianceScaling(VarianceScaling)
    case normal(NormalDistribution)
    case truncatedNormal(NormalDistribution)
    case uniform(UniformDistribution)
    case orthogonal(Gain)
    case identity(Gain)
    case zeros, ones
    case constant(ConstantValue)
    case values(Tensor<Scalar>)
    /// Zeros that take no memory, which stand for values about to be read; contains the original rule.
    indirect case placeholder(Rule)
    case custom(CustomInitializer<Scalar>)
  }

  /// Returns a new tensor; the generator advances.
  ///
  /// - Precondition: `shape` has rank 2 or more for `.orthogonal`, rank 2 for `.identity`, and the shape of the values
  ///   for `.values`.
  public func callAsFunction(_ shape: [Int], using generator: inout PhiloxGenerator) -> Tensor<Scalar> {
    switch rule {
    case .fanScaling(let fans):
      return fans.scaling.draw(shape, name, using: &generator)
    case .varianceScaling(let scaling):
      return scaling.draw(shape, name, using: &generator)
    case .normal(let normal):
      return .normal(
        shape, mean: Scalar(normal.mean), standardDeviation: Scalar(normal.standardDeviation), using: &generator)
    case .truncatedNormal(let normal):
      return .truncatedNormal(
        shape, mean: Scalar(normal.mean), standardDeviation: Scalar(normal.standardDeviation), using: &generator)
    case .uniform(let uniform):
      return .uniform(shape, from: uniform.low, to: uniform.high, using: &generator)
    case .orthogonal(let factor):
      return .orthogonal(shape, gain: Scalar(factor.gain), using: &generator)
    case .identity(let factor):
      require(shape.count == 2, "identity: a weight of the shape \(shape); allowed: shapes of rank 2")
      return .identity(shape[0], columns: shape[1]) * Scalar(factor.gain)
    case .zeros:
      return .zeros(shape)
    case .ones:
      return .ones(shape)
    case .constant(let constant):
      return .filled(shape, with: Scalar(constant.value))
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
  /// A description of the shapes that this initializer accepts if `shape` is not one of them.
  func mismatch(with shape: [Int]) -> String? {
    guard shape.count <= Tensor<Scalar>.maximumRank else { return "of at most \(Tensor<Scalar>.maximumRank) axes" }
    guard let count = Layout.resolvedCount(shape) else { return "of no more elements than can be counted" }
    let bytes = count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
    if bytes.overflow || exceedsMemory(bytes.partialValue) {
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
    case .fanScaling(let fans): return fans.scaling.mismatch(with: shape, name)
    case .varianceScaling(let scaling): return scaling.mismatch(with: shape, name)
    default: return nil
    }
  }
}

/// A custom function.
package final class CustomInitializer<Scalar: RealScalar>: EqualByIdentity, Sendable {
  package let name: String
  let function: @Sendable ([Int], inout PhiloxGenerator) -> Tensor<Scalar>

  init(_ name: String, _ function: @escaping @Sendable ([Int], inout PhiloxGenerator) -> Tensor<Scalar>) {
    self.name = name
    self.function = function
  }
}

extension Tensor where Scalar: RealScalar {
  /// Draws from a uniform distribution over low..<high; the result is constant if the interval contains one number
  /// only.
  static func uniform(
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
    require(shape.count >= 2, "orthogonal: a weight of the shape \(shape); allowed: shapes of rank 2 or more")
    let columns = shape.last!
    let rows = shape.dropLast().reduce(1, *)
    let normals = Tensor.normal([Swift.max(rows, columns), Swift.min(rows, columns)], using: &generator)
    let (q, r) = normals.qr()
    let matrix = q * (r.diagonal().sign() * gain)
    return (rows < columns ? matrix.transposed : matrix).contiguous.reshaped(shape)
  }
}
