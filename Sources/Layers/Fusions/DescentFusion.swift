internal import Tensor

/// Merges plain gradient descent into products: if an optimizer only subtracts gradients, a product subtracts its
/// gradient from the weight while it computes it, and no gradient is written or read.
enum DescentFusion {
  /// The kernels and biases of products that nothing else reads, and whose gradients have no other terms.
  static func descendable<Scalar>(_ steps: [Step<Scalar>], _ weights: [PlannedWeight<Scalar>]) -> [Bool] {
    var uses = [Int](repeating: 0, count: weights.count)
    var isOfProduct = [Bool](repeating: false, count: weights.count)
    for step in steps {
      let isProduct = step.anyOperation is any PackableOperation<Scalar>
      for case .weight(let number) in step.operands {
        uses[number] += 1
        isOfProduct[number] = isProduct
      }
    }
    return weights.indices.map { isOfProduct[$0] && uses[$0] == 1 && weights[$0].regularizer == nil }
  }
}
