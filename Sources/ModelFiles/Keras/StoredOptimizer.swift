internal import KerasFormat
internal import Layers
internal import Tensor

/// What a file keeps of a running optimizer.
struct OptimizerVariables<Scalar: RealScalar> {
  let file: String
  let place: String
  var order = OptimizerVariableOrder.keras3
  var iteration = 0
  /// The first value with all its digits, where it is a number alone.
  var learningRate: Double?
  /// What follows the iteration, in the file's order.
  var values: [Tensor<Scalar>] = []

  init(file: String, place: String, order: OptimizerVariableOrder = .keras3) {
    (self.file, self.place, self.order) = (file, place, order)
  }

  /// Goes on where the file's optimizer stopped.
  func restore(
    _ state: inout OptimizerState<Scalar>, _ places: WeightPlaces, dialect: KerasDialect
  ) throws(ModelFileError) {
    let positions = places.trained.map(\.position)
    var values = values
    var learningRate: Double?
    switch dialect {
    case .keras3:
      if state.canSetLearningRate, let rate = self.learningRate {
        learningRate = rate
        values.removeFirst()
      }
    case .keras2:
      values = valuesOfKeras2(state, positions.count)
    }
    let name = state.optimizer.name
    func mismatch(_ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(kind: .mismatch, file: file, place: place, expected: expected, found: found)
    }
    var restored = state
    do {
      // Before the first step there may be none.
      try restored.restore(
        iteration: iteration, learningRate: learningRate, variables: values, at: values.isEmpty ? [] : positions,
        order: order)
    } catch {
      throw mismatch("the variables of \(name)", "\(error)")
    }
    if !values.isEmpty {
      let shapes = Dictionary(uniqueKeysWithValues: places.trained.map { ($0.position, $0.shape) })
      for variable in restored.variables(at: positions) {
        guard let weight = variable.weight, shapes[weight] != variable.value.shape else { continue }
        throw mismatch("\(variable.name) of the shape \(shapes[weight]!) for \(name)", "\(variable.value.shape)")
      }
    }
    state = restored
  }

  /// With what Keras 2 does not keep, and without what it keeps and does not use: momenta of an sgd without momentum, and the
  /// place holders of an adam without amsgrad. It keeps no learning rate.
  private func valuesOfKeras2(_ state: OptimizerState<Scalar>, _ weightCount: Int) -> [Tensor<Scalar>] {
    let count = state.variableCount(weightCount)
    if count == 0 { return [] }
    if values.count == count - 1, let product = state.momentumProduct(after: iteration) {
      return order == .legacy ? [product] + values : values + [product]
    }
    if order == .legacy, state.optimizer.name == "Adam", values.count == count + weightCount {
      return Array(values.prefix(count))
    }
    return values
  }
}
