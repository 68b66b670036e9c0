public import Tensor

/// A layer applied to each step of a sequence: the input is [batch, steps, …], and so is the output.
///
/// ```swift
/// let frames = TimeDistributed(Conv2D<Float>(16, kernelSize: 3, activation: .relu))
/// ```
///
/// The steps share the layer's weights. In training, batch normalisation takes the statistics of each step by itself, and
/// dropout draws for each, as in Keras. The output keeps the input's mask.
public struct TimeDistributed<Scalar: RealScalar>: CompositeLayer {
  /// The layer that is applied to each step, and whether it is trained.
  package private(set) var stage: Stage<Scalar>
  /// The layer that is applied to each step.
  public var layer: any Layer<Scalar> { stage.layer }

  /// - Parameter layer: the layer that is applied to each step.
  public init(_ layer: any Layer<Scalar>) { self.init(Stage(layer)) }

  /// - Parameter stage: the layer that is applied to each step, such as a frozen one.
  public init(_ stage: Stage<Scalar>) { self.stage = stage }

  public var parts: [LayerPart<Scalar>] { [LayerPart("layer", layer, isTrainable: stage.isTrainable)] }
  public var isBuilt: Bool { layer.isBuilt }

  private func stepShape(_ inputShape: [Int]) throws -> [Int] {
    guard inputShape.count > 1, inputShape[0] > 0 else {
      throw unexpectedShape("[batch, steps, …] with at least one step", inputShape)
    }
    return Array(inputShape.dropFirst())
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    [inputShape.first ?? 0] + (try layer.outputShape(for: try stepShape(inputShape)))
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    if !layer.isBuilt { try stage.layer.build(inputShape: try stepShape(inputShape), using: &generator) }
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try stage.layer.forEachWeight(body)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    try x.value.recorder.part(isTrainable: stage.isTrainable) { try everyStep(of: x) }
  }

  private func everyStep(of x: Traced<Scalar>) throws -> Traced<Scalar> {
    // A product with the last axis is the same for all steps at once.
    if let dense = layer as? Dense<Scalar>, dense.activation.isElementwise { return try dense(x) }
    let steps = try x.stepsOfSequence().enumerated().map { step, input in
      try layer(input.with(mask: try x.mask?.step(step)))
    }
    let output = try Traced.sequence(of: steps)
    guard let mask = x.mask else { return output }
    return output.with(mask: output.shape.starts(with: mask.shape) ? mask : try mask.ofSteps())
  }
}
