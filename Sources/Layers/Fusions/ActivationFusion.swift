internal import Activations
internal import Tensor

/// Merges an activation into the product before it, which saves a pass over the output.
enum ActivationFusion {
  static func apply<Scalar>(to steps: inout [Step<Scalar>], outputs: [Slot]) {
    steps.joinPairs(outputs: outputs) { first, second, _ in
      guard let step = second as? OperationStep<ActivationOperation<Scalar>> else { return nil }
      return (first.anyOperation as? any ActivatedOperation<Scalar>)
        .flatMap { activated($0, step.operation.activation, first, step.results) }
    }
  }

  private static func activated<Scalar>(
    _ operation: some ActivatedOperation<Scalar>, _ activation: Activation<Scalar>, _ step: Step<Scalar>,
    _ results: [Int]
  ) -> Step<Scalar>? {
    guard operation.activation.isLinear else { return nil }
    var operation = operation
    operation.activation = activation
    return OperationStep(operation, step.operands, results, step.site)
  }
}

/// An operation that can end with an activation.
protocol ActivatedOperation<Scalar>: TensorOperation {
  /// The activation; the identity unless ``ActivationFusion`` has set it.
  var activation: Activation<Scalar> { get set }
}

extension Array {
  /// Replaces two steps by one if only the second uses the first one's result.
  /// - Parameter join: returns a step that does the work of both, if there is one; `place` is that of the result among the
  ///   second step's operands.
  mutating func joinPairs<Scalar>(
    outputs: [Slot], _ join: (_ first: Step<Scalar>, _ second: Step<Scalar>, _ place: Int) -> Step<Scalar>?
  ) where Element == Step<Scalar> {
    var uses: [Slot: Int] = [:]
    for output in outputs { uses[output, default: 0] += 1 }
    for step in self { for operand in step.operands { uses[operand, default: 0] += 1 } }
    var joined: [Step<Scalar>?] = []
    joined.reserveCapacity(count)
    var makers: [Int: Int] = [:]
    for step in self {
      var both: Step<Scalar>?
      for (place, operand) in step.operands.enumerated() where both == nil && uses[operand] == 1 {
        guard case .value(let number) = operand, let maker = makers[number], let first = joined[maker],
          first.results.count == 1
        else { continue }
        both = join(first, step, place)
        if both != nil { joined[maker] = nil }
      }
      joined.append(both ?? step)
      for result in step.results { makers[result] = joined.count - 1 }
    }
    self = joined.compactMap { $0 }
  }
}
