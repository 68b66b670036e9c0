internal import Tensor

/// Adds what a regularizer says of the operand, divided by the batch's length, to the loss. The operand stays as it is.
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
  /// The same tensor, whose elements are penalised where there is a loss.
  public func penalized(by regularizer: Regularizer<Scalar>?) throws -> Traced {
    guard let regularizer, hasLoss else { return self }
    return try applying(PenaltyOperation(regularizer: regularizer)).with(mask: mask)
  }
}
