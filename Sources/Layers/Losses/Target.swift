public import Tensor

/// What a network is to predict: tensors of numbers, and ``Target``.
///
/// ```swift
/// let loss: Loss<Float> = .sparseCategoricalCrossentropy
/// let value = try loss(predictions, labels)    // labels: Tensor<Int64>, Tensor<UInt8>, Tensor<Float>, …
/// ```
public protocol TargetTensor: Sendable {
  /// The first axis counts the samples.
  var shape: [Int] { get }
  /// As losses and metrics read it. Other precisions are converted; integers become Int64.
  func target<Scalar: RealScalar>(as: Scalar.Type) -> Target<Scalar>
  /// The samples at positions, in their order. Traps when out of range.
  /// - Complexity: O(elements taken)
  func take(rows: Tensor<Int64>) -> Self
  /// Neighbouring samples, as a view. Traps when out of range.
  func rows(_ range: Range<Int>) -> Self
}

extension TargetTensor {
  /// How many samples there are.
  public var sampleCount: Int { shape.first ?? 0 }
}

extension Tensor: TargetTensor where Scalar: NumericScalar {
  public func target<Real: RealScalar>(as: Real.Type) -> Target<Real> {
    if let reals = self as? Tensor<Real> { return .reals(reals) }
    switch Scalar.elementType {
    case .float, .double: return .reals(cast(to: Real.self))
    case .int32, .int64, .uint8, .bool: return .integers(self as? Tensor<Int64> ?? cast(to: Int64.self))
    }
  }

  public func take(rows: Tensor<Int64>) -> Tensor { take(rows, axis: 0) }
  public func rows(_ range: Range<Int>) -> Tensor { self[range] }
}

/// Targets as losses and metrics of one precision read them.
@nonexhaustive
public enum Target<Scalar: RealScalar>: Sendable {
  /// Values, or rows of probabilities.
  case reals(Tensor<Scalar>)
  /// Classes, [batch, …] or [batch, …, 1], or whole numbers in the prediction's shape.
  case integers(Tensor<Int64>)

  /// Of any tensor of numbers.
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

  /// The numbers as reals.
  var reals: Tensor<Scalar> {
    switch self {
    case .reals(let tensor): tensor
    case .integers(let tensor): tensor.cast(to: Scalar.self)
    }
  }

  /// The numbers as integers; nil where one is not whole.
  var integers: Tensor<Int64>? {
    switch self {
    case .integers(let tensor): return tensor
    case .reals(let tensor):
      let integers = tensor.cast(to: Int64.self)
      return integers.cast(to: Scalar.self) == tensor ? integers : nil
    }
  }
}
