internal import CKernels
public import Tensor

// The ways to call an activation: returning, in place, into a given tensor; each with a bias too.

extension Activation {
  /// The activation of x, in place if nothing else refers to x.
  /// - Throws: ``ActivationError`` if x's shape does not suit an activation along axes, or if a custom one fails.
  /// - Complexity: O(*n*), one pass for elementwise activations, whatever the strides.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func callAsFunction(_ x: consuming Tensor<Scalar>) throws(ActivationError) -> Tensor<Scalar> {
    try self(x, kernels: .best)
  }

  /// The activation of x + bias, in one pass for elementwise activations: the end of a dense layer. Bit for bit the same as `f(x + bias)`.
  /// - Parameter x: of any shape.
  /// - Parameter bias: must broadcast to x's shape.
  /// - Throws: ``ActivationError`` as `f(x)` does: elementwise activations never.
  public func callAsFunction(
    _ x: consuming Tensor<Scalar>, bias: Tensor<Scalar>
  ) throws(ActivationError) -> Tensor<Scalar> {
    try self(x, bias: bias, kernels: .best)
  }

  /// x = f(x). If this throws, x is unchanged.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func apply(to x: inout Tensor<Scalar>) throws(ActivationError) {
    try apply(to: &x, kernels: .best)
  }

  /// x = f(x + bias). If this throws, x is unchanged.
  public func apply(to x: inout Tensor<Scalar>, bias: Tensor<Scalar>) throws(ActivationError) {
    try apply(to: &x, bias: bias, kernels: .best)
  }

  /// result = f(x), written to the memory that the result already has; only activations along axes and custom ones allocate.
  /// The result must have the shape of f(x).
  /// - Throws: ``ActivationError`` as `f(x)` does; the result is then as it was.
  public func apply(to x: Tensor<Scalar>, into result: inout Tensor<Scalar>) throws(ActivationError) {
    try apply(to: x, into: &result, kernels: .best)
  }

  /// result = f(x + bias), written as by ``apply(to:into:)``. The result must have the shape of f(x).
  public func apply(
    to x: Tensor<Scalar>, bias: Tensor<Scalar>, into result: inout Tensor<Scalar>
  ) throws(ActivationError) {
    try apply(to: x, bias: bias, into: &result, kernels: .best)
  }
}

extension Activation {
  @inline(__always)
  package func callAsFunction(
    _ x: consuming Tensor<Scalar>, bias: Tensor<Scalar>? = nil, kernels: Kernels
  ) throws(ActivationError) -> Tensor<Scalar> {
    switch rule {
    case .elementwise(let activation):
      return activation.value(x, bias: bias, kernels: kernels)
    case .alongAxes(let activation):
      return try activation(x.adding(bias), kernels: kernels)
    case .custom(let activation):
      return try activation(x.adding(bias))
    }
  }

  package func apply(
    to x: inout Tensor<Scalar>, bias: Tensor<Scalar>? = nil, kernels: Kernels
  ) throws(ActivationError) {
    switch rule {
    case .elementwise(let activation):
      if let kernel = activation.kernel {
        x.update(kernel.function, bias: bias, kernel.parameters, kernels: kernels)
      } else if let bias {
        x += bias
      }
    case .alongAxes(let activation):
      if bias != nil { _ = try activation.resolvedAxes(x.shape) }  // throws while x still has its elements
      if let bias { x += bias }
      try activation.apply(to: &x, kernels: kernels)
    case .custom:
      x = try self(x, bias: bias, kernels: kernels)
    }
  }

  package func apply(
    to x: Tensor<Scalar>, bias: Tensor<Scalar>? = nil, into result: inout Tensor<Scalar>, kernels: Kernels
  ) throws(ActivationError) {
    guard case .elementwise(let activation) = rule, let kernel = activation.kernel else {
      let value = try self(x, bias: bias, kernels: kernels)
      require(result.shape == value.shape, "\(name): the shape \(value.shape) does not fit into \(result.shape)")
      result = value
      return
    }
    require(result.shape == x.shape, "\(name): the shape \(x.shape) does not fit into \(result.shape)")
    result.assign(kernel.function, of: x, bias: bias, kernel.parameters, kernels: kernels)
  }
}

extension ElementwiseActivation {
  /// Part of its callers, so that what they hold of the activation is not retained for the call.
  @inline(__always)
  func value<Scalar: RealScalar>(
    _ x: consuming Tensor<Scalar>, bias: Tensor<Scalar>? = nil, kernels: Kernels = .best
  ) -> Tensor<Scalar> {
    guard let kernel else { return x.adding(bias) }
    if let bias { return .biased(kernel.function, x, bias, kernel.parameters, kernels: kernels) }
    return x.unary(kernel.function, kernel.parameters, kernels: kernels)
  }
}

extension Tensor where Scalar: RealScalar {
  /// x + bias in x's shape.
  fileprivate consuming func adding(_ bias: Tensor?) -> Tensor {
    guard let bias else { return self }
    let shape = shape
    require(bias.layout.broadcast(to: shape) != nil, "a bias of \(bias.shape) does not broadcast to \(shape)")
    return .binary(ck_add, self, bias)
  }
}
