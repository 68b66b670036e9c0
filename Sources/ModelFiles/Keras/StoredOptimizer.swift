internal import KerasFormat
internal import Layers
internal import Tensor

/// The state of a running optimizer in a file.
struct OptimizerVariables<Scalar: RealScalar> {
  let file: String
  let place: String
  var order = OptimizerVariableOrder.keras3
  var iteration = 0
  /// The first value with full precision, if it is a number.
  var learningRate: Double?
  /// The values after the iteration, in the file's order.
  var values: [Tensor<Scalar>] = []

  init(file: String, place: String, order: OptimizerVariableOrder = .keras3) {
    (self.file, self.place, self.order) = (file, place, order)
  }

  /// Resumes where the file's optimizer stopped.
  func restore(
    _ state: inout OptimizerState<Scalar>, _ places: WeightPlaces, dialect: KerasDialect
  ) throws(ModelFileError) {
    func mismatch(_ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(kind: .mismatch, file: file, place: place, expected: expected, found: found)
    }
    let weights = places.trained.map { ($0.position, $0.shape) }
    var (values, iteration) = (values, iteration)
    var learningRate: Double?
    var lossScale: (steps: Int, factor: Double)?
    switch dialect {
    case .keras3 where state.optimizer.dynamicLossScale != nil:
      // The outer optimizer has an iteration and a learning rate that nothing reads, and the state of the scale.
      let own = values.prefix(4).compactMap { $0.rank == 0 ? Double($0.scalar) : nil }
      guard own.count == 4, let steps = Int(exactly: own[1]), let step = Int(exactly: own[3]) else {
        throw mismatch("the variables of LossScaleOptimizer", "\(values.count) others")
      }
      (lossScale, iteration) = ((steps, own[2]), step)
      values.removeFirst(4)
      if state.canSetLearningRate, let rate = values.first, rate.rank == 0 {
        learningRate = Double(rate.scalar)
        values.removeFirst()
      }
    case .keras3:
      if state.canSetLearningRate, let rate = self.learningRate {
        learningRate = rate
        values.removeFirst()
      }
    case .keras2:
      values = valuesOfKeras2(state, weights.map { $0.1 })
    }
    let name = state.optimizer.name
    var restored = state
    do {
      try restored.restore(
        iteration: iteration, learningRate: learningRate, variables: values, of: weights, order: order)
      if let lossScale { try restored.restore(lossScale: lossScale.factor, steps: lossScale.steps) }
    } catch {
      throw mismatch("the variables of \(name)", "\(error)")
    }
    state = restored
  }

  /// Adds values that Keras 2 does not save, and removes those that it saves without using: momenta of an sgd without
  /// momentum, and the placeholders of an adam without amsgrad. Keras 2 saves no learning rate.
  private func valuesOfKeras2(_ state: OptimizerState<Scalar>, _ shapes: [[Int]]) -> [Tensor<Scalar>] {
    let count = state.variableCount(shapes)
    if count == 0 { return [] }
    if values.count == count - 1, let product = state.momentumProduct(after: iteration) {
      return order == .legacy ? [product] + values : values + [product]
    }
    if order == .legacy, state.optimizer.name == "Adam", values.count == count + shapes.count {
      return Array(values.prefix(count))
    }
    return values
  }
}
