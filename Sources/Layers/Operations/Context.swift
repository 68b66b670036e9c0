public import Tensor

/// What an operation computes with: its operands, the gradients by its results, memory, and where its results go.
///
/// Numbers of operands and results are the operation's own. A context is used by one computation at a time and keeps its memory,
/// that of every tensor which is made meanwhile: in a loop over batches nothing is allocated after the first.
public final class Context<Scalar: RealScalar> {
  /// Those of the plan, by their numbers.
  var values: [Tensor<Scalar>?]
  /// Those of the plan that are masks and integers, by their numbers among the values; empty where there are none.
  var masks: [Tensor<Bool>?]
  var integers: [Tensor<Int64>?]
  /// The gradients by them.
  var gradients: [Tensor<Scalar>?]
  /// The values of the weights. Only the context holds them while weights are trained.
  var weights: [Tensor<Scalar>] = []
  /// Counts how often they have been replaced.
  var weightsVersion = 0
  /// The gradients by the weights, whose memory is kept from step to step.
  var weightGradients: [Tensor<Scalar>?]
  /// Whether this step has written them.
  var hasWeightGradient: [Bool]
  /// Whether a pullback takes the gradient by a weight off it at once, and how fast; see ``Plan/descends``.
  var descends: [Bool]
  var descentRate: Scalar = 0

  var step: Step<Scalar>!
  /// Whether a pullback may follow.
  var isRecording = false
  /// By use of a layer.
  var generators: [PhiloxGenerator]
  /// The values that weights shall have after this step, where the forward computation changes them.
  var changes: [(weight: Int, value: Tensor<Scalar>)] = []
  let workspace = Workspace<Scalar>()
  /// What is added to the loss.
  var penalty = 0.0

  /// What gradients are multiplied by, those of penalties too.
  public internal(set) var lossScale = 1.0

  init(values: Int, masks: Int, integers: Int, weights: Int, generators: Int) {
    self.values = [Tensor<Scalar>?](repeating: nil, count: values)
    self.masks = [Tensor<Bool>?](repeating: nil, count: masks)
    self.integers = [Tensor<Int64>?](repeating: nil, count: integers)
    gradients = [Tensor<Scalar>?](repeating: nil, count: values)
    weightGradients = [Tensor<Scalar>?](repeating: nil, count: weights)
    hasWeightGradient = [Bool](repeating: false, count: weights)
    descends = hasWeightGradient
    self.generators = [PhiloxGenerator](repeating: PhiloxGenerator(seed: 0), count: max(1, generators))
  }

  // MARK: Operands and results

  /// How many operands there are.
  public var operandCount: Int { step.operands.count }

  /// An operand. What the pullback needs of it, the residual keeps; weights alone are read again.
  public func operand(_ index: Int) -> Tensor<Scalar> {
    switch step.operands[index] {
    case .value(let number):
      if let value = values[number] { value } else { trapForKind(index, "reals") }
    case .weight(let number): weights[number]
    }
  }

  /// An operand that is a mask. Traps for others.
  public func mask(_ index: Int) -> Tensor<Bool> {
    guard case .value(let number) = step.operands[index], number < masks.count, let mask = masks[number] else {
      trapForKind(index, "a mask")
    }
    return mask
  }

  /// An operand that is integers. Traps for others.
  public func integers(_ index: Int) -> Tensor<Int64> {
    guard case .value(let number) = step.operands[index], number < integers.count, let tensor = integers[number] else {
      trapForKind(index, "integers")
    }
    return tensor
  }

  private func trapForKind(_ index: Int, _ wanted: String) -> Never {
    let found =
      switch step.operands[index] {
      case .weight: "a weight"
      case .value(let number) where number < masks.count && masks[number] != nil: "a mask"
      case .value(let number) where number < integers.count && integers[number] != nil: "integers"
      case .value(let number): values[number] == nil ? "taken already" : "reals"
      }
    trap("\(step.site): \(step.operationName) reads operand \(index) as \(wanted); it is \(found)")
  }

  /// An operand whose memory may be overwritten where nobody else needs it; for the last time.
  public func take(_ index: Int) -> Tensor<Scalar> {
    guard !isRecording, case .value(let number) = step.operands[index], step.lastUses.contains(number),
      step.operands.count == 1 || step.operands.count(where: { $0 == .value(number) }) == 1
    else { return operand(index) }
    guard let value = values[number].take() else { trapForKind(index, "reals") }
    return value
  }

  /// Hands a result over.
  public func give(_ result: consuming Tensor<Scalar>, as index: Int = 0) { values[step.results[index]] = result }

  /// Hands a mask over. Traps where the operation's results are none.
  public func give(mask: consuming Tensor<Bool>, as index: Int = 0) {
    requireResults(.masks)
    masks[step.results[index]] = mask
  }

  /// Hands integers over. Traps where the operation's results are none.
  public func give(integers tensor: consuming Tensor<Int64>, as index: Int = 0) {
    requireResults(.integers)
    integers[step.results[index]] = tensor
  }

  private func requireResults(_ kind: TensorKind) {
    require(
      step.kind == kind,
      "\(step.site): \(step.operationName) gives \(kind); its results are \(step.kind) by ResultScalar")
  }

  /// The shape of a result, if it is there.
  func shape(_ kind: TensorKind, _ number: Int) -> [Int]? {
    switch kind {
    case .reals: values[number]?.shape
    case .masks: masks[number]?.shape
    case .integers: integers[number]?.shape
    }
  }

  /// Lets go of a value that nobody takes any more.
  func release(_ number: Int) {
    if let value = values[number].take() {
      workspace.recycle(value)
    } else {
      if number < masks.count { masks[number] = nil }
      if number < integers.count { integers[number] = nil }
    }
  }

  // MARK: Gradients

  /// The gradient by the only result; its memory may be reused.
  public func upstream() -> Tensor<Scalar> { gradients[step.results[0]].take()! }

  /// The gradient by one of several results; none where nothing depends on it.
  public func upstream(_ index: Int) -> Tensor<Scalar>? { gradients[step.results[index]].take() }

  /// Whether anything asks for the gradient by an operand. Others may be given and are passed over.
  public func needsGradient(of index: Int) -> Bool { step.needsGradient[index] }

  /// Hands over the gradient by an operand. Traps for one that has not the operand's shape.
  public func give(_ gradient: consuming Tensor<Scalar>, of index: Int) {
    guard step.needsGradient[index] else { return recycle(gradient) }
    switch step.operands[index] {
    case .value(let number):
      requireShape(gradient.layout, values[number]!.layout, index)
      if gradients[number] == nil {
        gradients[number] = gradient
      } else {
        gradients[number]! += gradient
        recycle(gradient)
      }
    case .weight(let number):
      requireShape(gradient.layout, weights[number].layout, index)
      if hasWeightGradient[number] || descends[number] {
        accumulate(number) { sum, alpha, _ in sum.add(gradient, scaledBy: alpha) }
        recycle(gradient)
      } else {
        weightGradients[number] = gradient
        hasWeightGradient[number] = true
      }
    }
  }

  /// Lets `body` write alpha · gradient + beta · what stands there: into the gradient by a weight, or, where the step takes plain
  /// descent off the weight, into that. The weight is not read afterwards.
  func accumulate(
    of index: Int, _ body: (inout Tensor<Scalar>, _ alpha: Scalar, _ beta: Scalar) throws -> Void
  ) rethrows {
    guard step.needsGradient[index] else { return }
    switch step.operands[index] {
    case .weight(let number): try accumulate(number, body)
    case .value(let number):
      let isFirst = gradients[number] == nil
      var sum = gradients[number].take() ?? tensor(values[number]!.shape)
      try body(&sum, 1, isFirst ? 0 : 1)
      gradients[number] = sum
    }
  }

  private func accumulate(
    _ weight: Int, _ body: (inout Tensor<Scalar>, _ alpha: Scalar, _ beta: Scalar) throws -> Void
  ) rethrows {
    if descends[weight] {
      try body(&weights[weight], -descentRate, 1)
    } else {
      var sum = weightGradients[weight].take() ?? Tensor(uninitialized: weights[weight].shape)
      try body(&sum, 1, hasWeightGradient[weight] ? 1 : 0)
      weightGradients[weight] = sum
    }
    hasWeightGradient[weight] = true
  }

  private func requireShape(_ found: Layout, _ expected: Layout, _ index: Int) {
    require(
      found.shape == expected.shape,
      "\(step.site): the pullback gave a gradient of the shape \(found.shape) for operand \(index) of the shape \(expected.shape)"
    )
  }

  // MARK: Training

  /// Where random numbers come from. The pullback of a step of training does not draw: what it needs, the residual keeps.
  public var generator: PhiloxGenerator {
    get { generators[step.site.generator] }
    set { generators[step.site.generator] = newValue }
  }

  /// Adds to the loss. The pullback has to add its gradient, times ``lossScale``.
  public func addPenalty(_ value: Double) { penalty += value }

  /// Says what a weight that is not trained by gradients shall be after this step: moving statistics.
  public func change(operand index: Int, to value: consuming Tensor<Scalar>) {
    guard case .weight(let number) = step.operands[index] else {
      trap("\(step.site): operand \(index) is no weight and cannot be changed")
    }
    changes.append((number, value))
  }

  // MARK: Memory

  /// A tensor of this shape with undefined elements, in memory that was given back, if there is some.
  public func tensor(_ shape: [Int]) -> Tensor<Scalar> { workspace.tensor(shape) }

  /// Gives back a tensor's memory, unless somebody else holds it.
  public func recycle(_ x: consuming Tensor<Scalar>) { workspace.recycle(x) }
}
