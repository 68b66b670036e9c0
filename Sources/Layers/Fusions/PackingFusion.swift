internal import Tensor

/// Rearranges weights in the order in which products read them: in inference, where weights do not change, this is done
/// once.
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
