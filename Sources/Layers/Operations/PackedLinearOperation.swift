internal import Activations
internal import Tensor

/// ``LinearOperation`` in inference, with the kernel in the order in which the map reads it, with the normalisation
/// merged by ``NormalizationFusion`` and the sum merged by ``SumFusion``. Operands: those of the linear operation, then
/// those of the normalisation, then the tensor that is added.
struct PackedLinearOperation<Scalar: RealScalar>: ActivatedOperation {
  let map: any LinearMap<Scalar>
  var activation: Activation<Scalar> { didSet { epilogue = activation.epilogue } }
  private var epilogue: ProductEpilogue?
  /// The normalisation and the position of its first operand.
  private var normalization: (operation: MovingScoresOperation<Scalar>, place: Int)?
  /// The place of the operand that is added before the activation.
  private var addend: Int?
  var packing = Packing<Scalar>()

  init(_ operation: LinearOperation<Scalar>) {
    map = operation.map
    activation = operation.activation
    epilogue = activation.epilogue
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [map.resultShape(operands[0], kernel: operands[1])] }
  func forward(_ context: Context<Scalar>) throws { try infer(context) }
  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    trap("\(context.step.site): a plan for inference has no pullback")
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func infer(_ context: Context<Scalar>) throws {
    let x = context.operand(0)
    let weights = packing.weights(version: context.weightsVersion) { packed(context) }
    var output: Tensor<Scalar>
    if let addend {
      output = context.take(addend)
      if !output.isReusable || !output.isContiguous {
        let added = output
        output = context.tensor(added.shape)
        output.assign(added)
      }
      weights.map.add(x, bias: weights.bias, epilogue ?? .identity, to: &output)
    } else {
      output = map.makeResult(for: x, context.operand(1), context.workspace)
      weights.map.apply(to: x, bias: weights.bias, epilogue ?? .identity, into: &output, context.workspace)
    }
    if epilogue == nil { try activation.apply(to: &output) }
    context.give(output)
  }

  private func packed(_ context: Context<Scalar>) -> PackedWeights<Scalar> {
    let (kernel, version) = (context.operand(1), context.weightsVersion)
    let bias = (normalization?.place ?? addend ?? context.operandCount) > 2 ? context.operand(2) : nil
    guard let (operation, place) = normalization else { return PackedWeights(map.packed(kernel), bias, version) }
    let (factor, mean, beta) = operation.weights(context, from: place)
    let shift = (bias.map { $0 - mean } ?? -mean) * factor
    return PackedWeights(
      map.packed(map.kernel(kernel, multipliedBy: factor)), beta.map { shift + $0 } ?? shift, version)
  }
}

extension PackedLinearOperation: NormalizableOperation {
  func normalized(by operation: MovingScoresOperation<Scalar>, _ operands: [Slot]) -> (any ActivatedOperation<Scalar>)?
  {
    guard operation.isAlongLastAxis, activation.isLinear, normalization == nil, addend == nil else { return nil }
    var result = Self(LinearOperation(map))
    result.normalization = (operation, operands.count)
    return result
  }
}

extension PackedLinearOperation: SummableOperation {
  func adding(operand: Int) -> (any ActivatedOperation<Scalar>)? {
    guard map.addsToResult, activation.isLinear, addend == nil else { return nil }
    var result = self
    result.addend = operand
    return result
  }
}

extension PackedLinearOperation {
  /// What the packed weights depend on: operations of the same key make the same ones.
  func packingKey(_ operands: [Slot]) -> String {
    "\(map) \(normalization.map { "\($0)" } ?? "") \(operands[1..<(addend ?? operands.count)])"
  }
}
