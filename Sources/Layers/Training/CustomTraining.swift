public import Tensor

// Functions for custom training loops.

extension Model {
  /// Computes the compiled loss of a batch in training, and its gradients with respect to the weights. Moving
  /// statistics are updated. Trained weights do not change: an optimizer changes them with
  /// ``OptimizerState/update(_:_:)``.
  ///
  /// ```swift
  /// var state = OptimizerState(optimizer)
  /// for (x, y) in batches {
  ///   let (_, gradients) = try model.valueAndGradients(x, y, using: &generator)
  ///   try state.update(&model, gradients.clipped(byGlobalNorm: 1))
  /// }
  /// ```
  /// - Parameters:
  ///   - x: the input, [batch, …].
  ///   - y: classes or values, one row for each sample.
  ///   - sampleWeights: the weights of the samples, [batch].
  ///   - generator: the source of random numbers for dropout and noise, and for the weights of a model that is not built.
  /// - Returns: the loss with all penalties, as returned by `trainOnBatch`, and the gradients.
  /// - Throws: ``LayerError``, ``EvaluationError`` or ``TrainingError`` if the batch is not valid for the model and its
  ///   losses.
  public mutating func valueAndGradients(
    _ x: Tensor<Scalar>, _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil,
    using generator: inout PhiloxGenerator
  ) throws -> (value: Double, gradients: Gradients<Scalar>) {
    try valueAndGradients([x], [y], sampleWeights: [sampleWeights], using: &generator)
  }

  /// Computes the loss and gradients of a model with any number of inputs and outputs.
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

  /// Computes a custom loss of a batch in training, and its gradients with respect to the weights.
  ///
  /// ```swift
  /// let (value, gradients) = try model.valueAndGradients([images], using: &generator) { outputs in
  ///   let difference = outputs[0] - targets
  ///   return (Double(difference.squared().sum().scalar), [difference * 2])
  /// }
  /// ```
  /// - Parameters:
  ///   - inputs: a batch for each input.
  ///   - generator: the source of random numbers for dropout and noise, and for the weights of a model that is not built.
  ///   - loss: returns the loss for the outputs, and its gradient with respect to each of them, in the output's shape;
  ///     `nil` for an output that does not contribute. Other shapes stop the program.
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
  /// Changes a model's weights by a step with gradients of that model. Weights without a gradient do not change.
  /// - Throws: ``TrainingError/otherGradients(difference:)`` if the gradients are another model's.
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
