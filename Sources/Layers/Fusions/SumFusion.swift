internal import Tensor

/// Merges the sum of a product and another tensor, as at the end of a residual block, into the product: in inference, it
/// is added up in the other tensor's memory if nothing else reads that.
enum SumFusion {
  /// - Parameter shapes: those of samples, by value.
  static func apply<Scalar>(to steps: inout [Step<Scalar>], outputs: [Slot], shapes: [[Int]]) {
    steps.joinPairs(outputs: outputs) { first, second, place in
      guard let sum = second as? OperationStep<SumOperation<Scalar>>, sum.operation.divisor == 1,
        sum.operands.count == 2, case .value(let product) = sum.operands[place],
        case .value(let other) = sum.operands[1 - place], shapes[product] == shapes[other],
        let operation = first.anyOperation as? any SummableOperation<Scalar>,
        let both = operation.adding(operand: first.operands.count)
      else { return nil }
      return both.step(first.operands + [.value(other)], sum.results, first.site)
    }
  }
}

/// An operation that can add another tensor to its result before the activation.
protocol SummableOperation<Scalar>: TensorOperation {
  /// The operation with another operand at this place that it adds; `nil` if it cannot add one.
  func adding(operand: Int) -> (any ActivatedOperation<Scalar>)?
}
