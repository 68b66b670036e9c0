public import Tensor

// What a training loop of one's own is written with.

extension Model {
  /// The compiled loss of a batch in training, and its gradients by the weights. Moving statistics follow, the trained weights stay:
  /// an optimizer changes them, ``OptimizerState/update(_:_:)``.
  ///
  /// ```swift
  /// var state = OptimizerState(optimizer)
  /// for (x, y) in batches {
  ///   let (_, gradients) = try model.valueAndGradients(x, y, using: &generator)
  ///   try state.update(&model, gradients.clipped(byGlobalNorm: 1))
  /// }
  /// ```
  /// - Parameters:
  ///   - x: [batch, …]
  ///   - y: classes or values, one row for each sample.
  ///   - sampleWeights: [batch], how much each counts.
  ///   - generator: for the first weights, where the model has not been built, dropout and noise.
  /// - Returns: the loss with all penalties, as `trainOnBatch` gives it.
  /// - Throws: ``LayerError``, ``EvaluationError`` or ``TrainingError`` where something does not fit.
  public mutating func valueAndGradients(
    _ x: Tensor<Scalar>, _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil,
    using generator: inout PhiloxGenerator
  ) throws -> (value: Double, gradients: Gradients<Scalar>) {
    try valueAndGradients([x], [y], sampleWeights: [sampleWeights], using: &generator)
  }

  /// The same for any number of inputs and outputs.
  public mutating func valueAndGradients(
    _ inputs: [Tensor<Scalar>], _ targets: [any TargetTensor], sampleWeights: [Tensor<Scalar>?] = [],
    using generator: inout PhiloxGenerator
  ) throws -> (value: Double, gradients: Gradients<Scalar>) {
    guard let compiled else { throw TrainingError.notCompiled(model: className) }
    let samples = try Samples(inputs, targets.map { $0.target(as: Scalar.self) }, weights: sampleWeights)
    return try valueAndGradients(samples, compiled, using: &generator) { training in
      try training.evaluateLosses(samples, scaledBy: nil)
    }
  }

  /// A loss of one's own of a batch in training, and its gradients by the weights.
  ///
  /// ```swift
  /// let (value, gradients) = try model.valueAndGradients([images], using: &generator) { outputs in
  ///   let difference = outputs[0] - targets
  ///   return (Double(difference.squared().sum().scalar), [difference * 2])
  /// }
  /// ```
  /// - Parameters:
  ///   - inputs: a batch for each input.
  ///   - generator: for the first weights, where the model has not been built, dropout and noise.
  ///   - loss: from the outputs, the loss and its gradient by each of them, in their shapes; an output whose gradient is left out has
  ///     no part in it. Traps for other shapes.
  public mutating func valueAndGradients(
    _ inputs: [Tensor<Scalar>], using generator: inout PhiloxGenerator,
    loss: (_ outputs: [Tensor<Scalar>]) throws -> (value: Double, gradients: [Tensor<Scalar>?])
  ) throws -> (value: Double, gradients: Gradients<Scalar>) {
    let name = className
    return try valueAndGradients(Samples(inputs, [], weights: []), nil, using: &generator) { training in
      let computation = training.computation
      let outputs = computation.plan.outputs.indices.map { computation.output($0) }
      let (value, gradients) = try loss(outputs)
      require(
        gradients.count == outputs.count && zip(gradients, outputs).allSatisfy { $0 == nil || $0!.shape == $1.shape },
        "\(name): a loss gave gradients of the shapes \(gradients.map { $0?.shape ?? [] }), the outputs have \(outputs.map(\.shape))"
      )
      for (index, gradient) in gradients.enumerated() {
        if let gradient { computation.setUpstream(index, gradient) }
      }
      return value
    }
  }

  private mutating func valueAndGradients(
    _ samples: Samples<Scalar>, _ compilation: Compilation<Scalar>?, using generator: inout PhiloxGenerator,
    _ loss: (TrainingComputation<Scalar>) throws -> Double
  ) throws -> (value: Double, gradients: Gradients<Scalar>) {
    let before = generator
    let (training, _) = try prepareTraining(samples, compilation, using: &generator)
    let computation = training.computation
    graph.exchangeWeights(&training.context.weights)
    defer {
      graph.exchangeWeights(&training.context.weights)
      graph.computations.give(training)
    }
    do {
      for (index, input) in samples.inputs.enumerated() { computation.setInput(index, input) }
      training.context.lossScale = 1
      var value = 0.0
      try training.context.workspace.lend {
        try computation.forward(using: &generator)
        value = try loss(training)
        try computation.pullback()
        value += training.context.penalty + computation.addPenalties()
        computation.commitChanges()
        computation.releaseInputs()
      }
      return (value, computation.gradients)
    } catch {
      computation.reset()
      generator = before
      throw error
    }
  }
}

extension OptimizerState {
  /// A step on a model's weights by gradients of that model. Weights without a gradient stay as they are.
  /// - Throws: ``TrainingError/otherGradients(difference:)`` where the gradients are those of another model.
  public mutating func update(_ model: inout Model<Scalar>, _ gradients: Gradients<Scalar>) throws {
    var weights: [PlannedWeight<Scalar>] = []
    model.graph.numberWeights(from: &weights, Numbering())
    if let difference = gradients.difference(from: weights.map(\.path), weights.map(\.shape)) {
      throw TrainingError.otherGradients(difference: difference)
    }
    model.graph.changed()
    var (all, state) = (gradients.tensors, self)
    let hasGradient = all.map { $0 != nil }
    state.beginStep()
    var (index, number) = (0, 0)
    if state.needsGradientNorm {
      for (index, weight) in weights.enumerated() where weight.isTrainable {
        if weight.isTrained && hasGradient[index] { state.addGradientNorm(of: &all[index]!, at: number) }
        number += 1
      }
      number = 0
    }
    model.graph.visitWeights { weight in
      defer { index += 1 }
      guard weight.isTrainable else { return }
      if weights[index].isTrained && hasGradient[index] {
        state.update(&weight.value, gradient: &all[index]!, at: number)
        weight.constraint?.apply(to: &weight.value)
      }
      number += 1
    }
    state.endStep()
    self = state
  }
}
