internal import Tensor

/// Merges normalisation by moving statistics into the weights of the product before it: in inference, where neither
/// changes, they become one kernel and one bias, computed once.
enum NormalizationFusion {
  static func apply<Scalar>(to steps: inout [Step<Scalar>], outputs: [Slot]) {
    steps.joinPairs(outputs: outputs) { first, second, place in
      guard place == 0, let operation = first.anyOperation as? any NormalizableOperation<Scalar>,
        let scores = second as? OperationStep<MovingScoresOperation<Scalar>>,
        let both = operation.normalized(by: scores.operation, first.operands)
      else { return nil }
      return both.step(first.operands + scores.operands.dropFirst(), scores.results, first.site)
    }
  }
}

extension ActivatedOperation {
  /// The operation as a step of a plan.
  func step(_ operands: [Slot], _ results: [Int], _ site: CallSite) -> Step<Scalar> {
    OperationStep(self, operands, results, site)
  }
}

/// An operation that can include the normalisation of its result.
protocol NormalizableOperation<Scalar>: TensorOperation {
  /// The operation followed by the normalisation; `nil` if it cannot include it.
  /// - Parameter operands: those of this operation, which precede those of the normalisation.
  func normalized(by operation: MovingScoresOperation<Scalar>, _ operands: [Slot]) -> (any ActivatedOperation<Scalar>)?
}
