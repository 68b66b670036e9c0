internal import CKernels
public import Tensor

extension Activation {
  /// The vector-Jacobian product: turns the gradient with respect to the output into that with respect to the input, in place if
  /// nothing else refers to the upstream gradient.
  ///
  /// ```swift
  /// let y = try f(x)
  /// let gradient = try f.pullback(upstream, input: x, output: y)
  /// ```
  ///
  /// Slopes are computed from the input, so that none of their digits is lost where the output saturates. At kinks they are
  /// those of most frameworks; each activation's documentation says which.
  /// - Parameter upstream: has the shape of the output; any other shape traps.
  /// - Parameter input: the input of the forward computation.
  /// - Parameter output: the activation of the input, if it is at hand. The exponential and the activations along axes use it
  ///   instead of computing it again.
  /// - Throws: ``ActivationError`` as calling the activation does, and for a custom activation without a pullback.
  /// - Complexity: O(*n*), one pass for elementwise activations.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>? = nil
  ) throws(ActivationError) -> Tensor<Scalar> {
    try pullback(upstream, input: input, output: output, kernels: .best)
  }

  /// The slope of an elementwise activation at each element.
  /// - Throws: ``ActivationError`` for activations along axes and custom ones, which have no slope of single elements; they
  ///   have a ``pullback(_:input:output:)``.
  public func derivative(at x: Tensor<Scalar>) throws(ActivationError) -> Tensor<Scalar> {
    try derivative(at: x, kernels: .best)
  }

  /// Whether gradients can flow through: false if a custom activation has no pullback.
  public var hasPullback: Bool {
    guard case .custom(let activation) = rule else { return true }
    return activation.hasPullback
  }

  /// Whether ``pullback(_:input:output:)`` may be given the output in place of the input: the gradient follows from it, bit for bit.
  package var pullsBackFromOutput: Bool {
    switch rule {
    case .elementwise(let activation): activation.kernel.map { $0.slopeSource != .input } ?? true
    case .alongAxes(let activation): activation.pullsBackFromOutput
    case .custom: false
    }
  }

  package func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>? = nil, kernels: Kernels
  ) throws(ActivationError) -> Tensor<Scalar> {
    switch rule {
    case .elementwise(let activation):
      requireUpstream(upstream.shape, input.shape)
      guard let kernel = activation.kernel else { return upstream }
      if kernel.slopeSource == .isOutput, let output {
        requireOutput(output.shape, input.shape)
        return .binary(ck_multiply, upstream, output, kernels: kernels)
      }
      return .pullback(kernel.function, upstream, at: input, kernel.parameters, kernels: kernels)
    case .alongAxes(let activation):
      let output = if let output { output } else { try activation(input, kernels: kernels) }
      requireOutput(output.shape, try activation.resultShape(input.shape))
      requireUpstream(upstream.shape, output.shape)
      return try activation.pullback(upstream, input: input, output: output, kernels: kernels)
    case .custom(let activation):
      requireUpstream(upstream.shape, input.shape)
      return try activation.pullback(upstream, input: input)
    }
  }

  package func derivative(at x: Tensor<Scalar>, kernels: Kernels) throws(ActivationError) -> Tensor<Scalar> {
    guard case .elementwise(let activation) = rule else { throw .derivativeMissing(activation: name) }
    guard let kernel = activation.kernel else { return .ones(x.shape) }
    return .pullback(kernel.function, Tensor(1), at: x, kernel.parameters, kernels: kernels)
  }

  private func requireOutput(_ shape: [Int], _ expected: [Int]) {
    require(shape == expected, "\(name): the output given has the shape \(shape), that of the input is \(expected)")
  }

  private func requireUpstream(_ shape: [Int], _ expected: [Int]) {
    require(
      shape == expected, "\(name): the upstream gradient has the shape \(shape), the output has the shape \(expected)")
  }
}
