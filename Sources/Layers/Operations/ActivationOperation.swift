public import Activations
internal import Tensor

/// Applies an activation to its operand.
struct ActivationOperation<Scalar: RealScalar>: TensorOperation {
  let activation: Activation<Scalar>

  struct Residual {
    let input: Tensor<Scalar>
    let output: Tensor<Scalar>
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] {
    // The batch may have any length.
    [Array(try activation.resultShape(for: [2] + operands[0]).dropFirst())]
  }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let x = context.operand(0)
    let output = try result(of: x, context)
    context.give(output)
    return Residual(input: x, output: output)
  }

  func infer(_ context: Context<Scalar>) throws {
    var x = context.take(0)
    context.give(x.isReusable ? try activation(x) : try result(of: x, context))
  }

  private func result(of x: Tensor<Scalar>, _ context: Context<Scalar>) throws -> Tensor<Scalar> {
    if !activation.isElementwise { return try activation(x) }
    var result = context.tensor(x.shape)
    try activation.apply(to: x, into: &result)
    return result
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    context.give(
      try activation.pullback(context.upstream(), input: residual.input, output: residual.output), of: 0)
  }
}

extension Traced {
  /// Returns the activation of the tensor; for the identity, the tensor itself.
  /// - Throws: ``LayerError`` if the activation does not accept the shape or, in training, has no pullback.
  public func activated(by activation: Activation<Scalar>) throws -> Traced {
    if value.recorder.isDifferentiated && !activation.hasPullback {
      throw LayerError.notTrainable(
        layer: value.recorder.site.className,
        reason: "its activation was made without a pullback; .custom(name, function, pullback:) takes one")
    }
    if activation.isLinear { return with(mask: nil) }
    return try applying(ActivationOperation(activation: activation))
  }
}
