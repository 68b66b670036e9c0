internal import Activations
public import Tensor

/// The states of a recurrent layer between two steps that a program computes one at a time: for audio, for control, for
/// text that is generated.
///
/// ```swift
/// var generator = PhiloxGenerator(seed: 1)
/// var lstm = LSTM<Float>(16)
/// try lstm.build(inputShape: [1, 4], using: &generator)
/// var state = try lstm.initialState(batch: 1)
/// for time in 0..<10 {
///   let output = lstm.step(Tensor<Float>(repeating: Float(time), shape: [1, 4]), &state)
///   print(output.max())
/// }
/// ```
///
/// After the first steps, a step allocates nothing, takes no lock and uses no other thread, as long as the program does not
/// keep more than the last output: an output that is kept gets memory of its own. It needs little stack. A step computes
/// to the bit what the layer computes for a whole sequence. The state holds the layer's weights as they were when it was
/// created.
public struct RecurrentState<Scalar: RealScalar>: Sendable {
  private let recurrence: Recurrence<Scalar>
  private var memory: RecurrentStepMemory<Scalar>

  fileprivate init(_ recurrence: Recurrence<Scalar>, _ memory: RecurrentStepMemory<Scalar>) {
    self.recurrence = recurrence
    self.memory = memory
  }

  /// The states, each [batch, units]: of an LSTM, the output and the carry.
  /// - Precondition: there are as many as before, each [batch, units].
  public var values: [Tensor<Scalar>] {
    get { memory.states }
    set {
      require(
        newValue.map(\.shape) == memory.states.map(\.shape),
        "states of the shapes \(newValue.map(\.shape)); allowed: \(memory.states.map(\.shape))")
      memory.states = newValue
    }
  }

  fileprivate mutating func step(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    recurrence.step(x, &memory)
    return memory.states[0]
  }
}

extension RecurrentLayer where Cell: GatedCell {
  /// Returns the states before a first step, which are 0, with all that ``step(_:_:)`` needs.
  /// - Parameter batch: the number of sequences; at least 1.
  /// - Throws: ``LayerError/notBuilt(model:reason:)`` if the layer has no weights yet, or its activations take more than
  ///   single elements.
  public func initialState(batch: Int = 1) throws -> RecurrentState<Scalar> {
    require(batch >= 1, "\(className): states of \(batch) sequences; allowed: at least 1")
    guard isBuilt else {
      throw LayerError.notBuilt(model: className, reason: "a layer without weights has no states; build it first")
    }
    guard let recurrence = cell.recurrence(isDifferentiated: false) else {
      throw LayerError.notBuilt(
        model: className, reason: "single steps take activations of single elements with a kernel")
    }
    let core = cell.core
    return RecurrentState(
      recurrence,
      RecurrentStepMemory(
        recurrence, batch: batch, kernel: core.kernelWeight.value, recurrentKernel: core.recurrentWeight.value,
        bias: core.biasWeight?.value))
  }

  /// Computes one step.
  /// - Parameter x: the step's input, [batch, features].
  /// - Parameter state: the states before the step, from ``initialState(batch:)`` of this layer; afterwards, those after it.
  /// - Returns: the output, [batch, units].
  /// - Precondition: `x` has the batch of the state and the features that the layer was built for.
  public func step(_ x: Tensor<Scalar>, _ state: inout RecurrentState<Scalar>) -> Tensor<Scalar> { state.step(x) }
}
