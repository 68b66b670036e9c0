public import Tensor

/// The expected output of a network: tensors of numbers, and ``Target``.
///
/// ```swift
/// let loss: Loss<Float> = .sparseCategoricalCrossentropy
/// let value = try loss(predictions, labels)    // labels: Tensor<Int64>, Tensor<UInt8>, Tensor<Float>, …
/// ```
public protocol TargetTensor: Sendable {
  /// The first axis counts the samples.
  var shape: [Int] { get }
  /// The target in the form that losses and metrics read. Other precisions are converted; integers become Int64.
  func target<Scalar: RealScalar>(as: Scalar.Type) -> Target<Scalar>
  /// Returns the samples at the given positions, in that order.
  /// - Precondition: all positions are in range.
  /// - Complexity: linear in the number of elements taken.
  func take(rows: Tensor<Int64>) -> Self
  /// Returns a range of samples as a view.
  /// - Precondition: the range is within the samples.
  func rows(_ range: Range<Int>) -> Self
}

extension TargetTensor {
  /// The number of samples.
  public var sampleCount: Int { shape.first ?? 0 }
}

extension Tensor: TargetTensor where Scalar: NumericScalar {
  public func target<Real: RealScalar>(as: Real.Type) -> Target<Real> {
    if let reals = self as? Tensor<Real> { return .reals(reals) }
    if Scalar.elementKind == .real { return .reals(cast(to: Real.self)) }
    return .integers(self as? Tensor<Int64> ?? cast(to: Int64.self))
  }

  public func take(rows: Tensor<Int64>) -> Tensor { take(rows, axis: 0) }
  public func rows(_ range: Range<Int>) -> Tensor { self[range] }
}

/// Targets in the form that losses and metrics of one precision read.
@nonexhaustive
public enum Target<Scalar: RealScalar>: Sendable {
  /// Values, or rows of probabilities.
  case reals(Tensor<Scalar>)
  /// Classes, [batch, …] or [batch, …, 1], or integers in the prediction's shape.
  case integers(Tensor<Int64>)

  /// Creates a target from any tensor of numbers.
  public init(_ tensor: some TargetTensor) { self = tensor.target(as: Scalar.self) }
}

extension Target: TargetTensor {
  public var shape: [Int] {
    switch self {
    case .reals(let tensor): tensor.shape
    case .integers(let tensor): tensor.shape
    }
  }

  public func target<Real: RealScalar>(as: Real.Type) -> Target<Real> {
    if let same = self as? Target<Real> { return same }
    return switch self {
    case .reals(let tensor): .reals(tensor.cast(to: Real.self))
    case .integers(let tensor): .integers(tensor)
    }
  }

  public func take(rows: Tensor<Int64>) -> Target {
    switch self {
    case .reals(let tensor): .reals(tensor.take(rows: rows))
    case .integers(let tensor): .integers(tensor.take(rows: rows))
    }
  }

  public func rows(_ range: Range<Int>) -> Target {
    switch self {
    case .reals(let tensor): .reals(tensor.rows(range))
    case .integers(let tensor): .integers(tensor.rows(range))
    }
  }

  /// The numbers as real numbers.
  var reals: Tensor<Scalar> {
    switch self {
    case .reals(let tensor): tensor
    case .integers(let tensor): tensor.cast(to: Scalar.self)
    }
  }

  /// The numbers as integers; `nil` if one is not an integer.
  var integers: Tensor<Int64>? {
    switch self {
    case .integers(let tensor): return tensor
    case .reals(let tensor):
      let integers = tensor.cast(to: Int64.self)
      return integers.cast(to: Scalar.self) == tensor ? integers : nil
    }
  }
}
