public import Tensor

/// A recurrent layer over any cell, or over several cells, one on another.
///
/// ```swift
/// let layer = RNN([LSTMCell<Float>(64), GRUCell(32)], returnSequences: true)
/// ```
///
/// The input is [batch, steps, …]; see ``RecurrentLayer``. A cell of Keras computes as in ``LSTM``, ``GRU`` and
/// ``SimpleRNN``; any other is recorded step by step.
public struct RNN<Scalar: RealScalar>: RecurrentLayer {
  public var cell: AnyRecurrentCell<Scalar>
  public var options: RecurrentOptions

  /// Creates a recurrent layer over a cell.
  /// - Parameter cell: the cell, which computes a step.
  /// - Parameter options: what the layer returns, and in which order it takes the steps.
  public init(_ cell: any RecurrentCell<Scalar>, options: RecurrentOptions) {
    self.cell = AnyRecurrentCell(cell)
    self.options = options
  }

  /// Creates a recurrent layer over a cell.
  /// - Parameter cell: the cell, which computes a step.
  /// - Parameter returnSequences: whether the outputs of all steps are returned.
  /// - Parameter returnState: whether the states after the last step are outputs, too.
  /// - Parameter goBackwards: whether the steps are taken from the last one to the first.
  /// - Parameter zeroOutputForMask: whether outputs of steps that a mask excludes are 0.
  public init(
    _ cell: any RecurrentCell<Scalar>, returnSequences: Bool = false, returnState: Bool = false,
    goBackwards: Bool = false, zeroOutputForMask: Bool = false
  ) {
    self.init(
      cell,
      options: RecurrentOptions(
        returnSequences: returnSequences, returnState: returnState, goBackwards: goBackwards,
        zeroOutputForMask: zeroOutputForMask))
  }

  /// Creates a recurrent layer over cells, each of which takes the outputs of the one before.
  /// - Parameter cells: the cells; at least one.
  /// - Parameter returnSequences: whether the outputs of all steps are returned.
  /// - Parameter returnState: whether the states after the last step are outputs, too: those of the first cell, then those of
  ///   the second.
  /// - Parameter goBackwards: whether the steps are taken from the last one to the first.
  /// - Parameter zeroOutputForMask: whether outputs of steps that a mask excludes are 0.
  public init(
    _ cells: [any RecurrentCell<Scalar>], returnSequences: Bool = false, returnState: Bool = false,
    goBackwards: Bool = false, zeroOutputForMask: Bool = false
  ) {
    self.init(
      StackedRNNCells(cells), returnSequences: returnSequences, returnState: returnState, goBackwards: goBackwards,
      zeroOutputForMask: zeroOutputForMask)
  }
}
