public import Tensor

/// Permutes the axes of samples, as a view.
///
/// ```swift
/// let permute = Permute<Float>([2, 1])    // [batch, 10, 64] becomes [batch, 64, 10]
/// ```
public struct Permute<Scalar: RealScalar>: Layer {
  /// The axes of the input that become the output's axes 1, 2, …
  public let dims: [Int]

  /// Creates a layer that permutes axes.
  /// - Precondition: `dims` contains each of the axes 1, 2, … once; 0 is the batch axis and stays first.
  public init(_ dims: [Int]) {
    require(
      !dims.isEmpty && dims.sorted() == Array(1...dims.count),
      "Permute: the axes are \(dims); allowed: 1, 2, … in any order, each once: 0 is the batch axis")
    self.dims = dims
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try requireAxes(dims.count, inputShape)
    return dims.map { inputShape[$0 - 1] }
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x.permuted(dims.map { $0 - 1 }) }
}
