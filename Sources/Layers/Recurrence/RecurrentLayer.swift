public import Tensor

/// A layer that applies a ``RecurrentCell`` to the steps of a sequence, one after another: ``LSTM``, ``GRU``,
/// ``SimpleRNN``, ``RNN`` and ``ConvLSTM``.
///
/// The input is [batch, steps, …]; further inputs are the initial states, which are 0 by default. Outputs are those of all
/// steps, [batch, steps, …], or the last one, [batch, …], followed by the final states with `returnState`. Steps that the
/// input's mask excludes leave the states as they are; with all outputs, these keep the mask.
public protocol RecurrentLayer<Scalar>: CompositeLayer where Cell.Scalar == Scalar {
  /// The type of the cell.
  associatedtype Cell: RecurrentCell
  /// The cell, which has the weights.
  var cell: Cell { get set }
  /// What the layer returns, and in which order it takes the steps.
  var options: RecurrentOptions { get set }
}

extension RecurrentLayer {
  public var parts: [LayerPart<Scalar>] { [LayerPart("cell", cell, isTrainable: isCellTrainable)] }
  private var isCellTrainable: Bool { (cell as? AnyRecurrentCell<Scalar>)?.isTrainable ?? true }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try cell.forEachWeight(body)
  }

  public var isBuilt: Bool { cell.isBuilt }
  public var outputCount: Int { 1 + (options.returnState ? cell.stateCount : 0) }

  /// The shape of a step of a sequence.
  private func stepShape(_ inputShape: [Int]) throws -> [Int] {
    guard inputShape.count > 1, inputShape[0] > 0 else {
      throw unexpectedShape("[batch, steps, …, features] with at least one step", inputShape)
    }
    return Array(inputShape.dropFirst())
  }

  /// Errors of the cell, in terms of sequences.
  private func naming<Result>(_ inputShape: [Int], _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch LayerError.inputShape(_, let expected, _) {
      let sequence = expected.hasPrefix("[batch") ? "[batch, steps" + expected.dropFirst("[batch".count) : expected
      throw unexpectedShape(sequence, inputShape)
    }
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try outputShapes(for: [inputShape])[0] }

  public func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    let step = try stepShape(inputShapes[0])
    let (output, states) = try naming(inputShapes[0]) {
      (try cell.outputShape(for: step), try cell.stateShapes(for: step))
    }
    guard inputShapes.count == 1 || inputShapes.count == 1 + states.count else {
      throw LayerError.inputCount(layer: className, expected: 1 + states.count, found: inputShapes.count)
    }
    if inputShapes.count > 1 { try requireStates(Array(inputShapes.dropFirst()), states) }
    return [(options.returnSequences ? [inputShapes[0][0]] : []) + output] + (options.returnState ? states : [])
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    if !cell.isBuilt { try cell.build(inputShape: try stepShape(inputShape), using: &generator) }
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try call([x])[0] }

  public func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    let x = inputs[0]
    // A step counts if a part of it does.
    let own = try x.mask?.ofSteps()
    let mask = options.ignoresMask ? nil : own
    let initial = Array(inputs.dropFirst())
    let results = try x.value.recorder.part(isTrainable: isCellTrainable) {
      try allStepsAtOnce(x, mask, initial) ?? stepByStep(x, mask, initial)
    }
    let output = options.returnSequences ? results[0].with(mask: own) : results[0]
    return [output] + results.dropFirst().prefix(options.returnState ? .max : 0)
  }

  // MARK: One operation

  /// The output and the states by a single operation; `nil` if the cell has none.
  private func allStepsAtOnce(
    _ x: Traced<Scalar>, _ mask: TracedMask<Scalar>?, _ initial: [Traced<Scalar>]
  ) throws -> [Traced<Scalar>]? {
    guard let gated = cell.itself as? any GatedCell<Scalar>,
      var recurrence = gated.recurrence(isDifferentiated: x.value.recorder.isDifferentiated)
    else { return nil }
    recurrence.goesBackwards = options.goBackwards
    recurrence.keepsOrder = options.keepsOrder
    recurrence.zeroesMasked = options.zeroOutputForMask
    let core = gated.core
    let bias = core.rule == .gru ? core.biasWeight : nil
    let kept = try x.keptFactors([core.units], rate: core.recurrentDropout)
    let input = try withoutDropped(x, core.dropout).matmul(core.kernelWeight, bias: bias == nil ? core.biasWeight : nil)
    let operation = RecurrenceOperation(
      recurrence, returnsSequence: options.returnSequences, resultStates: options.returnState ? core.stateCount : 0,
      hasBias: bias != nil, initialStates: initial.count, hasMask: mask != nil, isDropped: kept != nil)
    var operands: [any TracedOperand<Scalar>] = [core.recurrentWeight]
    if let bias { operands.append(bias) }
    operands += initial as [any TracedOperand<Scalar>]
    if let mask { operands.append(mask) }
    if let kept { operands.append(kept) }
    return try input.results(of: operation, operands)
  }

  /// Drops features of a sequence, the same ones in all steps; none with a rate of 1, as in Keras.
  private func withoutDropped(_ x: Traced<Scalar>, _ rate: Double) throws -> Traced<Scalar> {
    rate < 1 ? try Dropout(rate, noiseShape: [nil, 1, nil]).call(x) : x
  }

  // MARK: One operation after another

  private func stepByStep(
    _ x: Traced<Scalar>, _ mask: TracedMask<Scalar>?, _ initial: [Traced<Scalar>]
  ) throws -> [Traced<Scalar>] {
    let inputs = try x.stepsOfSequence()
    let stateShapes = try cell.stateShapes(for: inputs[0].shape)
    var states = try initial.isEmpty ? stateShapes.map { try x.zeros($0) } : initial
    let run = try cell.steps(from: inputs[0])
    var outputs = [Traced<Scalar>?](repeating: nil, count: inputs.count)
    var last: Traced<Scalar>?
    for step in inputs.indices {
      let time = options.goBackwards ? inputs.count - 1 - step : step
      let results = try run(inputs[time], states)
      requireStates(Array(results.dropFirst()), stateShapes)
      var output = results[0]
      if let mask {
        let other = options.zeroOutputForMask ? nil : cell.outputBefore(states, last, shape: output.shape)
        output = try output.selected(by: mask, at: time, otherwise: try other ?? x.zeros(output.shape))
        states = try zip(results.dropFirst(), states).map { try $0.selected(by: mask, at: time, otherwise: $1) }
      } else {
        states = Array(results.dropFirst())
      }
      outputs[options.keepsOrder ? time : step] = output
      last = output
    }
    guard options.returnSequences else { return [last!] + states }
    return [try .sequence(of: outputs.map { $0! })] + states
  }

  /// Stops the program if a cell's states change their number or shape.
  private func requireStates(_ found: [Traced<Scalar>], _ expected: [[Int]]) {
    require(
      found.map(\.shape) == expected,
      "\(className): a step of the cell \(cell.className) gave states of the shapes \(found.map(\.shape)); expected: \(expected) by stateShapes(for:)"
    )
  }
}

extension Layer {
  /// The layer, for a call whose mask a recurrent layer does not get.
  package var withoutMaskOfSequences: any Layer<Scalar> {
    if var layer = self as? any RecurrentLayer<Scalar> {
      layer.options.ignoresMask = true
      return layer
    }
    return (self as? Bidirectional<Scalar>)?.ignoringMask ?? self
  }
}

extension RecurrentCell {
  /// The cell, without a wrapper.
  var itself: any RecurrentCell<Scalar> { (self as? AnyRecurrentCell<Scalar>)?.cell ?? self }

  /// The output that stands for that of a step that does not count: the state that is the output of cells, else the step
  /// before's output.
  fileprivate func outputBefore(
    _ states: [Traced<Scalar>], _ last: Traced<Scalar>?, shape: [Int]
  ) -> Traced<Scalar>? {
    let place = (itself as? StackedRNNCells<Scalar>)?.placeOfLastCell ?? 0
    return states.indices.contains(place) && states[place].shape == shape ? states[place] : last
  }
}

extension Traced {
  /// The steps of samples [steps, …].
  func stepsOfSequence() throws -> [Traced] {
    try split(lengths: [Int](repeating: 1, count: shape[0]), axis: 0).map { try $0.reshaped(Array(shape.dropFirst())) }
  }

  /// Samples [steps, …] from their steps.
  static func sequence(of steps: [Traced]) throws -> Traced {
    let rows = try steps.map { try $0.reshaped([1] + $0.shape) }
    return try rows[0].concatenated(with: Array(rows.dropFirst()), axis: 0)
  }
}
