public import Activations
public import Tensor

/// An activation is a layer without weights: `Activation("relu")`, `Activation.elu(alpha: 0.3)`.
extension Activation: Layer {
  public var lastActivation: Activation? { self }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    Array(try resultShape(for: [1] + inputShape).dropFirst())
  }

  public func forward(_ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) throws -> Tensor<Scalar> {
    if pass.leavesOutActivation { return x }
    return try self(x)
  }

  public mutating func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar> {
    if pass.leavesOutActivation { return upstream }
    return try pullback(upstream, input: input, output: output)
  }
}
