internal import Tensor

/// A model while it is trained. The weights are with the computation meanwhile, which writes them in place.
struct Trainer<Scalar: RealScalar> {
  private(set) var graph: Graph<Scalar>
  var optimizer: OptimizerState<Scalar>
  private var compilation: Compilation<Scalar>
  private(set) var training: TrainingComputation<Scalar>
  private var evaluation: TrainingComputation<Scalar>?
  /// Whether the weights are with the computation.
  private var holdsWeights = false
  /// What there was before training; nothing from the moment on that a step changes weights.
  private var origin: TrainingOrigin<Scalar>?

  /// Takes the layers, the weights and the optimizer of a model that is compiled, so that nobody else holds them while they change;
  /// ``giveBack(to:)`` is to follow.
  init(
    of model: inout Model<Scalar>, _ training: TrainingComputation<Scalar>, origin: consuming TrainingOrigin<Scalar>
  ) {
    compilation = model.compiled.take()!
    optimizer = compilation.takeOptimizer()
    graph = Graph(inputCount: 0)
    swap(&graph, &model.graph)
    self.training = training
    self.origin = origin
    graph.exchangeWeights(&training.context.weights)
    holdsWeights = true
  }

  // MARK: Model

  var layerCount: Int { graph.stages.count }

  /// The model as it is now; its weights share memory with those that are trained.
  var currentGraph: Graph<Scalar> {
    var graph = graph
    if !holdsWeights { return graph }
    graph.changed()
    var values = training.context.weights
    graph.exchangeWeights(&values)
    return graph
  }

  var currentCompilation: Compilation<Scalar> {
    var compilation = compilation
    compilation.optimizer = optimizer
    return compilation
  }

  /// Goes on with the weights and the layers of another model.
  mutating func replace(_ graph: Graph<Scalar>) {
    self.graph = graph
    self.graph.changed()
    self.graph.exchangeWeights(&training.context.weights)
  }

  /// Gives the model back what it had, as it is now.
  mutating func giveBack(to model: inout Model<Scalar>) {
    if holdsWeights {
      graph.exchangeWeights(&training.context.weights)
      holdsWeights = false
      graph.computations.give(training)
    }
    compilation.optimizer = optimizer
    swap(&graph, &model.graph)
    model.compiled = compilation
  }

  /// Training has come to its end: weights become what the optimizer has averaged, where it does.
  mutating func end() {
    showsAverages = false
    let context = training.context
    for (number, weight) in trainedWeights { optimizer.finish(&context.weights[weight], at: number) }
  }

  /// Training ends by an error. Where no step has changed weights, all is what it was before.
  mutating func giveUp(_ generator: inout PhiloxGenerator) {
    showsAverages = false
    training.computation.reset()
    guard let origin = origin.take() else { return }
    generator = origin.generator
    if let compilation = origin.compilation {
      self.compilation = compilation
      optimizer = compilation.optimizer
    }
    if let before = origin.graph {
      graph = before
      holdsWeights = false
    }
  }

  /// Whether weights and the averages that the optimizer keeps of them have changed places.
  var showsAverages = false {
    didSet { if showsAverages != oldValue { exchangeAverages() } }
  }

  private mutating func exchangeAverages() {
    let context = training.context
    for (number, weight) in trainedWeights where optimizer.weights.indices.contains(number) {
      guard var average = optimizer.weights[number].average.take() else { continue }
      swap(&context.weights[weight], &average)
      optimizer.weights[number].average = average
    }
  }

  // MARK: Steps

  /// One step of the optimizer. Returns the loss of the batch before it.
  mutating func step(_ samples: consuming Samples<Scalar>, using generator: inout PhiloxGenerator) throws -> Double {
    try training.step(samples, by: &optimizer, using: &generator, origin: &origin)
  }

  /// Evaluates samples batch by batch.
  mutating func evaluate(_ batches: EvaluationBatches<Scalar>) throws -> Logs {
    let evaluation = try evaluation(for: batches.first)
    evaluation.reset()
    // Taken for this alone: a step of training holds the weights by itself.
    evaluation.context.weights = training.context.weights
    evaluation.context.weightsVersion += 1
    defer { evaluation.context.weights = [] }
    try batches.visit { try evaluation.evaluate($0) }
    return evaluation.logs
  }

  private mutating func evaluation(for samples: Samples<Scalar>) throws -> TrainingComputation<Scalar> {
    if let evaluation, evaluation.takes(samples) { return evaluation }
    var graph = currentGraph
    let shapes = try graph.outputShapes(for: samples)
    let made = try TrainingComputation(
      &graph, compilation, samples, isTraining: false, outputShapes: shapes)
    evaluation = made
    return made
  }

  private var trainedWeights: [(number: Int, weight: Int)] { training.computation.plan.trainedWeights }
}

// MARK: Weights while they are trained

extension Plan {
  /// The weights that gradients change, with the numbers that optimizers know them by: weights keep theirs while their layers are
  /// frozen.
  var trainedWeights: [(number: Int, weight: Int)] {
    var number = 0
    var result: [(Int, Int)] = []
    for (index, weight) in weights.enumerated() where weight.isTrainable {
      if weight.isTrained { result.append((number, index)) }
      number += 1
    }
    return result
  }
}

extension Computation {
  /// What regularizers add to the loss.
  var penalty: Double {
    var sum = 0.0
    for index in regularizedWeights {
      sum += plan.weights[index].regularizer!.penalty(of: context.weights[index])
    }
    return sum
  }

  /// The same; its gradient is added to the weights'.
  func addPenalties() -> Double {
    var sum = 0.0
    for index in regularizedWeights {
      let regularizer = plan.weights[index].regularizer!
      sum += regularizer.penalty(of: context.weights[index])
      if !plan.weights[index].isTrained { continue }
      if !context.hasWeightGradient[index] {
        context.weightGradients[index] = .zeros(context.weights[index].shape)
        context.hasWeightGradient[index] = true
      }
      regularizer.addGradient(
        of: context.weights[index], to: &context.weightGradients[index]!, scaledBy: context.lossScale)
    }
    return sum
  }

  /// A step of the optimizer on every weight that is trained and had a part in the loss.
  /// - Parameter descended: whether the pullback has taken it where it could.
  func update(by optimizer: inout OptimizerState<Scalar>, descended: Bool) {
    optimizer.beginStep()
    if optimizer.needsGradientNorm {
      for (number, index) in trainedWeights where context.hasWeightGradient[index] {
        optimizer.addGradientNorm(of: &context.weightGradients[index]!, at: number)
      }
    }
    for (number, index) in trainedWeights where context.hasWeightGradient[index] {
      if !(descended && plan.descendable[index]) {
        optimizer.update(&context.weights[index], gradient: &context.weightGradients[index]!, at: number)
      }
      plan.weights[index].constraint?.apply(to: &context.weights[index])
    }
    optimizer.endStep()
  }

  /// Gives weights the values that the forward computation has found for them.
  func commitChanges() {
    while case (let weight, var value)? = context.changes.popLast() {
      swap(&context.weights[weight], &value)
      context.recycle(value)
    }
  }
}
