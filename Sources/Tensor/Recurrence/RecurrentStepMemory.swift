internal import CKernels

/// What single steps of a recurrent layer need: packed kernels, biases, states and memory.
package struct RecurrentStepMemory<Scalar: RealScalar>: Sendable {
  /// The states, [batch, units].
  package var states: [Tensor<Scalar>]
  /// The memory of the states before the last step, for those after the next one.
  fileprivate var others: [Tensor<Scalar>]
  fileprivate let kernel: PackedMatrix<Scalar>
  fileprivate let recurrentKernel: PackedRecurrentKernel<Scalar>
  /// The bias of x · kernel, where the recurrent product has none.
  fileprivate let inputBias: Tensor<Scalar>?
  fileprivate var scratch: Tensor<Scalar>

  /// - Parameters:
  ///   - kernel: [features, gates · units]
  ///   - recurrentKernel: [units, gates · units]
  ///   - bias: [gates · units], or a GRU's two.
  package init(
    _ recurrence: Recurrence<Scalar>, batch: Int, kernel: Tensor<Scalar>, recurrentKernel: Tensor<Scalar>,
    bias: Tensor<Scalar>?
  ) {
    let count = recurrence.rule == .lstm ? 2 : 1
    func zeros() -> [Tensor<Scalar>] { (0..<count).map { _ in Tensor.zeros([batch, recurrence.units]) } }
    states = zeros()
    others = zeros()
    self.kernel = PackedMatrix(kernel)
    let isGRU = recurrence.rule == .gru
    self.recurrentKernel = recurrence.rule.packed(recurrentKernel, biases: isGRU ? bias : nil)
    inputBias = isGRU ? nil : bias?.contiguous
    scratch = Tensor(uninitialized: recurrence.scratchShape(batch: batch))
  }
}

extension Recurrence {
  /// One step, on the calling thread alone.
  /// - Parameter x: [batch, features]
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func step(_ x: Tensor<Scalar>, _ memory: inout RecurrentStepMemory<Scalar>) {
    let batch = memory.scratch.layout.shape[0]
    require(
      x.rank == 2 && x.layout.shape[0] == batch && x.layout.shape[1] == memory.kernel.rows,
      "a step of the shape \(x.shape); allowed: \([batch, memory.kernel.rows]), the batch of the state and the layer's features"
    )
    let x = x.contiguous
    var call = ck_recurrence()
    set(&call, batch: batch, steps: 1, memory.recurrentKernel)
    call.x = UnsafeRawPointer(x.firstElement)
    call.x_kernel = UnsafeRawPointer(memory.kernel.storage.base)
    call.x_bias = memory.inputBias.map { UnsafeRawPointer($0.firstElement) }
    (call.x_length, call.x_columns) = (memory.kernel.rows, memory.kernel.columns)
    let hasCarry = memory.states.count > 1
    for index in memory.states.indices where !memory.states[index].isContiguous {
      memory.states[index] = memory.states[index].copied()
    }
    call.first_states.0 = UnsafeMutableRawPointer(memory.states[0].firstElement)
    call.last_states.0 = memory.others[0].ownPlace()
    if hasCarry {
      call.first_states.1 = UnsafeMutableRawPointer(memory.states[1].firstElement)
      call.last_states.1 = memory.others[1].ownPlace()
    }
    call.scratch = memory.scratch.ownPlace()
    ck_step_recurrence(Kernels.best.table, Scalar.elementType.kernelType, &call)
    swap(&memory.states, &memory.others)
    withExtendedLifetime((x, memory)) {}
  }
}
