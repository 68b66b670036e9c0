internal import Activations
internal import Tensor

/// `activation(map(x, kernel) + bias)` of a matrix product or a convolution. Operands: x, the kernel and, if there is one,
/// the bias, [channels].
struct LinearOperation<Scalar: RealScalar>: ActivatedOperation {
  let map: any LinearMap<Scalar>
  var activation: Activation<Scalar> = .linear {
    didSet { pullsBackFromOutput = activation.pullsBackFromOutput }
  }
  /// Whether the activation's slope is computed from the output.
  private var pullsBackFromOutput = true

  init(_ map: any LinearMap<Scalar>) { self.map = map }

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

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [map.resultShape(operands[0], kernel: operands[1])] }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func forward(_ context: Context<Scalar>) throws -> Residual {
    let (x, kernel) = (context.operand(0), context.operand(1))
    let bias = context.operandCount > 2 ? context.operand(2) : nil
    if pullsBackFromOutput {
      let output = try output(of: x, kernel, bias, context)
      context.give(output)
      return Residual(input: x, origin: output, output: output, ownsOrigin: false)
    }
    var preactivation = map.makeResult(for: x, kernel, context.workspace)
    let output: Tensor<Scalar>
    if map.keepsPreactivation, let epilogue = activation.epilogue {
      var result = map.makeResult(for: x, kernel, context.workspace)
      map.apply(to: x, kernel, bias: bias, epilogue, preactivation: &preactivation, into: &result)
      output = result
    } else {
      map.apply(to: x, kernel, bias: bias, .identity, into: &preactivation, context.workspace)
      output = try activation(preactivation)
    }
    context.give(output)
    return Residual(input: x, origin: preactivation, output: output, ownsOrigin: true)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func infer(_ context: Context<Scalar>) throws {
    let bias = context.operandCount > 2 ? context.operand(2) : nil
    context.give(try output(of: context.operand(0), context.operand(1), bias, context))
  }

  private func output(
    of x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ context: Context<Scalar>
  ) throws -> Tensor<Scalar> {
    var output = map.makeResult(for: x, kernel, context.workspace)
    let epilogue = activation.epilogue
    map.apply(to: x, kernel, bias: bias, epilogue ?? .identity, into: &output, context.workspace)
    if epilogue == nil { try activation.apply(to: &output) }
    return output
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
    if context.needsGradient(of: 0) {
      var gradient = context.tensor(input.layout.shape)
      map.inputGradient(upstream, context.operand(1), into: &gradient, context.workspace)
      context.give(gradient, of: 0)
    }
    if context.operandCount > 2 {
      context.accumulate(of: 2) { gradient, alpha, beta in
        map.biasGradient(upstream, into: &gradient, alpha: alpha, beta: beta)
      }
    }
    // The kernel is not read after this.
    context.accumulate(of: 1) { gradient, alpha, beta in
      map.kernelGradient(upstream, input, into: &gradient, alpha: alpha, beta: beta)
    }
  }
}

extension LinearOperation: PackableOperation {
  var forInference: any ActivatedOperation<Scalar> { PackedLinearOperation(self) }
}
