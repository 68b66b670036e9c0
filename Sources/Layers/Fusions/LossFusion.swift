internal import Activations
internal import Tensor

/// The last activation into the loss: crossentropies of logits are more accurate than those of what softmax or sigmoid gives, and
/// one pass.
enum LossFusion {
  /// Takes the activation off an output's end, where nothing else takes what it gives and the loss wants it.
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
