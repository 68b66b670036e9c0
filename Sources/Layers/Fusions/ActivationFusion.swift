internal import Activations
internal import Tensor

/// The activation into the product before it: one pass over the output less.
enum ActivationFusion {
  static func apply<Scalar>(to steps: inout [Step<Scalar>], outputs: [Slot]) {
    var uses: [Slot: Int] = [:]
    for output in outputs { uses[output, default: 0] += 1 }
    for step in steps { for operand in step.operands { uses[operand, default: 0] += 1 } }
    var fused: [Step<Scalar>] = []
    fused.reserveCapacity(steps.count)
    for step in steps {
      if let activation = step as? OperationStep<ActivationOperation<Scalar>>,
        let product = fused.last as? OperationStep<ProductOperation<Scalar>>, product.operation.activation.isLinear,
        activation.operands == [.value(product.results[0])], uses[activation.operands[0]] == 1
      {
        var operation = product.operation
        operation.activation = activation.operation.activation
        fused[fused.count - 1] = OperationStep(operation, product.operands, activation.results, product.site)
      } else {
        fused.append(step)
      }
    }
    steps = fused
  }
}
