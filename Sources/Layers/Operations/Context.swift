public import Tensor

/// The context of an operation's computation: its operands, the gradients with respect to its results, memory, and its
/// results.
///
/// Operands and results are numbered within the operation. A context is used by one computation at a time and keeps its
/// memory, including that of every tensor created meanwhile, so a loop over batches allocates nothing after the first.
public final class Context<Scalar: RealScalar> {
  /// The plan's values, by number.
  var values: [Tensor<Scalar>?]
  /// The plan's masks and integers, by their numbers among the values; empty if there are none.
  var masks: [Tensor<Bool>?]
  var integers: [Tensor<Int64>?]
  /// The gradients with respect to the values.
  var gradients: [Tensor<Scalar>?]
  /// The values of the weights. During training, the context has the only reference to them.
  var weights: [Tensor<Scalar>] = []
  let constants: [Tensor<Scalar>]
  /// The number of times that the weights have been replaced.
  var weightsVersion = 0
  /// The gradients with respect to the weights, whose memory is kept between steps.
  var weightGradients: [Tensor<Scalar>?]
  /// Whether this step has written the gradients.
  var hasWeightGradient: [Bool]
  /// Whether a pullback subtracts the gradient from its weight at once, and by which factor; see ``Plan/descends``.
  var descends: [Bool]
  var descentRate: Scalar = 0

  var step: Step<Scalar>!
  /// Whether a pullback may follow.
  var isRecording = false
  /// The generators, one for each use of a layer.
  var generators: [PhiloxGenerator]
  /// The values of weights after this step, if the forward computation changes them.
  var changes: [(weight: Int, value: Tensor<Scalar>)] = []
  let workspace = Workspace<Scalar>()
  /// The sum of the penalties that are added to the loss.
  var penalty = 0.0

  /// The factor of all gradients, including those of penalties.
  public internal(set) var lossScale = 1.0

  init(values: Int, masks: Int, integers: Int, weights: Int, constants: [Tensor<Scalar>], generators: Int) {
    self.constants = constants
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

  /// The number of operands.
  public var operandCount: Int { step.operands.count }

  /// Returns an operand. A pullback can read weights and constants only: the residual must contain everything else that
  /// it needs.
  public func operand(_ index: Int) -> Tensor<Scalar> {
    switch step.operands[index] {
    case .value(let number):
      if let value = values[number] { value } else { trapForKind(index, "reals") }
    case .weight(let number): weights[number]
    case .constant(let number): constants[number]
    }
  }

  /// Returns a mask operand.
  /// - Precondition: the operand is a mask.
  public func mask(_ index: Int) -> Tensor<Bool> {
    guard case .value(let number) = step.operands[index], number < masks.count, let mask = masks[number] else {
      trapForKind(index, "a mask")
    }
    return mask
  }

  /// Returns an integer operand.
  /// - Precondition: the operand consists of integers.
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
      case .constant: "a constant"
      case .value(let number) where number < masks.count && masks[number] != nil: "a mask"
      case .value(let number) where number < integers.count && integers[number] != nil: "integers"
      case .value(let number): values[number] == nil ? "taken already" : "reals"
      }
    trap("\(step.site): \(step.operationName) reads operand \(index) as \(wanted); it is \(found)")
  }

  /// Returns an operand for the last time; its memory may be overwritten if nothing else needs it.
  public func take(_ index: Int) -> Tensor<Scalar> {
    guard !isRecording, case .value(let number) = step.operands[index], step.lastUses.contains(number),
      step.operands.count == 1 || step.operands.count(where: { $0 == .value(number) }) == 1
    else { return operand(index) }
    guard let value = values[number].take() else { trapForKind(index, "reals") }
    return value
  }

  /// Sets a result.
  public func give(_ result: consuming Tensor<Scalar>, as index: Int = 0) { values[step.results[index]] = result }

  /// Sets a mask as a result.
  /// - Precondition: the operation's `ResultScalar` is `Bool`.
  public func give(mask: consuming Tensor<Bool>, as index: Int = 0) {
    requireResults(.masks)
    masks[step.results[index]] = mask
  }

  /// Sets integers as a result.
  /// - Precondition: the operation's `ResultScalar` is `Int64`.
  public func give(integers tensor: consuming Tensor<Int64>, as index: Int = 0) {
    requireResults(.integers)
    integers[step.results[index]] = tensor
  }

  private func requireResults(_ kind: TensorKind) {
    require(
      step.kind == kind,
      "\(step.site): \(step.operationName) gives \(kind); its results are \(step.kind) by ResultScalar")
  }

  /// The shape of a result, if it has been set.
  func shape(_ kind: TensorKind, _ number: Int) -> [Int]? {
    switch kind {
    case .reals: values[number]?.shape
    case .masks: masks[number]?.shape
    case .integers: integers[number]?.shape
    }
  }

  /// Releases a value that nothing else reads.
  func release(_ number: Int) {
    if let value = values[number].take() {
      workspace.recycle(value)
    } else {
      if number < masks.count { masks[number] = nil }
      if number < integers.count { integers[number] = nil }
    }
  }

  // MARK: Gradients

  /// Returns the gradient with respect to the only result; its memory may be reused.
  public func upstream() -> Tensor<Scalar> { gradients[step.results[0]].take()! }

  /// Returns the gradient with respect to one of several results; `nil` if nothing depends on it.
  public func upstream(_ index: Int) -> Tensor<Scalar>? { gradients[step.results[index]].take() }

  /// Whether the gradient with respect to an operand is needed. Others may be set and are ignored.
  public func needsGradient(of index: Int) -> Bool { step.needsGradient[index] }

  /// Sets the gradient with respect to an operand.
  /// - Precondition: the gradient has the operand's shape.
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
    case .constant: break
    }
  }

  /// Lets `body` write alpha · gradient + beta · the current value: into the gradient with respect to a weight or, if
  /// the step performs plain gradient descent, into the weight itself. The weight is not read afterwards.
  func accumulate(
    of index: Int, _ body: (inout Tensor<Scalar>, _ alpha: Scalar, _ beta: Scalar) throws -> Void
  ) rethrows {
    guard step.needsGradient[index] else { return }
    switch step.operands[index] {
    case .weight(let number): try accumulate(number, body)
    case .constant: break
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

  /// The source of random numbers. The pullback does not draw: the residual must contain what it needs.
  public var generator: PhiloxGenerator {
    get { generators[step.site.generator] }
    set { generators[step.site.generator] = newValue }
  }

  /// Adds a penalty to the loss. The pullback must add its gradient, multiplied by ``lossScale``.
  public func addPenalty(_ value: Double) { penalty += value }

  /// Sets the value after this step of a weight that is not trained by gradients, such as moving statistics.
  public func change(operand index: Int, to value: consuming Tensor<Scalar>) {
    guard case .weight(let number) = step.operands[index] else {
      trap("\(step.site): operand \(index) is no weight and cannot be changed")
    }
    changes.append((number, value))
  }

  // MARK: Memory

  /// Returns a tensor of this shape with undefined elements, in recycled memory if possible.
  public func tensor(_ shape: [Int]) -> Tensor<Scalar> { workspace.tensor(shape) }

  /// Recycles a tensor's memory, unless there are other references to it.
  public func recycle(_ x: consuming Tensor<Scalar>) { workspace.recycle(x) }
}
