internal import Tensor

/// The computation of a layer or model for samples of a shape: an ordered list of operations on numbered values and
/// weights.
final class Plan<Scalar: RealScalar> {
  /// One step for every operation; a computation has its own copies.
  private(set) var steps: [Step<Scalar>]
  let isDifferentiated: Bool
  /// The shapes of samples, by value; the inputs come first.
  let shapes: [[Int]]
  let inputCount: Int
  private(set) var outputs: [Slot]
  /// The numbers of the outputs' masks, if a loss needs them.
  let outputMasks: [Int?]
  let weights: [PlannedWeight<Scalar>]
  let constants: [Tensor<Scalar>]
  let generatorParents: [Int]
  let isRandom: Bool
  /// Activations that fusion has moved to the losses, by output.
  private(set) var lastActivations: [Activation<Scalar>?]
  /// The weights that plain gradient descent may change while their gradients are computed.
  private(set) var descendable: [Bool] = []

  /// The properties that determine the plan's rewrites.
  struct Request {
    /// Whether gradients with respect to the inputs are needed.
    var needsInputGradients = false
    /// Whether a loss includes an output's last activation.
    var takesOver: (_ output: Int, Activation<Scalar>) -> Bool = { _, _ in false }
    /// Whether rewrites are applied. Without them, a plan computes the same, but more slowly.
    var isFused = true
  }

  init(
    _ recorder: Recorder<Scalar>, inputCount: Int, outputs: [Traced<Scalar>], weights: [PlannedWeight<Scalar>],
    _ request: Request = Request()
  ) {
    isDifferentiated = recorder.isDifferentiated
    shapes = recorder.shapes
    self.inputCount = inputCount
    self.outputs = outputs.map(\.value.slot)
    outputMasks = outputs.map { output in
      guard output.hasLoss, case .value(let number)? = output.mask?.value.slot else { return nil }
      return number
    }
    self.weights = weights
    constants = recorder.constants
    generatorParents = recorder.generatorParents
    isRandom = recorder.steps.contains(where: \.isRandom)
    steps = recorder.steps
    lastActivations = [Activation<Scalar>?](repeating: nil, count: outputs.count)
    removeUnusedMasks()
    if request.isFused {
      for index in outputs.indices {
        lastActivations[index] = LossFusion.takeLastActivation(
          of: index, &self.outputs, &steps, where: request.takesOver)
      }
      if !isDifferentiated {
        PackingFusion.apply(to: &steps)
        NormalizationFusion.apply(to: &steps, outputs: self.outputs)
        SumFusion.apply(to: &steps, outputs: self.outputs, shapes: shapes)
        SharedPackingFusion.apply(to: &steps)
      }
      ActivationFusion.apply(to: &steps, outputs: self.outputs)
    }
    if isDifferentiated { planGradients(request.needsInputGradients) }
    planLastUses()
    if request.isFused && isDifferentiated { descendable = DescentFusion.descendable(steps, weights) }
  }

  /// The number of places for masks or integers; 0 if there are none.
  func capacity(for kind: TensorKind) -> Int { steps.contains { $0.kind == kind } ? shapes.count : 0 }

  private func removeUnusedMasks() {
    guard steps.contains(where: { $0.kind == .masks }) else { return }
    var isUsed = Set(outputs + outputMasks.compactMap { $0.map(Slot.value) })
    let kept = steps.reversed().filter { step in
      guard step.kind != .masks || step.results.contains(where: { isUsed.contains(.value($0)) }) else { return false }
      isUsed.formUnion(step.operands)
      return true
    }
    steps = kept.reversed()
  }

  /// Determines the operands whose gradients are needed.
  private func planGradients(_ needsInputGradients: Bool) {
    var needsGradient = [Bool](repeating: false, count: shapes.count)
    for input in 0..<inputCount { needsGradient[input] = needsInputGradients }
    for step in steps {
      step.needsGradient = step.operands.map { operand in
        switch operand {
        case .value(let number): needsGradient[number]
        case .weight(let number): step.site.isTrainable && weights[number].isTrained
        case .constant: false
        }
      }
      step.isPulledBack = step.kind == .reals && step.needsGradient.contains(true)
      if step.isPulledBack { for result in step.results { needsGradient[result] = true } }
    }
  }

  private func planLastUses() {
    var isNeeded = Set<Int>()
    for case .value(let output) in outputs { isNeeded.insert(output) }
    for case let mask? in outputMasks { isNeeded.insert(mask) }
    for step in steps.reversed() {
      step.lastUses = step.results.filter { !isNeeded.contains($0) }
      for case .value(let operand) in step.operands where isNeeded.insert(operand).inserted {
        step.lastUses.append(operand)
      }
    }
  }
}

/// A plan's description of a weight, whose value is passed to the computation.
struct PlannedWeight<Scalar: RealScalar>: Sendable {
  /// The path of names under which its gradient is found: `hidden/kernel`.
  let path: String
  /// The name in messages: `Dense "hidden": kernel`.
  let title: String
  let shape: [Int]
  /// Whether gradients can change it.
  let isTrainable: Bool
  /// Whether gradients change it now: its layer is not frozen.
  let isTrained: Bool
  let regularizer: Regularizer<Scalar>?
  let constraint: Constraint<Scalar>?
}
