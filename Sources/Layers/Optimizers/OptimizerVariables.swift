internal import Glibc
public import Tensor

/// One tensor that an optimizer keeps.
public struct OptimizerVariable<Scalar: RealScalar>: Hashable, Sendable {
  /// What Keras calls it after the weight's name: "momentum", "velocity", "average", "gradient_accumulator".
  public let name: String
  /// The position of the weight it belongs to; none for nadam's product of momenta.
  public let weight: Int?
  /// What it is now.
  public let value: Tensor<Scalar>
}

/// In which order files hold the variables of an optimizer.
package enum OptimizerVariableOrder: Sendable {
  /// Keras 3 and TF-Keras from 2.11 on.
  case keras3
  /// Keras 1, Keras 2 and `keras.optimizers.legacy`: one slot of all weights after the other.
  case legacy
}

/// What cannot become a running optimizer's variables.
public enum OptimizerStateError: Error, Hashable, Sendable {
  /// No number of weights has so many variables.
  case count(optimizer: String, expected: String, found: Int)
  /// Variables of one weight differ in their shapes.
  case shape(optimizer: String, variable: String, weight: Int?, expected: [Int], found: [Int])
  /// A step below 0, or a learning rate that is none.
  case outOfRange(optimizer: String, name: String, value: String, allowed: String)
}

extension OptimizerStateError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .count(let optimizer, let expected, let found):
      "\(optimizer): there are \(found) variables, expected are \(expected)"
    case .shape(let optimizer, let variable, let weight, let expected, let found):
      "\(optimizer): \(variable)\(weight.map { " of weight \($0)" } ?? "") has the shape \(found), expected is \(expected)"
    case .outOfRange(let optimizer, let name, let value, let allowed):
      "\(optimizer): \(name) is \(value), allowed are \(allowed)"
    }
  }
}

extension OptimizerState {
  /// All tensors that are kept, in the order of Keras's files, where ``iteration`` and, if it can be set, ``learningRate``
  /// stand before them. They share the memory of the state until it goes on.
  public var variables: [OptimizerVariable<Scalar>] { variables(at: weights.indices.filter(hasVariables(at:))) }

  /// Those of some weights, which are to have variables, in an order of one's own.
  package func variables(at positions: [Int]) -> [OptimizerVariable<Scalar>] { places(positions).map(variable) }

  /// Whether a weight has been changed, and its variables made.
  package func hasVariables(at position: Int) -> Bool {
    weights.indices.contains(position) && weights[position].shape != nil
  }

  /// How many variables there are for a number of weights.
  package func variableCount(_ weights: Int) -> Int { places(Array(0..<weights)).count }

  /// What nadam's momenta have multiplied to after so many steps, which some files do not keep; none of other optimizers.
  package func momentumProduct(after steps: Int) -> Tensor<Scalar>? {
    guard case .builtIn(let builtIn) = optimizer.rule, builtIn.definition === OptimizerDefinition.nadam else {
      return nil
    }
    // Later on the momentum has warmed up, and stays what it is.
    let counted = min(max(steps, 0), 1 << 20)
    let product = (0..<counted).reduce(1.0) { product, step in
      product * OptimizerDefinition.nadamMomentum(builtIn.arguments, Double(step + 1))
    }
    let last = OptimizerDefinition.nadamMomentum(builtIn.arguments, Double(counted))
    return Tensor(Scalar(product * pow(last, Double(max(steps, 0) - counted))))
  }

  /// Takes over what ``variables`` gave, or a file holds. Training goes on as if it had not stopped.
  /// - Parameter variables: as another state has given them.
  /// - Parameter iteration: how many steps have ended.
  /// - Parameter learningRate: passed over where a schedule decides.
  /// - Throws: ``OptimizerStateError``; the state is as it was then.
  public mutating func restore(
    iteration: Int, learningRate: Double? = nil, variables: [Tensor<Scalar>]
  ) throws(OptimizerStateError) {
    let (perWeight, single) = (variableCount(1) - variableCount(0), variableCount(0))
    let count = perWeight == 0 ? 0 : max(variables.count - single, 0) / perWeight
    try restore(
      iteration: iteration, learningRate: learningRate, variables: variables, at: Array(0..<count))
  }

  /// As ``restore(iteration:learningRate:variables:)``, for weights at positions of one's own, in the order of the variables.
  package mutating func restore(
    iteration: Int, learningRate: Double?, variables: [Tensor<Scalar>], at positions: [Int],
    order: OptimizerVariableOrder = .keras3
  ) throws(OptimizerStateError) {
    guard (0...greatestIteration).contains(iteration) else {
      throw .outOfRange(
        optimizer: optimizer.name, name: "iteration", value: "\(iteration)",
        allowed: "integers from 0 to \(greatestIteration)")
    }
    if let learningRate, !NumberRange.nonnegative.contains(learningRate) {
      throw .outOfRange(
        optimizer: optimizer.name, name: "learning rate", value: "\(learningRate)",
        allowed: "\(NumberRange.nonnegative)")
    }
    let (perWeight, single) = (variableCount(1) - variableCount(0), variableCount(0))
    let isBeforeFirstStep = variables.isEmpty && positions.isEmpty
    guard isBeforeFirstStep || variables.count == variableCount(positions.count) else {
      throw .count(
        optimizer: optimizer.name,
        expected: "\(perWeight) for each weight" + (single == 0 ? "" : " and \(single) more"), found: variables.count)
    }
    var restored = OptimizerState(optimizer)
    restored.iteration = iteration
    restored.constantRate = constantRate.map { learningRate ?? $0 }
    restored.weights = [WeightState](repeating: WeightState(), count: (positions.max() ?? -1) + 1)
    for (place, value) in zip(places(positions, order), variables) {
      let expected = place.weight.map { restored.weights[$0].shape ?? value.shape } ?? []
      guard value.shape == expected else {
        throw .shape(
          optimizer: optimizer.name, variable: place.name, weight: place.weight, expected: expected,
          found: value.shape)
      }
      if let weight = place.weight { restored.weights[weight].shape = value.shape }
      restored.set(place, value)
    }
    self = restored
  }
}

/// Steps are counted exactly by schedules, in Double, up to here.
private let greatestIteration = 1 << 53

extension OptimizerState {
  private struct Place {
    let name: String
    let weight: Int?
    let kind: Kind

    enum Kind {
      case average, accumulator
      case slot(Int)
      case momentumProduct
    }
  }

  private func places(_ weights: [Int], _ order: OptimizerVariableOrder = .keras3) -> [Place] {
    var result: [Place] = []
    func add(_ slots: [(name: String, kind: Place.Kind)]) {
      for weight in weights {
        for slot in slots { result.append(Place(name: slot.name, weight: weight, kind: slot.kind)) }
      }
    }
    if optimizer.movingAverage != nil { add([("average", .average)]) }
    if optimizer.gradientAccumulationSteps != nil { add([("gradient_accumulator", .accumulator)]) }
    switch optimizer.rule {
    case .custom(let custom):
      add(custom.slots.enumerated().map { ($0.element, .slot($0.offset)) })
    case .builtIn(let builtIn):
      let slots = builtIn.slots
      let single =
        builtIn.definition === OptimizerDefinition.nadam
        ? [Place(name: "variable", weight: nil, kind: .momentumProduct)] : []
      if order == .legacy { result += single }
      // Of the first optimizers of Keras 2, ftrl alone keeps what belongs to a weight together.
      let isSlotBySlot = order == .legacy && builtIn.definition !== OptimizerDefinition.ftrl
      let groups = isSlotBySlot ? Array(slots.indices) : slots.map(\.group)
      for group in Set(groups).sorted() {
        add(slots.indices.filter { groups[$0] == group }.map { (slots[$0].name, .slot($0)) })
      }
      if order == .keras3 { result += single }
    }
    return result
  }

  private func variable(_ place: Place) -> OptimizerVariable<Scalar> {
    let value: Tensor<Scalar> =
      switch place.kind {
      case .average: weights[place.weight!].average!
      case .slot(let slot): weights[place.weight!].slots[slot]
      case .accumulator: accumulator(weights[place.weight!])
      case .momentumProduct: Tensor(Scalar(momentumProduct))
      }
    return OptimizerVariable(name: place.name, weight: place.weight, value: value)
  }

  /// Keras divides by the loss scale before gradients are added up.
  private func accumulator(_ weight: WeightState) -> Tensor<Scalar> {
    if let sum = weight.accumulator { return sum / Scalar(optimizer.lossScaleFactor ?? 1) }
    return .zeros(weight.shape!)
  }

  private mutating func set(_ place: Place, _ value: Tensor<Scalar>) {
    switch place.kind {
    case .average:
      weights[place.weight!].average = value
    case .slot(let slot):
      precondition(slot == weights[place.weight!].slots.count, "groups ascend with their slots")
      weights[place.weight!].slots.append(value)
    case .accumulator:
      let isEmpty = iteration % (optimizer.gradientAccumulationSteps ?? 1) == 0
      weights[place.weight!].accumulator = isEmpty ? nil : value * Scalar(optimizer.lossScaleFactor ?? 1)
    case .momentumProduct:
      momentumProduct = Double(value.scalar)
    }
  }
}
