internal import Tensor

/// Weights in the order in which products read them: in inference, where they stay as they are, they are brought into it once.
enum PackingFusion {
  static func apply<Scalar>(to steps: inout [Step<Scalar>]) {
    steps = steps.map { step in
      guard let product = step as? OperationStep<ProductOperation<Scalar>>, case .weight = product.operands[1] else {
        return step
      }
      return OperationStep(PackedProductOperation(product.operation), product.operands, product.results, product.site)
    }
  }
}
