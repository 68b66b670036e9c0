internal import Tensor

/// Plain descent into the weights: where an optimizer does no more than take gradients off, a product takes its gradient off the
/// weight as it is made, and there is none to be written and read.
enum DescentFusion {
  /// Kernels and biases of products that nothing else reads, and that nothing is added to the gradient of.
  static func descendable<Scalar>(_ steps: [Step<Scalar>], _ weights: [PlannedWeight<Scalar>]) -> [Bool] {
    var uses = [Int](repeating: 0, count: weights.count)
    var isOfProduct = [Bool](repeating: false, count: weights.count)
    for step in steps {
      let isProduct = step is OperationStep<ProductOperation<Scalar>>
      for case .weight(let number) in step.operands {
        uses[number] += 1
        isOfProduct[number] = isProduct
      }
    }
    return weights.indices.map { isOfProduct[$0] && uses[$0] == 1 && weights[$0].regularizer == nil }
  }
}
