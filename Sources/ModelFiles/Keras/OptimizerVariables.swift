internal import Layers
internal import Tensor

/// What a file keeps of a running optimizer.
struct OptimizerVariables<Scalar: RealScalar> {
  let file: String
  let place: String
  var iteration: Int64 = 0
  /// The first value with all its digits, where it is a number alone.
  var learningRate: Double?
  /// What follows the iteration, in the file's order.
  var values: [Tensor<Scalar>] = []

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
      // Neither the learning rate nor nadam's product of momenta is kept; sgd keeps momenta that it does not use.
      let count = state.variableCount(positions.count)
      if count == 0 { values = [] }
      if values.count == count - 1, state.optimizer.name == "Nadam" { values.append(Tensor(1)) }
    }
    let name = state.optimizer.name
    func mismatch(_ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(kind: .mismatch, file: file, place: place, expected: expected, found: found)
    }
    var restored = state
    do {
      // Before the first step there may be none.
      try restored.restore(
        iteration: Int(iteration), learningRate: learningRate, variables: values, at: values.isEmpty ? [] : positions)
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
}
