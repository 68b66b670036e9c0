internal import CKernels

/// What defines a built-in optimizer besides its kernels: its names and parameters, what it keeps for each weight, and the
/// constants of a step.
final class OptimizerDefinition: Sendable {
  typealias Arguments = [Double]

  /// Keras's class.
  let name: String
  let learningRate: Double
  let weightDecay: Double?
  let parameters: [Parameter]
  /// The rule's slots in its order.
  let slots: @Sendable (Arguments) -> [Slot]
  let kernel: @Sendable (Arguments) -> ck_optimizer
  let constants: @Sendable (Arguments, Step) -> ck_optimizer_parameters

  struct Parameter: Sendable {
    /// As Keras spells it.
    let name: String
    let defaultArgument: Double
    let range: Range
    /// Whether Keras 3 knows it. What it does not, files of Keras 2 mean, and written ones do not say.
    let isOfKeras3: Bool

    enum Range: Sendable {
      case number(NumberRange)
      case flag
    }

    init(_ name: String, _ defaultArgument: Double, _ range: NumberRange, isOfKeras3: Bool = true) {
      self.name = name
      self.defaultArgument = defaultArgument
      self.range = .number(range)
      self.isOfKeras3 = isOfKeras3
    }

    init(flag name: String, isOfKeras3: Bool = true) {
      self.name = name
      defaultArgument = 0
      range = .flag
      self.isOfKeras3 = isOfKeras3
    }
  }

  struct Slot: Hashable, Sendable {
    /// As Keras calls it.
    let name: String
    let initialValue: Double
    /// Files hold the slots of one group weight by weight, one group after the other.
    let group: Int

    init(_ name: String, initialValue: Double = 0, group: Int = 0) {
      self.name = name
      self.initialValue = initialValue
      self.group = group
    }
  }

  /// Where training stands.
  struct Step {
    let learningRate: Double
    /// Counted from 1.
    let number: Double
    /// What nadam's momenta have multiplied to, this step's included.
    let momentumProduct: Double
  }

  init(
    _ name: String, learningRate: Double = 0.001, weightDecay: Double? = nil, _ parameters: [Parameter],
    slots: @escaping @Sendable (Arguments) -> [Slot], kernel: @escaping @Sendable (Arguments) -> ck_optimizer,
    constants: @escaping @Sendable (Arguments, Step) -> ck_optimizer_parameters
  ) {
    self.name = name
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.parameters = parameters
    self.slots = slots
    self.kernel = kernel
    self.constants = constants
  }
}

/// A definition and its arguments.
struct BuiltInOptimizer: Hashable, Sendable {
  let definition: OptimizerDefinition
  let arguments: OptimizerDefinition.Arguments

  var slots: [OptimizerDefinition.Slot] { definition.slots(arguments) }
  var kernel: ck_optimizer { definition.kernel(arguments) }

  static func == (first: Self, second: Self) -> Bool {
    first.definition === second.definition && first.arguments == second.arguments
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(definition.name)
    hasher.combine(arguments)
  }
}
