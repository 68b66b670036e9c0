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
  ///
  ///     Dense(kernel: kernel, bias: bias, activation: .relu)
  ///     Dense(kernel: kernel, bias: bias, activation: "relu")
  ///
  /// - Parameter activation: a value or Keras's identifier. A layer such as ``LeakyReLU`` does not compile here: it may have
  ///   weights of its own and is to follow this one.
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

  /// A layer with given weights whose activation is a function of one's own, from tensor to tensor of the same shape.
  ///
  ///     Dense(kernel: kernel, bias: bias) { x in x * sigmoid(x) }
  public init(
    kernel: Tensor<Scalar>, bias: Tensor<Scalar>? = nil,
    activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(kernel: kernel, bias: bias, activation: Activation(activation))
  }

  public func callAsFunction(_ x: consuming Tensor<Scalar>) throws -> Tensor<Scalar> {
    guard x.rank >= 1, x.shape.last == kernel.shape[0] else {
      throw LayerError.inputShape(layer: "Dense", expected: "[…, \(kernel.shape[0])]", found: x.shape)
    }
    guard let bias else { return try activation(x.matmul(kernel)) }
    return try activation(x.matmul(kernel), bias: bias)
  }
}
