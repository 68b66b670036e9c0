public import Tensor

/// The outputs of a layer or model, and the gradients derived from those with respect to its outputs.
public struct Pullback<Scalar: RealScalar>: Sendable {
  /// The outputs of the forward computation.
  public let outputs: [Tensor<Scalar>]
  /// The gradients with respect to the inputs, each in its input's shape.
  public let inputs: [Tensor<Scalar>]
  /// The gradients with respect to the trainable weights.
  public let weights: Gradients<Scalar>
  /// The terms that layers add to the loss, such as activity penalties. The gradients include them.
  public let penalty: Double
  /// The values after a step of weights that are not trained by gradients, such as moving statistics, by path.
  public let statistics: [String: Tensor<Scalar>]

  /// The gradient with respect to the only input.
  public var input: Tensor<Scalar> { inputs[0] }
  /// The only output.
  public var output: Tensor<Scalar> { outputs[0] }
}

extension Layer {
  /// Returns the gradients that follow from the gradient with respect to the output: with respect to the input, for
  /// example for a saliency map, and with respect to the weights.
  ///
  /// ```swift
  /// let scores: Tensor<Float> = try labels[0..<1].oneHot(classes: 10)    // the score of the right class
  /// let saliency = try model.pullback(scores, at: images[0..<1], training: false, using: &generator).input
  /// ```
  ///
  /// The layer does not change. A layer that has not been built is built for this call, with a generator of seed 0.
  /// - Parameters:
  ///   - upstream: the gradient with respect to the output, in the output's shape.
  ///   - x: the input, [batch, …].
  ///   - training: whether the forward computation is for training, with dropout and batch statistics.
  ///   - generator: the source of random numbers for dropout and noise.
  /// - Throws: ``LayerError`` if the layer does not accept the input or an activation has no pullback.
  public func pullback(
    _ upstream: Tensor<Scalar>, at x: Tensor<Scalar>, training: Bool = true, using generator: inout PhiloxGenerator
  ) throws -> Pullback<Scalar> {
    try pullback([upstream], at: [x], training: training, using: &generator)
  }

  /// Returns the gradients of a layer with several inputs or outputs.
  public func pullback(
    _ upstream: [Tensor<Scalar>], at inputs: [Tensor<Scalar>], training: Bool = true,
    using generator: inout PhiloxGenerator
  ) throws -> Pullback<Scalar> {
    let mode: ComputationMode = training ? .training : .inference
    let kept = (self as? Model<Scalar>)?.graph.computations
    let computation = try kept?.takePullback(mode, for: inputs) ?? pullbackComputation(mode, inputs)
    for (index, input) in inputs.enumerated() { computation.setInput(index, input) }
    try computation.forward(using: &generator)
    let outputs = computation.plan.outputs.indices.map { computation.output($0) }
    require(
      upstream.map(\.shape) == outputs.map(\.shape),
      "\(className): the upstream gradients have the shapes \(upstream.map(\.shape)), the outputs \(outputs.map(\.shape))"
    )
    for (index, gradient) in upstream.enumerated() { computation.setUpstream(index, gradient) }
    try computation.pullback()
    let weights = computation.plan.weights
    defer {
      computation.releaseInputs()
      computation.releaseOutputs()
      kept?.give(pullback: computation, mode)
    }
    return Pullback(
      outputs: outputs, inputs: inputs.indices.map { computation.takeInputGradient($0) },
      weights: computation.gradients, penalty: computation.context.penalty,
      statistics: Dictionary(
        uniqueKeysWithValues: computation.context.changes.map { (weights[$0.weight].path, $0.value) }))
  }

  private func pullbackComputation(
    _ mode: ComputationMode, _ inputs: [Tensor<Scalar>]
  ) throws -> Computation<Scalar> {
    let shapes = try inputs.map { try sampleShape($0.shape) }
    var first = PhiloxGenerator(seed: 0)
    let layer = try ready(for: shapes, using: &first)
    var request = Plan<Scalar>.Request()
    request.needsInputGradients = true
    return try layer.computation(mode, shapes, isDifferentiated: true, request)
  }

  /// Sets the weights at the paths of a ``Pullback/statistics`` to their values.
  public mutating func update(_ statistics: [String: Tensor<Scalar>]) {
    if statistics.isEmpty { return }
    forEachWeight { weight in
      if let value = statistics[weight.path] { weight.value = value }
    }
  }
}
