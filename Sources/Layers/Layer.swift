public import Tensor

/// A stage of a network.
public protocol Layer<Scalar>: Sendable {
  associatedtype Scalar: RealScalar

  /// The layer's output for a batch; the first axis counts the samples.
  func callAsFunction(_ x: consuming Tensor<Scalar>) throws -> Tensor<Scalar>
}
