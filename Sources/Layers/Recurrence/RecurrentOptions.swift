/// What a recurrent layer returns, and in which order it takes the steps.
public struct RecurrentOptions: Hashable, Sendable {
  /// Whether the outputs of all steps are returned, [batch, steps, …], instead of the last one.
  public var returnSequences: Bool
  /// Whether the states after the last step are outputs, too.
  public var returnState: Bool
  /// Whether the steps are taken from the last one to the first. Outputs stand in the order in which they are computed.
  public var goBackwards: Bool
  /// Whether a batch begins with the states after the one before, which Keras's files tell. It has no effect here: models
  /// are values that a call does not change. Pass states on with `returnState`, or by ``RecurrentState``.
  public var stateful: Bool
  /// Whether Keras writes the steps one after another into its graph. It has no effect here.
  public var unroll: Bool
  /// Whether outputs of steps that a mask excludes are 0; by default, they are those of the step before.
  public var zeroOutputForMask: Bool
  /// Whether outputs of steps taken backwards stand in the input's order.
  var keepsOrder = false
  /// Whether all steps count, whatever the input's mask is.
  var ignoresMask = false

  /// Creates options; by default, the last output alone is returned.
  /// - Parameters:
  ///   - returnSequences: whether the outputs of all steps are returned.
  ///   - returnState: whether the states after the last step are outputs, too.
  ///   - goBackwards: whether the steps are taken from the last one to the first.
  ///   - stateful: what Keras's files tell; it has no effect.
  ///   - unroll: what Keras's files tell; it has no effect.
  ///   - zeroOutputForMask: whether outputs of steps that a mask excludes are 0.
  public init(
    returnSequences: Bool = false, returnState: Bool = false, goBackwards: Bool = false, stateful: Bool = false,
    unroll: Bool = false, zeroOutputForMask: Bool = false
  ) {
    self.returnSequences = returnSequences
    self.returnState = returnState
    self.goBackwards = goBackwards
    self.stateful = stateful
    self.unroll = unroll
    self.zeroOutputForMask = zeroOutputForMask
  }
}
