internal import Tensor

/// Rearranges weights in the order in which products read them: in inference, where weights do not change, this is done
/// once.
enum PackingFusion {
  static func apply<Scalar>(to steps: inout [Step<Scalar>]) {
    steps = steps.map { step in
      guard let operation = step.anyOperation as? any PackableOperation<Scalar>, case .weight = step.operands[1] else {
        return step
      }
      return packed(operation.forInference, step)
    }
  }

  private static func packed<Scalar>(_ operation: some TensorOperation<Scalar>, _ step: Step<Scalar>) -> Step<Scalar> {
    OperationStep(operation, step.operands, step.results, step.site)
  }
}

/// An operation whose second operand is a kernel that can be rearranged.
protocol PackableOperation<Scalar>: DescendableOperation {
  /// The operation that rearranges the kernel at its first use.
  var forInference: any ActivatedOperation<Scalar> { get }
}
