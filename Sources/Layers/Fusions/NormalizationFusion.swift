internal import Tensor

/// Merges normalisation by moving statistics into the weights of the product before it: in inference, where neither
/// changes, they become one kernel and one bias, computed once.
enum NormalizationFusion {
  static func apply<Scalar>(to steps: inout [Step<Scalar>], outputs: [Slot]) {
    steps.joinPairs(outputs: outputs) { first, second in
      guard let product = first as? OperationStep<PackedProductOperation<Scalar>>,
        let scores = second as? OperationStep<MovingScoresOperation<Scalar>>,
        let operation = product.operation.normalized(by: scores.operation, product.operands)
      else { return nil }
      return OperationStep(operation, product.operands + scores.operands.dropFirst(), scores.results, product.site)
    }
  }
}
