public import Activations
public import Tensor

/// A cell of Keras: a ``SimpleRNNCell``, an ``LSTMCell`` or a ``GRUCell``. All steps of such a cell are computed by one
/// operation.
public protocol GatedCell<Scalar>: RecurrentCell {
  /// The number of output features, and of features of each state.
  var units: Int { get }
  /// The activation of the candidate, and of an LSTM's output.
  var activation: Activation<Scalar> { get }
  /// The fraction of the input's features that is dropped in training, the same ones in all steps.
  var dropout: Double { get }
  /// The fraction of the state's features that products do not see in training, the same ones in all steps.
  var recurrentDropout: Double { get }
  /// The weights and what the cell does with them.
  var core: GatedCellCore<Scalar> { get set }
}

/// What the cells of Keras have in common.
public struct GatedCellCore<Scalar: RealScalar>: Sendable {
  let className: String
  package let units: Int
  package let activation: Activation<Scalar>
  /// The activation of the gates; `nil` for a cell without gates.
  package let recurrentActivation: Activation<Scalar>?
  package let dropout: Double
  package let recurrentDropout: Double
  package var kernelWeight: Weight<Scalar>
  package var recurrentWeight: Weight<Scalar>
  package var biasWeight: Weight<Scalar>?
  let rule: RecurrenceRule
  let stateCount: Int

  init(
    _ className: String, _ rule: RecurrenceRule, _ units: Int, _ activation: Activation<Scalar>,
    _ recurrentActivation: Activation<Scalar>?, states: Int, dropout: Double, recurrentDropout: Double,
    kernel: Weight<Scalar>, recurrent: Weight<Scalar>, bias: Weight<Scalar>?
  ) {
    require(units >= 1, "\(className): units are \(units); allowed: integers of at least 1")
    for (name, rate) in [("dropout", dropout), ("recurrentDropout", recurrentDropout)] {
      require((0...1).contains(rate), "\(className): \(name) is \(rate); allowed: 0...1")
    }
    self.className = className
    self.rule = rule
    self.units = units
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    stateCount = states
    self.dropout = dropout
    self.recurrentDropout = recurrentDropout
    kernelWeight = kernel
    recurrentWeight = recurrent
    biasWeight = bias
  }

  mutating func build(_ inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    let columns = rule.gateCount * units
    try kernelWeight.build([inputShape[0], columns], using: &generator)
    try recurrentWeight.build([units, columns], using: &generator)
    try biasWeight?.build(rule == .gru ? [2, columns] : [columns], using: &generator)
  }
}

extension GatedCell {
  public var units: Int { core.units }
  public var stateCount: Int { core.stateCount }
  public var activation: Activation<Scalar> { core.activation }
  public var dropout: Double { core.dropout }
  public var recurrentDropout: Double { core.recurrentDropout }
  /// The kernel of inputs, [inputs, gates · units]; empty until the cell is built.
  public var kernel: Tensor<Scalar> { core.kernelWeight.value }
  /// The kernel of states, [units, gates · units]; empty until the cell is built.
  public var recurrentKernel: Tensor<Scalar> { core.recurrentWeight.value }
  /// The bias, [gates · units], [2, 3 · units] in a GRU whose reset gate comes after the product, or `nil`.
  public var bias: Tensor<Scalar>? { core.biasWeight?.value }

  public func stateShapes(for inputShape: [Int]) throws -> [[Int]] {
    [[Int]](repeating: [units], count: core.stateCount)
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape.count == 1, inputShape[0] > 0, !isBuilt || inputShape[0] == kernel.shape[0] else {
      throw unexpectedShape("[batch, \(isBuilt ? "\(kernel.shape[0])" : "inputs")]", inputShape)
    }
    try requireCountable(units, times: 4)
    for activation in [core.activation, core.recurrentActivation ?? .linear] {
      guard try activation.outputShape(for: [units], layer: className) == [units] else {
        throw unexpectedShape("one for which the activation \(activation.name) keeps shapes", inputShape)
      }
    }
    return [units]
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try core.build(inputShape, using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try body(&core.kernelWeight)
    try body(&core.recurrentWeight)
    if core.biasWeight != nil { try body(&core.biasWeight!) }
  }

  public func steps(from x: Traced<Scalar>) throws -> RecurrentStep<Scalar> {
    let keptInputs = try x.keptFactors(x.shape, rate: dropout)
    let keptStates = try x.keptFactors([units], rate: recurrentDropout)
    return { x, states in
      try gatedStep(
        try keptInputs.map { try x * $0 } ?? x, states, factors: try keptStates.map { try states[0] * $0 } ?? states[0])
    }
  }

  public func step(_ x: Traced<Scalar>, _ states: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    try gatedStep(x, states, factors: states[0])
  }

  /// A step as single operations.
  /// - Parameter factors: what is multiplied by the recurrent kernel: the state, or what dropout leaves of it.
  private func gatedStep(
    _ x: Traced<Scalar>, _ states: [Traced<Scalar>], factors: Traced<Scalar>
  ) throws -> [Traced<Scalar>] {
    func parts(_ sums: Traced<Scalar>, _ count: Int) throws -> [Traced<Scalar>] {
      try sums.split(lengths: [Int](repeating: units, count: count), axis: 0)
    }
    func gate(_ sum: Traced<Scalar>) throws -> Traced<Scalar> { try sum.activated(by: core.recurrentActivation!) }
    func newState(_ update: Traced<Scalar>, _ candidate: Traced<Scalar>) throws -> [Traced<Scalar>] {
      let state = try update * states[0] + (1 - update) * candidate
      return [state, state]
    }
    let isGRU = core.rule == .gru
    var inputs = try x.matmul(core.kernelWeight, bias: isGRU ? nil : core.biasWeight)
    var products = try factors.matmul(core.recurrentWeight)
    if isGRU, let bias = core.biasWeight {
      inputs = try inputs.adding(row: 0, of: bias)
      products = try products.adding(row: 1, of: bias)
    }
    switch core.rule {
    case .simple:
      let state = try (inputs + products).activated(by: activation)
      return [state, state]
    case .lstm:
      let sums = try parts(inputs + products, 4)
      let carry = try gate(sums[1]) * states[1] + gate(sums[0]) * sums[2].activated(by: activation)
      let state = try gate(sums[3]) * carry.activated(by: activation)
      return [state, state, carry]
    case .gru, .earlyResetGRU:
      let (own, recurrent) = (try parts(inputs, 3), try parts(products, 3))
      let update = try gate(own[0] + recurrent[0])
      let reset = try gate(own[1] + recurrent[1])
      let product =
        isGRU ? try reset * recurrent[2] : try parts((reset * factors).matmul(core.recurrentWeight), 3)[2]
      return try newState(update, (own[2] + product).activated(by: activation))
    }
  }

  /// All steps as one operation; `nil` if an activation takes more than single elements, or its slope does not follow
  /// from its value.
  func recurrence(isDifferentiated: Bool) -> Recurrence<Scalar>? {
    let activations = [core.recurrentActivation ?? .linear, core.activation]
    let epilogues = activations.compactMap { activation -> ProductEpilogue? in
      guard let epilogue = activation.epilogue else { return nil }
      let hasSlope = epilogue.slopeFollowsFromValue || activation.pullsBackFromOutput
      return isDifferentiated && !hasSlope ? nil : epilogue
    }
    guard epilogues.count == 2 else { return nil }
    return Recurrence(core.rule, units: units, gate: epilogues[0], candidate: epilogues[1])
  }
}
