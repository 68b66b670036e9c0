/// The gradients of a recurrent layer, from a record that a pullback has turned into those of each step.
package struct RecurrentGradients<Scalar: RealScalar> {
  private let rule: RecurrenceRule
  private let units: Int
  private let gates: Tensor<Scalar>
  /// The states that the recurrent kernel multiplies, [batch, steps, units].
  private let states: Tensor<Scalar>

  /// - Parameter kept: the factors of the states by dropout, [batch, units].
  package init(_ recurrence: Recurrence<Scalar>, _ record: Recurrence<Scalar>.Record, kept: Tensor<Scalar>?) {
    rule = recurrence.rule
    units = recurrence.units
    gates = record.gates
    states = kept.map { record.states * $0.expanded(axis: 1) } ?? record.states
  }

  /// With respect to x · kernel, [batch, steps, gates · units].
  package var ofInput: Tensor<Scalar> {
    let columns = rule.gateCount * units
    return columns == gates.layout.shape[2] ? gates : gates[.ellipsis, 0..<columns]
  }

  /// With respect to the candidate's part of the product with the recurrent kernel.
  private var ofCandidate: Tensor<Scalar> { gates[.ellipsis, (3 * units)...] }

  /// Writes alpha · the gradient with respect to the recurrent kernel + beta · what is there.
  package func addRecurrentKernel(to gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar) {
    func product(_ states: Tensor<Scalar>, _ gates: Tensor<Scalar>) -> BlockedProduct<Scalar> {
      BlockedProduct(reordering: states.rowMatrix, gates.rowMatrix, transposingFirst: true, alpha: alpha)
    }
    guard rule.gateCount == 3 else { return product(states, gates).add(to: &gradient, times: beta) }
    product(states, gates[.ellipsis, 0..<2 * units]).write(columnsFrom: 0, of: &gradient, times: beta)
    // What the reset gate left of the states is recorded where the candidate's gradients would be.
    let (left, right) = rule == .gru ? (states, ofCandidate) : (ofCandidate, gates[.ellipsis, 2 * units..<3 * units])
    product(left, right).write(columnsFrom: 2 * units, of: &gradient, times: beta)
  }

  /// The same with respect to a GRU's biases, [2, 3 · units].
  package func addBiases(to gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar) {
    let sums = gates.rowMatrix.sum(axis: 0) * alpha
    let biases: Tensor<Scalar> = .stacked([
      sums[0..<3 * units], .concatenated([sums[0..<2 * units], sums[(3 * units)...]], axis: 0),
    ])
    gradient = beta == 0 ? biases : gradient * beta + biases
  }
}
