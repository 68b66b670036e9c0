internal import Activations
internal import Tensor

/// ``ProductOperation`` in inference, with the kernel in the order in which the product reads it, and with the
/// normalisation merged by ``NormalizationFusion``. Operands: those of the product, then those of the normalisation.
struct PackedProductOperation<Scalar: RealScalar>: ActivatedOperation {
  var activation: Activation<Scalar> { didSet { epilogue = activation.epilogue } }
  private var epilogue: ProductEpilogue?
  /// The normalisation and the position of its first operand.
  private var normalization: (operation: MovingScoresOperation<Scalar>, place: Int)?
  private let packing = Packing<Scalar>()

  init(_ product: ProductOperation<Scalar>) {
    activation = product.activation
    epilogue = activation.epilogue
  }

  /// The product followed by the normalisation; `nil` if that is not along the last axis, or the product has an
  /// activation.
  func normalized(by operation: MovingScoresOperation<Scalar>, _ operands: [Slot]) -> Self? {
    guard operation.isAlongLastAxis, activation.isLinear, normalization == nil else { return nil }
    var result = Self(ProductOperation())
    result.normalization = (operation, operands.count)
    return result
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { try ProductOperation<Scalar>().resultShapes(operands) }
  func forward(_ context: Context<Scalar>) throws { try infer(context) }
  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    trap("\(context.step.site): a plan for inference has no pullback")
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func infer(_ context: Context<Scalar>) throws {
    let x = context.operand(0)
    let weights = packing.packed(version: context.weightsVersion) { self.weights(context) }
    var output = context.workspace.tensor(x.layout.shape, last: context.operand(1).layout.shape[1])
    BlockedProduct(x, weights.kernel, bias: weights.bias, epilogue: epilogue ?? .identity).write(to: &output)
    if epilogue == nil { try activation.apply(to: &output) }
    context.give(output)
  }

  private func weights(_ context: Context<Scalar>) -> (kernel: Tensor<Scalar>, bias: Tensor<Scalar>?) {
    let kernel = context.operand(1)
    let bias = (normalization?.place ?? context.operandCount) > 2 ? context.operand(2) : nil
    guard let (operation, place) = normalization else { return (kernel, bias) }
    let (factor, mean, beta) = operation.weights(context, from: place)
    let shift = (bias.map { $0 - mean } ?? -mean) * factor
    return (kernel * factor, beta.map { shift + $0 } ?? shift)
  }
}
