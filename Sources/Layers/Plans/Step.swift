internal import Tensor

/// An operation in a plan, with its residual between forward computation and pullback.
class Step<Scalar: RealScalar> {
  let operands: [Slot]
  let results: [Int]
  /// The kind of the results.
  let kind: TensorKind
  /// The layer that the operation belongs to, for messages: `Dense "hidden"`.
  let site: CallSite
  /// Determined by the plan: the operands whose gradients are needed, and the values that no later step reads.
  var needsGradient: [Bool] = []
  var lastUses: [Int] = []
  var isPulledBack = false

  init(_ operands: [Slot], _ results: [Int], _ kind: TensorKind, _ site: CallSite) {
    self.operands = operands
    self.results = results
    self.kind = kind
    self.site = site
  }

  /// Returns the same step for another, concurrent computation.
  func copied() -> Step { trap("a step without an operation") }
  func forward(_ context: Context<Scalar>) throws { trap("a step without an operation") }
  func infer(_ context: Context<Scalar>) throws { trap("a step without an operation") }
  func pullback(_ context: Context<Scalar>) throws { trap("a step without an operation") }
  /// Discards a forward computation without a pullback.
  func forget() {}
  var isRandom: Bool { false }
  /// The operation.
  var anyOperation: any TensorOperation<Scalar> { trap("a step without an operation") }
  /// The operation's type, for messages.
  var operationName: String { "" }
}

final class OperationStep<Applied: TensorOperation>: Step<Applied.Scalar> {
  let operation: Applied
  private var residual: Applied.Residual?

  init(_ operation: Applied, _ operands: [Slot], _ results: [Int], _ site: CallSite) {
    self.operation = operation
    super.init(operands, results, TensorKind(Applied.ResultScalar.self), site)
  }

  override func copied() -> Step<Applied.Scalar> {
    let copy = OperationStep(operation, operands, results, site)
    (copy.needsGradient, copy.lastUses, copy.isPulledBack) = (needsGradient, lastUses, isPulledBack)
    return copy
  }

  override func forward(_ context: Context<Applied.Scalar>) throws { residual = try operation.forward(context) }
  override func infer(_ context: Context<Applied.Scalar>) throws { try operation.infer(context) }

  override func pullback(_ context: Context<Applied.Scalar>) throws {
    guard let residual = residual.take() else { trap("\(site): a pullback comes after its forward computation") }
    try operation.pullback(consume residual, context)
  }

  override func forget() { residual = nil }
  override var isRandom: Bool { operation.isRandom }
  override var anyOperation: any TensorOperation<Applied.Scalar> { operation }
  override var operationName: String { "\(Applied.self)" }
}

/// The use of a layer to which an operation belongs.
struct CallSite: Sendable, CustomStringConvertible {
  /// The layer's names from the outermost model inwards; empty for a layer without a model.
  var names: [String] = []
  var className = ""
  /// The number of the plan's generator from which it draws.
  var generator = 0
  /// Whether the layer is trained.
  var isTrainable = true

  /// `encoder/Dense "hidden"`.
  var description: String {
    guard let name = names.last else { return className }
    return names.dropLast().map { "\($0)/" }.joined() + "\(className) \"\(name)\""
  }
}
