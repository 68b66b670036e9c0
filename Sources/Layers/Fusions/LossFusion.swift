internal import Activations
internal import Tensor

/// Merges the last activation into the loss: a crossentropy computed from logits is more accurate than one computed
/// from the result of softmax or sigmoid, and takes one pass.
enum LossFusion {
  /// Removes the activation at the end of an output if nothing else uses its result and the loss includes it.
  static func takeLastActivation<Scalar>(
    of index: Int, _ outputs: inout [Slot], _ steps: inout [Step<Scalar>],
    where takesOver: (Int, Activation<Scalar>) -> Bool
  ) -> Activation<Scalar>? {
    guard case .value(let output) = outputs[index], outputs.count(where: { $0 == outputs[index] }) == 1,
      let place = steps.lastIndex(where: { $0.results == [output] }),
      let step = steps[place] as? OperationStep<ActivationOperation<Scalar>>,
      !steps.contains(where: { $0.operands.contains(.value(output)) }),
      takesOver(index, step.operation.activation)
    else { return nil }
    outputs[index] = step.operands[0]
    steps.remove(at: place)
    return step.operation.activation
  }
}
