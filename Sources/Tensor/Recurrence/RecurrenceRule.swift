internal import CKernels

/// What a recurrent layer does with a step.
package enum RecurrenceRule: Hashable, Sendable {
  case simple, lstm, gru
  /// A GRU whose reset gate comes before the product with the recurrent kernel.
  case earlyResetGRU

  var kernelRule: ck_recurrence_rule {
    switch self {
    case .simple: ck_simple_recurrence
    case .lstm: ck_lstm_recurrence
    case .gru: ck_gru_recurrence
    case .earlyResetGRU: ck_early_reset_recurrence
    }
  }

  /// The columns of kernels for each unit: a SimpleRNN's output, an LSTM's gates i, f, c and o, a GRU's z, r and h.
  package var gateCount: Int {
    switch self {
    case .simple: 1
    case .lstm: 4
    case .gru, .earlyResetGRU: 3
    }
  }

  /// The numbers for each unit that a pullback needs of a step's gates.
  var recordedCount: Int { Int(ck_recorded_gates(kernelRule)) }
}

/// A recurrent kernel in the order in which the steps' products, or those of their pullback, read it, and the biases that the
/// steps add.
package struct PackedRecurrentKernel<Scalar: RealScalar>: Sendable {
  let kernel: PackedMatrix<Scalar>
  var candidate: PackedMatrix<Scalar>?
  var biases = RecurrentBiases<Scalar>(nil)
}

extension RecurrenceRule {
  /// - Parameters:
  ///   - kernel: [units, gates · units]
  ///   - biases: a GRU's, [2, 3 · units]: of its kernel and of its recurrent kernel.
  package func packed<Scalar: RealScalar>(
    _ kernel: Tensor<Scalar>, biases: Tensor<Scalar>?
  ) -> PackedRecurrentKernel<Scalar> {
    let added = RecurrentBiases(biases)
    guard self == .earlyResetGRU else { return PackedRecurrentKernel(kernel: PackedMatrix(kernel), biases: added) }
    let (gates, candidate) = parts(kernel)
    return PackedRecurrentKernel(
      kernel: PackedMatrix(gates), candidate: PackedMatrix(candidate), biases: added)
  }

  package func packedForPullback<Scalar: RealScalar>(_ kernel: Tensor<Scalar>) -> PackedRecurrentKernel<Scalar> {
    guard gateCount == 3 else {
      return PackedRecurrentKernel(kernel: PackedMatrix(kernel.transposed))
    }
    let (gates, candidate) = parts(kernel)
    return PackedRecurrentKernel(
      kernel: PackedMatrix(gates.transposed), candidate: PackedMatrix(candidate.transposed))
  }

  /// A GRU's kernel for both gates, and the candidate's.
  func parts<Scalar: RealScalar>(_ kernel: Tensor<Scalar>) -> (gates: Tensor<Scalar>, candidate: Tensor<Scalar>) {
    let units = kernel.shape[0]
    return (kernel[.ellipsis, 0..<2 * units], kernel[.ellipsis, (2 * units)...])
  }
}
