public import Tensor

/// What a layer or a model computed, and what followed from the gradients by its outputs.
public struct Pullback<Scalar: RealScalar>: Sendable {
  /// What was computed.
  public let outputs: [Tensor<Scalar>]
  /// The gradients by the inputs, each in its shape.
  public let inputs: [Tensor<Scalar>]
  /// Those by the weights that are trained.
  public let weights: Gradients<Scalar>
  /// What layers add to the loss, such as penalties of activities. The gradients have its part in them.
  public let penalty: Double
  /// The values that weights which are not trained by gradients have after a step: moving statistics, by their places.
  public let statistics: [String: Tensor<Scalar>]

  /// That of a layer of one input.
  public var input: Tensor<Scalar> { inputs[0] }
  /// That of a layer of one output.
  public var output: Tensor<Scalar> { outputs[0] }
}

extension Layer {
  /// The gradients that follow from the gradient by the output: by the input, for a saliency map, and by the weights.
  ///
  /// ```swift
  /// let scores: Tensor<Float> = try labels[0..<1].oneHot(classes: 10)    // the score of the right class
  /// let saliency = try model.pullback(scores, at: images[0..<1], training: false, using: &generator).input
  /// ```
  ///
  /// The layer stays as it is. One that has not been built is built for this call, by a generator of seed 0.
  /// - Parameters:
  ///   - upstream: the gradient by the output. Traps for another shape.
  ///   - x: the input, [batch, …].
  ///   - training: whether the forward computation is one of training, with dropout and batch statistics.
  ///   - generator: for dropout and noise.
  /// - Throws: ``LayerError`` where the input does not fit or an activation has no pullback.
  public func pullback(
    _ upstream: Tensor<Scalar>, at x: Tensor<Scalar>, training: Bool = true, using generator: inout PhiloxGenerator
  ) throws -> Pullback<Scalar> {
    try pullback([upstream], at: [x], training: training, using: &generator)
  }

  /// The same of a layer of several inputs or outputs.
  public func pullback(
    _ upstream: [Tensor<Scalar>], at inputs: [Tensor<Scalar>], training: Bool = true,
    using generator: inout PhiloxGenerator
  ) throws -> Pullback<Scalar> {
    let shapes = try inputs.map { try sampleShape($0.shape) }
    var first = PhiloxGenerator(seed: 0)
    let layer = try ready(for: shapes, using: &first)
    var request = Plan<Scalar>.Request()
    request.needsInputGradients = true
    let computation = try layer.computation(
      training ? .training : .inference, shapes, isDifferentiated: true, request)
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
    return Pullback(
      outputs: outputs, inputs: inputs.indices.map { computation.takeInputGradient($0) },
      weights: computation.gradients, penalty: computation.context.penalty,
      statistics: Dictionary(
        uniqueKeysWithValues: computation.context.changes.map { (weights[$0.weight].path, $0.value) }))
  }

  /// Gives the weights at the places of a ``Pullback/statistics`` their values.
  public mutating func update(_ statistics: [String: Tensor<Scalar>]) {
    if statistics.isEmpty { return }
    forEachWeight { weight in
      if let value = statistics[weight.path] { weight.value = value }
    }
  }
}
