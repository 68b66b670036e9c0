internal import Activations
internal import Tensor

/// All steps of an LSTM, a GRU or a SimpleRNN. Operands: x · kernel, with its bias but for a GRU's, [steps, gates ·
/// units]; the recurrent kernel; a GRU's biases, [2, gates · units]; the initial states, [units]; the mask, [steps]; the
/// factors of the state by dropout, [units]. Results: the outputs, and the states after the last step.
struct RecurrenceOperation<Scalar: RealScalar>: TensorOperation {
  let recurrence: Recurrence<Scalar>
  let returnsSequence: Bool
  /// The number of states among the results.
  let resultStates: Int
  /// The places of the optional operands.
  let bias: Int?
  let initial: Range<Int>
  let mask: Int?
  let kept: Int?
  private let packing = KeptValue<PackedRecurrentKernel<Scalar>>()

  /// - Parameters:
  ///   - returnsSequence: whether all outputs are a result, or the last one.
  ///   - resultStates: the number of states among the results.
  ///   - initialStates: the number of initial states among the operands.
  init(
    _ recurrence: Recurrence<Scalar>, returnsSequence: Bool, resultStates: Int, hasBias: Bool, initialStates: Int,
    hasMask: Bool, isDropped: Bool
  ) {
    self.recurrence = recurrence
    self.returnsSequence = returnsSequence
    self.resultStates = resultStates
    bias = hasBias ? 2 : nil
    let first = hasBias ? 3 : 2
    initial = first..<first + initialStates
    mask = hasMask ? initial.upperBound : nil
    kept = isDropped ? initial.upperBound + (hasMask ? 1 : 0) : nil
  }

  struct Residual {
    var record: Recurrence<Scalar>.Record?
    let mask: Tensor<Bool>?
    let kept: Tensor<Scalar>?
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] {
    [(returnsSequence ? [operands[0][0]] : []) + [recurrence.units]]
      + [[Int]](repeating: [recurrence.units], count: resultStates)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func infer(_ context: Context<Scalar>) throws {
    let kernel = packing.value(version: context.weightsVersion) { packed(context) }
    var record: Recurrence<Scalar>.Record?
    run(kernel, &record, context)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func forward(_ context: Context<Scalar>) throws -> Residual {
    let shape = context.operand(0).layout.shape
    var record: Recurrence<Scalar>.Record? = recurrence.makeRecord(batch: shape[0], steps: shape[1], context.tensor)
    run(packed(context), &record, context)
    return Residual(record: record, mask: mask.map(context.mask), kept: kept.map(context.operand))
  }

  private func packed(_ context: Context<Scalar>) -> PackedRecurrentKernel<Scalar> {
    recurrence.rule.packed(context.operand(1), biases: bias.map(context.operand))
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func run(
    _ kernel: PackedRecurrentKernel<Scalar>, _ record: inout Recurrence<Scalar>.Record?, _ context: Context<Scalar>
  ) {
    let input = context.operand(0)
    let (batch, steps) = (input.layout.shape[0], input.layout.shape[1])
    let operands = Recurrence<Scalar>.Operands(
      kernel, mask: mask.map(context.mask), kept: kept.map(context.operand), initial: initial.map(context.operand))
    var results = RecurrenceResults<Scalar>(
      isSequence: returnsSequence,
      output: context.tensor([batch] + (returnsSequence ? [steps] : []) + [recurrence.units]),
      states: (0..<resultStates).map { _ in context.tensor([batch, recurrence.units]) })
    var scratch = context.tensor(recurrence.scratchShape(batch: batch))
    recurrence.run(input, operands, into: &results, record: &record, scratch: &scratch)
    context.recycle(scratch)
    context.give(results.output!)
    for (index, state) in results.states.enumerated() { context.give(state!, as: index + 1) }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    var record = residual.record.take()
    let batch = record!.states.layout.shape[0]
    let upstreamStates = (0..<resultStates).map { context.upstream($0 + 1) }
    var firstStates: [Tensor<Scalar>?] = initial.map {
      context.needsGradient(of: $0) ? context.tensor([batch, recurrence.units]) : nil
    }
    var scratch = context.tensor(recurrence.scratchShape(batch: batch))
    let upstream = context.upstream(0)
    recurrence.pullback(
      upstream, isSequence: returnsSequence,
      Recurrence.Operands(
        recurrence.rule.packedForPullback(context.operand(1)), mask: residual.mask, kept: residual.kept,
        initial: upstreamStates), record: &record, initial: &firstStates, scratch: &scratch)
    context.recycle(scratch)
    for (place, gradient) in zip(initial, firstStates) {
      if let gradient { context.give(gradient, of: place) }
    }
    let gradients = RecurrentGradients(recurrence, record!, kept: residual.kept)
    record = nil
    if let bias { context.accumulate(of: bias) { gradients.addBiases(to: &$0, alpha: $1, beta: $2) } }
    context.accumulate(of: 1) { gradients.addRecurrentKernel(to: &$0, alpha: $1, beta: $2) }
    context.give(gradients.ofInput, of: 0)
  }
}

/// A value that is made at its first use and again when weights have changed.
final class KeptValue<Value: Sendable>: Sendable {
  private let kept = Lock<(version: Int, value: Value)?>(nil)

  func value(version: Int, _ make: () -> Value) -> Value {
    kept.withLock { kept in
      if let kept, kept.version == version { return kept.value }
      let made = make()
      kept = (version, made)
      return made
    }
  }
}
