internal import Tensor

/// Lets all uses of a layer read one rearranged kernel: a layer that is applied to each step of a sequence keeps a single
/// one.
enum SharedPackingFusion {
  static func apply<Scalar>(to steps: inout [Step<Scalar>]) {
    var uses: [Slot: Int] = [:]
    for step in steps where step is OperationStep<PackedLinearOperation<Scalar>> {
      uses[step.operands[1], default: 0] += 1
    }
    if uses.values.allSatisfy({ $0 == 1 }) { return }
    var packings: [String: Packing<Scalar>] = [:]
    steps = steps.map { step in
      guard let product = step as? OperationStep<PackedLinearOperation<Scalar>>, uses[step.operands[1]]! > 1 else {
        return step
      }
      var operation = product.operation
      let key = operation.packingKey(step.operands)
      operation.packing = packings[key] ?? operation.packing
      packings[key] = operation.packing
      return operation.step(step.operands, step.results, step.site)
    }
  }
}
