internal import CKernels

/// The steps of a recurrent layer, all of them or one.
///
/// A sample's results do not depend on the other samples, nor on the number of threads.
package struct Recurrence<Scalar: RealScalar>: Sendable {
  package let rule: RecurrenceRule
  package let units: Int
  /// What gates end with: sigmoid, mostly.
  package var gate: ProductEpilogue
  /// What candidates of states end with, and an LSTM's output: tanh, mostly.
  package var candidate: ProductEpilogue
  package var goesBackwards: Bool
  /// Whether the outputs of steps computed backwards lie in the input's order.
  package var keepsOrder: Bool
  /// Whether outputs of steps that do not count are 0, not the state.
  package var zeroesMasked: Bool

  package init(
    _ rule: RecurrenceRule, units: Int, gate: ProductEpilogue, candidate: ProductEpilogue, goesBackwards: Bool = false,
    keepsOrder: Bool = false, zeroesMasked: Bool = false
  ) {
    self.rule = rule
    self.units = units
    self.gate = gate
    self.candidate = candidate
    self.goesBackwards = goesBackwards
    self.keepsOrder = keepsOrder
    self.zeroesMasked = zeroesMasked
  }

  /// What the steps read.
  package struct Operands {
    let kernel: PackedRecurrentKernel<Scalar>
    let mask: Tensor<Bool>?
    let kept: Tensor<Scalar>?
    let initial: [Tensor<Scalar>?]

    /// - Parameters:
    ///   - mask: which steps count, [batch, steps].
    ///   - kept: the factors by which dropout multiplies states before products, [batch, units].
    ///   - initial: the states before the first step, [batch, units], zeros where there is none; in a pullback, the gradients with
    ///     respect to those after the last one.
    package init(
      _ kernel: PackedRecurrentKernel<Scalar>, mask: Tensor<Bool>?, kept: Tensor<Scalar>?, initial: [Tensor<Scalar>?]
    ) {
      self.kernel = kernel
      self.mask = mask?.contiguous
      self.kept = kept?.contiguous
      self.initial = (0..<2).map { $0 < initial.count ? initial[$0]?.contiguous : nil }
    }
  }

  /// What a pullback needs of the steps, in the input's order.
  package struct Record {
    /// The gates, [batch, steps, …]; a pullback turns them into gradients.
    package fileprivate(set) var gates: Tensor<Scalar>
    /// The states before each step, [batch, steps, units], and those of an LSTM's carry.
    package fileprivate(set) var states: Tensor<Scalar>
    fileprivate var carries: Tensor<Scalar>?
  }

  /// Memory for a record.
  package func makeRecord(batch: Int, steps: Int, _ tensor: ([Int]) -> Tensor<Scalar>) -> Record {
    Record(
      gates: tensor([batch, steps, rule.recordedCount * units]), states: tensor([batch, steps, units]),
      carries: rule == .lstm ? tensor([batch, steps, units]) : nil)
  }

  /// The shape of the memory that the steps use on their way.
  package func scratchShape(batch: Int) -> [Int] { [batch, ck_recurrence_scratch(units)] }

  /// Runs all steps.
  /// - Parameter input: x · kernel + bias for each step, [batch, steps, gates · units].
  /// - Parameter results: the outputs, and the states after the last step.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func run(
    _ input: Tensor<Scalar>, _ operands: Operands, into results: inout RecurrenceResults<Scalar>,
    record: inout Record?, scratch: inout Tensor<Scalar>
  ) {
    let input = input.contiguous
    var call = call(operands, batch: input.layout.shape[0], steps: input.layout.shape[1], &results, &scratch)
    call.input = UnsafeRawPointer(input.firstElement)
    add(&record, to: &call)
    ck_run_recurrence(Kernels.best.table, Scalar.elementType.kernelType, &call)
    withExtendedLifetime((input, operands, results, record, scratch)) {}
  }

  /// Turns the record into gradients.
  /// - Parameter upstream: the gradients with respect to the outputs.
  /// - Parameter initial: receives the gradients with respect to the states before the first step, where wanted.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func pullback(
    _ upstream: Tensor<Scalar>?, isSequence: Bool, _ operands: Operands, record: inout Record?,
    initial: inout [Tensor<Scalar>?], scratch: inout Tensor<Scalar>
  ) {
    let upstream = upstream?.contiguous
    let shape = record!.states.layout.shape
    var results = RecurrenceResults<Scalar>(isSequence: isSequence, output: upstream, states: initial)
    initial = [nil, nil]
    var call = call(operands, batch: shape[0], steps: shape[1], &results, &scratch, isPullback: true)
    add(&record, to: &call)
    ck_pull_back_recurrence(Kernels.best.table, Scalar.elementType.kernelType, &call)
    initial = results.states
    withExtendedLifetime((upstream, operands, results, record, scratch)) {}
  }

  private func call(
    _ operands: Operands, batch: Int, steps: Int, _ results: inout RecurrenceResults<Scalar>,
    _ scratch: inout Tensor<Scalar>, isPullback: Bool = false
  ) -> ck_recurrence {
    var call = ck_recurrence()
    set(&call, batch: batch, steps: steps, operands.kernel)
    call.mask = operands.mask.map { UnsafeRawPointer($0.start).assumingMemoryBound(to: UInt8.self) }
    call.kept = operands.kept.map { UnsafeRawPointer($0.firstElement) }
    let given = operands.initial.map { $0.map { UnsafeMutableRawPointer($0.firstElement) } }
    let made = (0..<2).map { results.states.indices.contains($0) ? results.states[$0]?.ownPlace() : nil }
    let (first, last) = isPullback ? (made, given) : (given, made)
    call.first_states = (first[0], first[1])
    call.last_states = (last[0], last[1])
    let output =
      isPullback ? results.output.map { UnsafeMutableRawPointer($0.firstElement) } : results.output?.ownPlace()
    if results.isSequence { call.sequence = output } else { call.last = output }
    call.scratch = scratch.ownPlace()
    return call
  }

  func set(_ call: inout ck_recurrence, batch: Int, steps: Int, _ kernel: PackedRecurrentKernel<Scalar>) {
    call.rule = rule.kernelRule
    (call.batch, call.steps, call.units) = (batch, steps, units)
    (call.goes_backwards, call.zeroes_masked) = (goesBackwards, zeroesMasked)
    call.keeps_order = keepsOrder
    (call.gate, call.candidate) = (gate.recurrentGate, candidate.recurrentGate)
    call.kernel = UnsafeRawPointer(kernel.kernel.storage.base)
    call.candidate_kernel = kernel.candidate.map { UnsafeRawPointer($0.storage.base) }
    kernel.biases.set(&call)
  }

  private func add(_ record: inout Record?, to call: inout ck_recurrence) {
    call.record = record?.gates.changedPlace()
    call.states = record?.states.changedPlace()
    call.carries = record?.carries?.changedPlace()
  }
}

/// Memory for a recurrence's results.
package struct RecurrenceResults<Scalar: RealScalar> {
  let isSequence: Bool
  /// The outputs of all steps, [batch, steps, units], or the last one, [batch, units].
  package internal(set) var output: Tensor<Scalar>?
  /// The states after the last step, [batch, units].
  package internal(set) var states: [Tensor<Scalar>?]

  package init(isSequence: Bool, output: Tensor<Scalar>?, states: [Tensor<Scalar>?]) {
    self.isSequence = isSequence
    self.output = output
    self.states = states
  }
}

/// A GRU's biases as the steps add them: both at once, but for the one that the reset gate does not multiply.
struct RecurrentBiases<Scalar: RealScalar>: Sendable {
  private let bias: Tensor<Scalar>?
  private let candidate: Tensor<Scalar>?

  /// - Parameter biases: those of the kernel and of the recurrent kernel, [2, 3 · units].
  init(_ biases: Tensor<Scalar>?) {
    let units = (biases?.shape[1] ?? 0) / 3
    bias = biases.map { $0[1] + .concatenated([$0[0, 0..<2 * units], .zeros([units])], axis: 0) }
    candidate = biases.map { $0[0, (2 * units)...].contiguous }
  }

  func set(_ call: inout ck_recurrence) {
    call.bias = bias.map { UnsafeRawPointer($0.firstElement) }
    call.candidate_bias = candidate.map { UnsafeRawPointer($0.firstElement) }
  }
}

extension ProductEpilogue {
  fileprivate var recurrentGate: ck_gate {
    ck_gate(activates: function != nil, function: function ?? ck_rectifier, parameters: parameters)
  }

  /// Whether a gate's slope is computed from its value.
  package var slopeFollowsFromValue: Bool {
    switch function {
    case nil, ck_sigmoid, ck_hyperbolic_tangent, ck_hard_sigmoid, ck_hard_sigmoid_keras2: true
    default: false
    }
  }
}

extension Tensor where Scalar: RealScalar {
  /// Where this tensor's elements are written, which nobody else holds.
  mutating func ownPlace() -> UnsafeMutableRawPointer {
    if !isReusable || !isContiguous { self = Tensor(uninitialized: layout.shape) }
    return UnsafeMutableRawPointer(firstElement)
  }

  /// The same where elements are changed.
  fileprivate mutating func changedPlace() -> UnsafeMutableRawPointer {
    makeUnique()
    return UnsafeMutableRawPointer(firstElement)
  }
}
