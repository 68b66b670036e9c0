internal import Tensor

/// A plan with the memory of its runs, which it keeps for the next. It runs once at a time.
final class Computation<Scalar: RealScalar> {
  let plan: Plan<Scalar>
  let context: Context<Scalar>
  private let steps: [Step<Scalar>]
  /// The plan's weights that gradients change, with their numbers in the optimizer.
  let trainedWeights: [(number: Int, weight: Int)]
  let regularizedWeights: [Int]
  /// The batch and the kind of the last run: a run like it gives results of the same shapes.
  private var checkedRun = (batch: -1, isRecording: false)

  init(_ plan: Plan<Scalar>) {
    self.plan = plan
    steps = plan.steps.map { $0.copied() }
    trainedWeights = plan.trainedWeights
    regularizedWeights = plan.weights.indices.filter {
      plan.weights[$0].isTrainable && plan.weights[$0].regularizer != nil
    }
    context = Context(
      values: plan.shapes.count, masks: plan.capacity(for: .masks), integers: plan.capacity(for: .integers),
      weights: plan.weights.count, constants: plan.constants, generators: plan.generatorParents.count)
  }

  /// Whether inputs are batches of the plan's samples.
  func takes(_ inputs: [Tensor<Scalar>]) -> Bool {
    guard inputs.count == plan.inputCount else { return false }
    for (index, input) in inputs.enumerated() where !input.layout.isBatch(of: plan.shapes[index]) { return false }
    return true
  }

  func takes(_ input: Tensor<Scalar>) -> Bool { plan.inputCount == 1 && input.layout.isBatch(of: plan.shapes[0]) }

  func setInput(_ index: Int, _ value: consuming Tensor<Scalar>) { context.values[index] = value }

  /// Returns an output; in inference, its memory passes to the caller.
  func output(_ index: Int) -> Tensor<Scalar> {
    switch plan.outputs[index] {
    case .value(let number): context.values[number]!
    case .weight(let number): context.weights[number]
    case .constant(let number): context.constants[number]
    }
  }

  /// The mask of an output, if it has one and a loss is computed.
  func outputMask(_ index: Int) -> Tensor<Bool>? { plan.outputMasks[index].flatMap { context.masks[$0] } }

  func takeOutput(_ index: Int) -> Tensor<Scalar> {
    guard case .value(let number) = plan.outputs[index] else { return output(index) }
    return context.values[number].take()!
  }

  func releaseOutputs() {
    for case .value(let number) in plan.outputs { context.values[number] = nil }
    for case let number? in plan.outputMasks { context.masks[number] = nil }
  }

  // MARK: Forwards

  /// Computes the outputs from the inputs without a later pullback.
  func infer() throws {
    context.isRecording = false
    context.penalty = 0
    let batch = context.values[0]!.layout.shape[0]
    try context.workspace.lend {
      for step in steps {
        try run(step, batch) { try step.infer(context) }
        for number in step.lastUses { context.release(number) }
      }
    }
    checkedRun = (batch, false)
  }

  /// Computes the outputs from the inputs, for a pullback.
  func forward(using generator: inout PhiloxGenerator) throws {
    context.isRecording = true
    context.penalty = 0
    context.changes.removeAll(keepingCapacity: true)
    splitGenerators(&generator)
    let batch = context.values[0]!.layout.shape[0]
    for step in steps { try run(step, batch) { try step.forward(context) } }
    checkedRun = (batch, true)
  }

  private func splitGenerators(_ generator: inout PhiloxGenerator) {
    context.generators[0] = generator.split()
    if !plan.isRandom { return }
    for index in 1..<max(1, plan.generatorParents.count) {
      context.generators[index] = context.generators[plan.generatorParents[index]].split()
    }
  }

  private func run(_ step: Step<Scalar>, _ batch: Int, _ body: () throws -> Void) throws {
    context.step = step
    do {
      try body()
    } catch let error as LayerError {
      throw error.named(along: step.site)
    }
    if checkedRun != (batch, context.isRecording) { requireShapes(of: step, batch) }
  }

  private func requireShapes(of step: Step<Scalar>, _ batch: Int) {
    for result in step.results {
      guard let shape = context.shape(step.kind, result) else {
        trap("\(step.site): the forward computation gave no result")
      }
      require(
        shape == [batch] + plan.shapes[result],
        "\(step.site): forward gave the shape \(shape); expected: \([batch] + plan.shapes[result])")
    }
  }

  // MARK: Backwards

  /// Sets the gradient with respect to an output.
  func setUpstream(_ index: Int, _ gradient: consuming Tensor<Scalar>) {
    guard case .value(let number) = plan.outputs[index] else { return }
    if context.gradients[number] == nil {
      context.gradients[number] = gradient
    } else {
      context.gradients[number]! += gradient
    }
  }

  /// Computes the gradients with respect to weights and inputs from those with respect to the outputs, and releases the
  /// memory of the forward computation.
  /// - Parameter descentRate: if given, plain gradient descent changes weights while their gradients are computed.
  func pullback(descentRate: Scalar? = nil) throws {
    for index in context.hasWeightGradient.indices { context.hasWeightGradient[index] = false }
    if let descentRate {
      context.descends = plan.descendable
      context.descentRate = descentRate
    }
    for step in steps.reversed() {
      if step.isPulledBack && isReached(step) {
        context.step = step
        do {
          try step.pullback(context)
        } catch let error as LayerError {
          throw error.named(along: step.site)
        }
        requireGradients(by: step)
      } else {
        step.forget()
      }
      for result in step.results {
        if let gradient = context.gradients[result].take() { context.workspace.recycle(gradient) }
        context.release(result)
      }
    }
    if descentRate != nil { for index in context.descends.indices { context.descends[index] = false } }
  }

  /// Returns the gradient with respect to an input, after a pullback; zeros if nothing depends on it.
  func takeInputGradient(_ index: Int) -> Tensor<Scalar> {
    context.gradients[index].take() ?? .zeros(context.values[index]!.shape)
  }

  func releaseInputs() {
    for index in 0..<plan.inputCount {
      if let value = context.values[index].take() { context.workspace.recycle(value) }
      context.gradients[index] = nil
    }
  }

  /// Whether an output depends on the step.
  private func isReached(_ step: Step<Scalar>) -> Bool {
    for result in step.results where context.gradients[result] != nil { return true }
    return false
  }

  /// A pullback that omits an operand would train with wrong gradients.
  private func requireGradients(by step: Step<Scalar>) {
    for (index, isNeeded) in step.needsGradient.enumerated() where isNeeded {
      let isThere =
        switch step.operands[index] {
        case .value(let number): context.gradients[number] != nil
        case .weight(let number): context.hasWeightGradient[number]
        case .constant: true
        }
      require(isThere, "\(step.site): the pullback gave no gradient of operand \(index), which is needed")
    }
  }

  /// Resets a computation that was not completed.
  func reset() {
    for step in steps { step.forget() }
    for index in context.values.indices {
      context.release(index)
      context.gradients[index] = nil
    }
    context.changes = []
    for index in context.descends.indices { context.descends[index] = false }
  }
}

extension LayerError {
  /// The same error, with the names of the enclosing layers.
  func named(along site: CallSite) -> LayerError { site.names.reversed().reduce(self) { $0.named($1) } }
}
