internal import Tensor

/// A model during training. The computation has the weights and changes them in place.
struct Trainer<Scalar: RealScalar> {
  private(set) var graph: Graph<Scalar>
  var optimizer: OptimizerState<Scalar>
  private var compilation: Compilation<Scalar>
  private(set) var training: TrainingComputation<Scalar>
  private var evaluation: TrainingComputation<Scalar>?
  /// Whether the computation has the weights.
  private var holdsWeights = false
  /// The state before training; `nil` as soon as a step changes weights.
  private var origin: TrainingOrigin<Scalar>?

  /// Takes the layers, weights and optimizer out of a compiled model, so that there are no other references to them
  /// while they change. Call ``giveBack(to:)`` afterwards.
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

  /// The current model; its weights share memory with those in training.
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

  /// Continues with the weights and layers of another model.
  mutating func replace(_ graph: Graph<Scalar>) {
    self.graph = graph
    self.graph.changed()
    self.graph.exchangeWeights(&training.context.weights)
  }

  /// Returns everything, in its current state, to the model.
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

  /// Completes training: weights become their moving averages if the optimizer has any.
  mutating func end() {
    showsAverages = false
    let context = training.context
    for (number, weight) in trainedWeights { optimizer.finish(&context.weights[weight], at: number) }
  }

  /// Ends training after an error. If no step has changed weights, everything is restored.
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

  /// Whether weights and the optimizer's averages are swapped.
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

  /// Takes one step of the optimizer. Returns the loss of the batch before it.
  mutating func step(_ samples: consuming Samples<Scalar>, using generator: inout PhiloxGenerator) throws -> Double {
    try training.step(samples, by: &optimizer, using: &generator, origin: &origin)
  }

  /// Evaluates samples batch by batch.
  mutating func evaluate(_ batches: EvaluationBatches<Scalar>) throws -> Logs {
    let evaluation = try evaluation(for: batches.first)
    evaluation.reset()
    // A separate reference: a training step must have the only reference to the weights.
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
  /// The weights that gradients change, with their numbers in the optimizer, which do not change when layers are
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
  /// The penalties of regularizers.
  var penalty: Double {
    var sum = 0.0
    for index in regularizedWeights {
      sum += plan.weights[index].regularizer!.penalty(of: context.weights[index])
    }
    return sum
  }

  /// The penalties of regularizers, whose gradients are added to the weights'.
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

  /// Takes a step of the optimizer on every trained weight that contributed to the loss.
  /// - Parameter descended: whether the pullback has already taken the step where it could.
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

  /// Sets weights to the values computed by the forward computation.
  func commitChanges() {
    while case (let weight, var value)? = context.changes.popLast() {
      swap(&context.weights[weight], &value)
      context.recycle(value)
    }
  }
}
