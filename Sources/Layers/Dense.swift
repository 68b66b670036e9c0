public import Activations
public import Tensor

/// A fully connected layer: `activation(x · kernel + bias)`.
///
/// Input [batch, …, inputs], output [batch, …, units].
public struct Dense<Scalar: RealScalar>: Layer {
  /// [inputs, units]
  public var kernel: Tensor<Scalar>
  /// [units], or none.
  public var bias: Tensor<Scalar>?
  public var activation: Activation<Scalar>

  /// A layer with given weights. Traps when they do not fit each other.
  public init(kernel: Tensor<Scalar>, bias: Tensor<Scalar>? = nil, activation: Activation<Scalar> = .linear) {
    require(kernel.rank == 2, "Dense: the kernel is [inputs, units], not \(kernel.shape)")
    if let bias {
      require(
        bias.shape == [kernel.shape[1]],
        "Dense: the bias is \([kernel.shape[1]]) for a kernel of \(kernel.shape), not \(bias.shape)")
    }
    self.kernel = kernel
    self.bias = bias
    self.activation = activation
  }

  public func callAsFunction(_ x: consuming Tensor<Scalar>) throws -> Tensor<Scalar> {
    guard x.rank >= 1, x.shape.last == kernel.shape[0] else {
      throw LayerError.inputShape(layer: "Dense", expected: "[…, \(kernel.shape[0])]", found: x.shape)
    }
    var product = x.matmul(kernel)
    if let bias { product += bias }
    return try activation(product)
  }
}
