internal import Glibc
public import Layers
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
  package func variables(at positions: [Int]) -> [OptimizerVariable<Scalar>] {
    optimizer.places(positions.map { ($0, weights[$0].shape!) }).map(variable)
  }

  /// Whether a weight has been changed, and its variables made.
  package func hasVariables(at position: Int) -> Bool {
    weights.indices.contains(position) && weights[position].slots != nil
  }

  /// How many variables there are for weights of these shapes.
  package func variableCount(_ shapes: [[Int]]) -> Int { optimizer.places(shapes.enumerated().map { ($0, $1) }).count }

  /// What nadam's momenta have multiplied to after so many steps, which some files do not keep; none of other optimizers.
  package func momentumProduct(after steps: Int) -> Tensor<Scalar>? {
    guard case .builtIn(let rule) = optimizer.rule, rule.momentum(at: 1) != nil else { return nil }
    // Later on the momentum has warmed up, and stays what it is.
    let counted = min(max(steps, 0), 1 << 20)
    let product = (0..<counted).reduce(1.0) { product, step in
      product * rule.momentum(at: Double(step + 1))!
    }
    let last = rule.momentum(at: Double(counted))!
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
    let shapes = optimizer.shapes(ofWeightsWith: variables)
    try restore(
      iteration: iteration, learningRate: learningRate, variables: variables, of: shapes.enumerated().map { ($0, $1) })
  }

  /// As ``restore(iteration:learningRate:variables:)``, for weights at positions of one's own, in the order of the variables.
  package mutating func restore(
    iteration: Int, learningRate: Double?, variables: [Tensor<Scalar>], of given: [(position: Int, shape: [Int])],
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
    // Before the first step there may be none.
    let places = variables.isEmpty ? [] : optimizer.places(given, order)
    guard variables.count == places.count else {
      throw .count(optimizer: optimizer.name, expected: optimizer.variableCounts(given), found: variables.count)
    }
    var restored = OptimizerState(optimizer)
    restored.iteration = iteration
    restored.constantRate = constantRate.map { learningRate ?? $0 }
    restored.weights = [WeightState](repeating: WeightState(), count: (given.map(\.position).max() ?? -1) + 1)
    for (position, shape) in given where !places.isEmpty {
      restored.weights[position].shape = shape
      restored.weights[position].slots = []
    }
    for (place, value) in zip(places, variables) {
      guard value.shape == place.shape else {
        throw .shape(
          optimizer: optimizer.name, variable: place.name, weight: place.weight, expected: place.shape,
          found: value.shape)
      }
      restored.set(place, value)
    }
    self = restored
  }
}

/// Steps are counted exactly by schedules, in Double, up to here.
private let greatestIteration = 1 << 53

/// Where a state keeps a variable.
private struct VariablePlace {
  let name: String
  let weight: Int?
  let shape: [Int]
  let kind: Kind

  enum Kind {
    case average, accumulator
    case slot(Int)
    case momentumProduct
  }
}

extension Optimizer {
  /// The variables of weights, in the order of files.
  fileprivate func places(
    _ weights: [(Int, [Int])], _ order: OptimizerVariableOrder = .keras3
  ) -> [VariablePlace] {
    var result: [VariablePlace] = []
    func add(_ name: String, _ kind: VariablePlace.Kind) {
      for (weight, shape) in weights {
        result.append(VariablePlace(name: name, weight: weight, shape: shape, kind: kind))
      }
    }
    if movingAverage != nil { add("average", .average) }
    if gradientAccumulationSteps != nil { add("gradient_accumulator", .accumulator) }
    switch rule {
    case .custom(let custom):
      for (weight, shape) in weights {
        for (index, name) in custom.slots.enumerated() {
          result.append(VariablePlace(name: name, weight: weight, shape: shape, kind: .slot(index)))
        }
      }
    case .builtIn(let rule):
      let single =
        rule.momentum(at: 1) == nil
        ? [] : [VariablePlace(name: "variable", weight: nil, shape: [], kind: .momentumProduct)]
      let slots = weights.flatMap { slotPlaces(rule, $0, $1, order) }
      let grouped = Set(slots.map(\.group)).sorted().flatMap { group in slots.filter { $0.group == group }.map(\.place)
      }
      result += order == .legacy ? single + grouped : grouped + single
    }
    return result
  }

  private func slotPlaces(
    _ rule: any OptimizerRule, _ weight: Int, _ shape: [Int], _ order: OptimizerVariableOrder
  ) -> [(place: VariablePlace, group: Int)] {
    let names = (rule as? any KerasOptimizer)?.slotNames(for: shape) ?? []
    // Of the first optimizers of Keras 2, ftrl alone keeps what belongs to a weight together.
    let isSlotBySlot = order == .legacy && !(rule is Ftrl)
    return zip(names, rule.slots(for: shape)).enumerated().map { index, slot in
      let place = VariablePlace(name: slot.0.name, weight: weight, shape: slot.1.shape, kind: .slot(index))
      return (place, isSlotBySlot ? index : slot.0.group)
    }
  }

  /// The shapes of weights that have so many variables, which are of the weight's shape.
  fileprivate func shapes(ofWeightsWith variables: [Tensor<Scalar>]) -> [[Int]] {
    let (perWeight, single) = (places([(0, [])]).count - places([]).count, places([]).count)
    let count = perWeight == 0 ? 0 : max(variables.count - single, 0) / perWeight
    // The first variables of all weights stand at equal distances: those of a weight together, unless there are groups.
    let first = places((0..<count).map { ($0, []) })
    return (0..<count).map { weight in
      first.firstIndex { $0.weight == weight }.map { variables[$0].shape } ?? []
    }
  }

  /// For errors.
  fileprivate func variableCounts(_ weights: [(Int, [Int])]) -> String {
    let single = places([]).count
    let perWeight = places([(0, weights.first?.1 ?? [])]).count - single
    return "\(perWeight) for each weight" + (single == 0 ? "" : " and \(single) more")
  }
}

extension OptimizerState {
  private func variable(_ place: VariablePlace) -> OptimizerVariable<Scalar> {
    let value: Tensor<Scalar> =
      switch place.kind {
      case .average: weights[place.weight!].average!
      case .slot(let slot): weights[place.weight!].slots![slot]
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

  private mutating func set(_ place: VariablePlace, _ value: Tensor<Scalar>) {
    switch place.kind {
    case .average:
      weights[place.weight!].average = value
    case .slot(let slot):
      precondition(slot == weights[place.weight!].slots!.count, "groups ascend with their slots")
      weights[place.weight!].slots!.append(value)
    case .accumulator:
      let isEmpty = iteration % (optimizer.gradientAccumulationSteps ?? 1) == 0
      weights[place.weight!].accumulator = isEmpty ? nil : value * Scalar(optimizer.lossScaleFactor ?? 1)
    case .momentumProduct:
      momentumProduct = Double(value.scalar)
    }
  }
}
