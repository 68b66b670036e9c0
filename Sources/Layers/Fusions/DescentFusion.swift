internal import Tensor

/// Merges plain gradient descent into pullbacks: if an optimizer only subtracts gradients, a product or a lookup
/// subtracts its gradient from the weight while it computes it, and no gradient is written or read.
enum DescentFusion {
  /// The weights of such operations that nothing else reads, and whose gradients have no other terms.
  static func descendable<Scalar>(_ steps: [Step<Scalar>], _ weights: [PlannedWeight<Scalar>]) -> [Bool] {
    var uses = [Int](repeating: 0, count: weights.count)
    var isDescendable = [Bool](repeating: false, count: weights.count)
    for step in steps {
      let accumulates = step.anyOperation is any DescendableOperation<Scalar>
      for case .weight(let number) in step.operands {
        uses[number] += 1
        isDescendable[number] = accumulates
      }
    }
    return weights.indices.map { isDescendable[$0] && uses[$0] == 1 && weights[$0].regularizer == nil }
  }
}

/// An operation whose pullback adds the gradients of all its weights by `accumulate(of:_:)`, after it has read them.
protocol DescendableOperation<Scalar>: TensorOperation {}
