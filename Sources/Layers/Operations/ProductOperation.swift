internal import Activations
internal import Tensor

/// `activation(x · kernel + bias)` by the package's own product. Operands: x [batch, …, inputs], the kernel [inputs, units] and,
/// if there is one, the bias [units].
struct ProductOperation<Scalar: RealScalar>: ActivatedOperation {
  var activation: Activation<Scalar> = .linear {
    didSet { pullsBackFromOutput = activation.pullsBackFromOutput }
  }
  /// Whether the activation's slope is computed from the output.
  private var pullsBackFromOutput = true

  struct Residual {
    let input: Tensor<Scalar>
    /// The tensor from which the activation's slope is computed: the preactivation or the output.
    var origin: Tensor<Scalar>
    let output: Tensor<Scalar>
    let ownsOrigin: Bool

    mutating func takeOrigin() -> Tensor<Scalar> {
      var taken = output
      swap(&taken, &origin)
      return taken
    }
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] {
    [operands[0].dropLast() + [operands[1][operands[1].count - 1]]]
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func forward(_ context: Context<Scalar>) throws -> Residual {
    let (x, kernel) = (context.operand(0), context.operand(1))
    let bias = context.operandCount > 2 ? context.operand(2) : nil
    let units = kernel.layout.shape[1]
    var output = context.workspace.tensor(x.layout.shape, last: units)
    if pullsBackFromOutput {
      try activation.apply(toProductOf: x, kernel, bias: bias, into: &output)
      context.give(output)
      return Residual(input: x, origin: output, output: output, ownsOrigin: false)
    }
    var preactivation = context.workspace.tensor(x.layout.shape, last: units)
    try activation.apply(toProductOf: x, kernel, bias: bias, preactivation: &preactivation, into: &output)
    context.give(output)
    return Residual(input: x, origin: preactivation, output: output, ownsOrigin: true)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func infer(_ context: Context<Scalar>) throws {
    let (x, kernel) = (context.operand(0), context.operand(1))
    var output = context.workspace.tensor(x.layout.shape, last: kernel.layout.shape[1])
    try activation.apply(
      toProductOf: x, kernel, bias: context.operandCount > 2 ? context.operand(2) : nil, into: &output)
    context.give(output)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let upstream = try preactivationGradient(context.upstream(), residual)
    if residual.ownsOrigin { context.recycle(residual.takeOrigin()) }
    giveGradients(upstream, residual.input, context)
    context.recycle(consume upstream)
  }

  private func preactivationGradient(
    _ upstream: consuming Tensor<Scalar>, _ residual: borrowing Residual
  ) throws -> Tensor<Scalar> {
    if activation.isLinear { return upstream }
    return try activation.pullback(consume upstream, input: residual.origin, output: residual.output)
  }

  private func giveGradients(_ upstream: Tensor<Scalar>, _ input: Tensor<Scalar>, _ context: Context<Scalar>) {
    if context.needsGradient(of: 0) { context.give(inputGradient(upstream, input.layout.shape, context), of: 0) }
    let rows = upstream.rowMatrix
    if context.operandCount > 2 {
      context.accumulate(of: 2) { gradient, alpha, beta in
        gradient.assignColumnSums(of: rows, scaledBy: alpha, adding: beta != 0)
      }
    }
    // The kernel is not read after this.
    context.accumulate(of: 1) { gradient, alpha, beta in
      BlockedProduct(reordering: input.rowMatrix, rows, transposingFirst: true, alpha: alpha)
        .add(to: &gradient, times: beta)
    }
  }

  private func inputGradient(
    _ upstream: Tensor<Scalar>, _ shape: [Int], _ context: Context<Scalar>
  ) -> Tensor<Scalar> {
    var gradient = context.tensor(shape)
    let kernel = context.operand(1)
    if upstream.rank == 2 {
      BlockedProduct(reordering: upstream, kernel, transposingSecond: true).write(to: &gradient)
    } else {
      BlockedProduct(upstream, kernel.transposed).write(to: &gradient)
    }
    return gradient
  }
}
