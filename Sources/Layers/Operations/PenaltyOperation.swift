internal import Tensor

/// Adds a regularizer's penalty for the operand, divided by the length of the batch, to the loss. The operand does not
/// change.
struct PenaltyOperation<Scalar: RealScalar>: TensorOperation {
  let regularizer: Regularizer<Scalar>

  func forward(_ context: Context<Scalar>) throws -> Tensor<Scalar> {
    let x = context.operand(0)
    context.addPenalty(regularizer.penalty(of: x) / Double(x.shape[0]))
    context.give(x)
    return x
  }

  func pullback(_ x: consuming Tensor<Scalar>, _ context: Context<Scalar>) throws {
    let x = x
    var gradient = context.upstream()
    regularizer.addGradient(of: x, to: &gradient, scaledBy: context.lossScale / Double(x.shape[0]))
    context.give(gradient, of: 0)
  }
}

extension Traced {
  /// Returns the same tensor, whose elements are penalised if a loss is computed.
  public func penalized(by regularizer: Regularizer<Scalar>?) throws -> Traced {
    guard let regularizer, hasLoss else { return self }
    return try applying(PenaltyOperation(regularizer: regularizer)).with(mask: mask)
  }
}
