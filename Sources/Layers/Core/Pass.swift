public import Tensor

/// One computation of a layer on a batch: how it is to compute, what it keeps for its pullback, and memory for results.
///
/// A model keeps one for each use of a layer and passes it again with the next batch, so that in a loop over batches nothing is
/// allocated. One computation at a time has it.
public final class Pass<Scalar: RealScalar> {
  /// Whether dropout, noise and batch statistics are at work.
  public internal(set) var isTraining: Bool {
    get { mode.isTraining }
    set { mode.isTraining = newValue }
  }
  /// Whether the layer's weights are being trained. Batch normalisation that is frozen computes as in use.
  public internal(set) var isTrainable: Bool {
    get { mode.isTrainable }
    set { mode.isTrainable = newValue }
  }
  /// Whether the layer is to leave out its ``Layer/lastActivation``, in the forward computation and in the pullback.
  public internal(set) var leavesOutActivation: Bool {
    get { mode.leavesOutActivation }
    set { mode.leavesOutActivation = newValue }
  }
  /// Whether a loss is computed, to which ``addPenalty(_:)`` may add: in training and evaluation.
  public var hasLoss: Bool { mode.hasLoss }
  /// What gradients are multiplied by, those of penalties too.
  public var lossScale: Double { mode.lossScale }
  /// Whether anything asks for the gradient by the input. Where not, a pullback may return anything.
  public internal(set) var needsInputGradient = true
  /// For dropout and noise; a generator of its own for each computation. A copy in the pullback repeats its numbers.
  public internal(set) var generator: PhiloxGenerator

  /// What the layer keeps from the forward computation for the pullback. Taken back for reuse after it.
  public var saved: [Tensor<Scalar>] = []
  /// Anything else that it keeps.
  public var state: (any Sendable)?

  /// What the layer adds to the loss, for ``Regularizer``s of outputs: a sum over the batch is to be divided by its size.
  public internal(set) var penalty = 0.0

  struct Mode: Equatable {
    var isTraining = false
    var isTrainable = true
    var leavesOutActivation = false
    var hasLoss = false
    var lossScale = 1.0
  }

  var mode: Mode
  let workspace: Workspace<Scalar>
  /// Those of the layers inside, where the layer is a model.
  var children: [Pass] = []
  /// The tensors between the layers inside.
  var values: [Tensor<Scalar>?] = []
  /// The shapes of a sample's tensors between the layers inside, as those said when they were asked last.
  var shapes: [[Int]] = []
  /// Whether the model's layers have been found to have their weights.
  var isKnownToBeBuilt = false

  init(
    training: Bool = false, generator: PhiloxGenerator = PhiloxGenerator(seed: 0),
    workspace: Workspace<Scalar> = Workspace()
  ) {
    mode = Mode(isTraining: training, hasLoss: training)
    self.generator = generator
    self.workspace = workspace
  }

  /// A tensor of this shape with undefined elements, which nobody else holds: memory that was given back, if there is some.
  public func tensor(_ shape: [Int]) -> Tensor<Scalar> { workspace.tensor(shape) }

  /// Gives back a tensor's memory, unless somebody else holds it.
  public func recycle(_ x: consuming Tensor<Scalar>) { workspace.recycle(x) }

  /// Gives back what the forward computation kept.
  func recycleSaved() {
    while let tensor = saved.popLast() { workspace.recycle(tensor) }
    state = nil
  }

  /// Adds to the loss. The pullback has to add its gradient.
  public func addPenalty(_ value: Double) { penalty += value }
}
