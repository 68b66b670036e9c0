internal import Glibc
public import Layers
public import Tensor

/// A tensor that an optimizer keeps.
public struct OptimizerVariable<Scalar: RealScalar>: Hashable, Sendable {
  /// The part of Keras's name after the weight's: "momentum", "velocity", "average", "gradient_accumulator".
  public let name: String
  /// The position of its weight; `nil` for nadam's product of momenta.
  public let weight: Int?
  /// The current value.
  public let value: Tensor<Scalar>
}

/// The order of an optimizer's variables in files.
package enum OptimizerVariableOrder: Sendable {
  /// Keras 3 and TF-Keras 2.11 or later.
  case keras3
  /// Keras 1, Keras 2 and `keras.optimizers.legacy`: one slot of all weights after another.
  case legacy
}

/// Variables that are invalid for a running optimizer.
@nonexhaustive
public enum OptimizerStateError: Error, Hashable, Sendable {
  /// A number of variables that no number of weights has.
  case count(optimizer: String, expected: String, found: Int)
  /// Variables of one weight with different shapes.
  case shape(optimizer: String, variable: String, weight: Int?, expected: [Int], found: [Int])
  /// A negative step, or an invalid learning rate.
  case outOfRange(optimizer: String, name: String, value: String, allowed: String)
}

extension OptimizerStateError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .count(let optimizer, let expected, let found):
      "\(optimizer): there are \(found) variables; expected: \(expected)"
    case .shape(let optimizer, let variable, let weight, let expected, let found):
      "\(optimizer): \(variable)\(weight.map { " of weight \($0)" } ?? "") has the shape \(found); expected: \(expected)"
    case .outOfRange(let optimizer, let name, let value, let allowed):
      "\(optimizer): \(name) is \(value); allowed: \(allowed)"
    }
  }
}

extension OptimizerState {
  /// All kept tensors, in the order of Keras's files, where `iteration` and, if it can be set, `learningRate` precede
  /// them. They share the memory of the state until it changes.
  public var variables: [OptimizerVariable<Scalar>] { variables(at: weights.indices.filter(hasVariables(at:))) }

  /// The variables of some weights, which must have variables, in a given order.
  package func variables(at positions: [Int]) -> [OptimizerVariable<Scalar>] {
    optimizer.places(positions.map { ($0, weights[$0].shape!) }).map(variable)
  }

  /// Whether a weight has been changed and has variables.
  package func hasVariables(at position: Int) -> Bool {
    weights.indices.contains(position) && weights[position].slots != nil
  }

  /// The number of variables for weights of these shapes.
  package func variableCount(_ shapes: [[Int]]) -> Int { optimizer.places(shapes.enumerated().map { ($0, $1) }).count }

  /// The product of nadam's momenta after a number of steps, which some files do not contain; `nil` for other
  /// optimizers.
  package func momentumProduct(after steps: Int) -> Tensor<Scalar>? {
    guard case .builtIn(let rule) = optimizer.rule, rule.momentum(at: 1) != nil else { return nil }
    // Afterwards, the momentum is constant.
    let counted = min(max(steps, 0), 1 << 20)
    let product = (0..<counted).reduce(1.0) { product, step in
      product * rule.momentum(at: Double(step + 1))!
    }
    let last = rule.momentum(at: Double(counted))!
    return Tensor(Scalar(product * pow(last, Double(max(steps, 0) - counted))))
  }

  /// Restores values of ``variables`` or of a file. Training continues as if it had not stopped, with the current loss
  /// scale.
  /// - Parameter iteration: the number of completed steps.
  /// - Parameter learningRate: the learning rate; ignored if a schedule determines it.
  /// - Parameter variables: the variables of another state.
  /// - Throws: ``OptimizerStateError``; the state does not change then.
  public mutating func restore(
    iteration: Int, learningRate: Double? = nil, variables: [Tensor<Scalar>]
  ) throws(OptimizerStateError) {
    let shapes = optimizer.shapes(ofWeightsWith: variables)
    try restore(
      iteration: iteration, learningRate: learningRate, variables: variables, of: shapes.enumerated().map { ($0, $1) })
  }

  /// Restores variables of weights at given positions, in the order of the variables.
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
    // There may be none before the first step.
    let places = variables.isEmpty ? [] : optimizer.places(given, order)
    guard variables.count == places.count else {
      throw .count(optimizer: optimizer.name, expected: optimizer.variableCounts(given), found: variables.count)
    }
    var restored = OptimizerState(optimizer)
    restored.iteration = iteration
    restored.constantRate = constantRate.map { learningRate ?? $0 }
    (restored.dynamicScale, restored.growthCount) = (dynamicScale, growthCount)
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

extension OptimizerState {
  /// Restores a dynamic loss scale and the number of steps since it changed.
  /// - Throws: ``OptimizerStateError``; the state does not change then.
  package mutating func restore(lossScale: Double, steps: Int) throws(OptimizerStateError) {
    guard NumberRange.positive.contains(lossScale), steps >= 0 else {
      throw .outOfRange(
        optimizer: optimizer.name, name: "loss scale", value: "\(lossScale), \(steps) steps old",
        allowed: "\(NumberRange.positive)")
    }
    (dynamicScale, growthCount) = (lossScale, steps)
  }
}

/// Schedules count steps exactly, in Double, up to this number.
private let greatestIteration = 1 << 53

/// The place of a variable in a state.
private struct VariablePlace {
  let name: String
  let weight: Int?
  let shape: [Int]
  let kind: Kind

  enum Kind {
    case average, accumulator
    case slot(Int)
    case momentumProduct
    /// 0.
    case placeholder
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
    // Of Keras 2's first optimizers, only ftrl keeps the variables of a weight together.
    let isSlotBySlot = order == .legacy && !(rule is Ftrl)
    var slots = Array(rule.slots(for: shape).enumerated())[...]
    return names.map { name in
      guard !name.isPlaceholder, let slot = slots.popFirst() else {
        return (VariablePlace(name: name.name, weight: weight, shape: [], kind: .placeholder), name.group)
      }
      let place = VariablePlace(name: name.name, weight: weight, shape: slot.element.shape, kind: .slot(slot.offset))
      return (place, isSlotBySlot ? slot.offset : name.group)
    }
  }

  /// The shapes of the weights with such variables.
  fileprivate func shapes(ofWeightsWith variables: [Tensor<Scalar>]) -> [[Int]] {
    if case .builtIn(let rule) = rule, let rule = rule as? any KerasOptimizer, rule.slotsDependOnShape {
      return shapes(rule, variables)
    }
    let (perWeight, single) = (places([(0, [])]).count - places([]).count, places([]).count)
    let count = perWeight == 0 ? 0 : max(variables.count - single, 0) / perWeight
    // The last variable of a weight has its shape.
    let all = places((0..<count).map { ($0, []) })
    return (0..<count).map { weight in all.lastIndex { $0.weight == weight }.map { variables[$0].shape } ?? [] }
  }

  /// Determines shapes one weight after another if the number of slots depends on the shape.
  private func shapes(_ rule: any KerasOptimizer, _ variables: [Tensor<Scalar>]) -> [[Int]] {
    let before = (movingAverage == nil ? 0 : 1) + (gradientAccumulationSteps == nil ? 0 : 1)
    // Averages and accumulators of all weights come first, in the weights' shapes.
    for count in 0...variables.count where before > 0 {
      let shapes = variables.prefix(count).map(\.shape)
      if places(Array(zip(0..., shapes))).count == variables.count { return shapes }
    }
    var (shapes, rest) = ([[Int]](), variables[...])
    while let first = rest.first {
      shapes.append(first.shape)
      rest = rest.dropFirst(rule.slots(for: first.shape).count)
    }
    return shapes
  }

  /// The text for errors.
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
      case .placeholder: Tensor(0)
      }
    return OptimizerVariable(name: place.name, weight: place.weight, value: value)
  }

  /// Keras divides by the loss scale before gradients are accumulated.
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
    case .placeholder: break
    }
  }
}
