public import Tensor

/// Two recurrent layers over the same sequence, one from the front and one from the back, whose outputs are combined.
///
/// ```swift
/// let layer = Bidirectional(LSTM<Float>(64, returnSequences: true), mergeMode: .concatenate)
/// ```
///
/// The input is [batch, steps, …]; further inputs are the initial states, of the forward layer first. Outputs of the
/// backward layer stand in the order of the input. Outputs of steps that the input's mask excludes are 0. With `returnState`,
/// the states of the forward layer follow the output, then those of the backward layer.
public struct Bidirectional<Scalar: RealScalar>: CompositeLayer {
  /// How the outputs of both layers are combined.
  public enum MergeMode: String, CaseIterable, Sendable {
    /// Their sum.
    case sum
    /// Their product.
    case multiply = "mul"
    /// Their mean.
    case average = "ave"
    /// One behind the other along the last axis.
    case concatenate = "concat"
  }

  /// The layer that takes the steps in their order.
  public private(set) var forward: any RecurrentLayer<Scalar>
  /// The layer that takes them from the back.
  public private(set) var backward: any RecurrentLayer<Scalar>
  /// How the outputs are combined; `nil` if both are outputs.
  public let mergeMode: MergeMode?
  /// Whether training changes the weights of both layers, and the penalties for their outputs: what Keras's files tell.
  package var details = (forward: PartDetails<Scalar>(), backward: PartDetails<Scalar>())

  /// Creates a layer over two recurrent layers.
  /// - Parameter layer: the layer from the front.
  /// - Parameter mergeMode: how the outputs are combined; `nil` if both are outputs.
  /// - Parameter backward: the layer from the back, with `goBackwards` other than that of `layer`; by default, a layer like
  ///   it, with its own weights.
  public init(
    _ layer: any RecurrentLayer<Scalar>, mergeMode: MergeMode? = .concatenate,
    backward: (any RecurrentLayer<Scalar>)? = nil
  ) {
    var other = backward ?? layer
    if backward == nil { other.options.goBackwards.toggle() }
    require(
      other.options.goBackwards != layer.options.goBackwards
        && other.options.returnSequences == layer.options.returnSequences
        && other.options.returnState == layer.options.returnState,
      "Bidirectional: layers with the options \(layer.options) and \(other.options); allowed: other goBackwards, and the same returnSequences and returnState"
    )
    forward = layer
    self.backward = other
    self.mergeMode = mergeMode
    let returnsSequences = layer.options.returnSequences
    forward.options.zeroOutputForMask = returnsSequences
    self.backward.options.zeroOutputForMask = returnsSequences
    // Keras turns round what the second layer gives, whichever of the two goes backwards.
    if self.backward.options.goBackwards { self.backward.options.keepsOrder = true }
  }

  /// The same layer, for which all steps count.
  var ignoringMask: Bidirectional {
    var layer = self
    layer.forward.options.ignoresMask = true
    layer.backward.options.ignoresMask = true
    return layer
  }

  public var parts: [LayerPart<Scalar>] {
    [
      LayerPart("forward_layer", forward, isTrainable: details.forward.isTrainable),
      LayerPart("backward_layer", backward, isTrainable: details.backward.isTrainable),
    ]
  }

  public var outputCount: Int { forward.outputCount + backward.outputCount - (mergeMode == nil ? 0 : 1) }
  public var isBuilt: Bool { forward.isBuilt && backward.isBuilt }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    var own = generator.split()
    try forward.build(inputShape: inputShape, using: &own)
    own = generator.split()
    try backward.build(inputShape: inputShape, using: &own)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try forward.forEachWeight(in: "forward_layer", body)
    try backward.forEachWeight(in: "backward_layer", body)
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try outputShapes(for: [inputShape])[0] }

  public func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    let (first, second) = try halves(inputShapes)
    var (ahead, back) = (try forward.outputShapes(for: first), try backward.outputShapes(for: second))
    let (output, other) = (ahead.removeFirst(), back.removeFirst())
    let areAlike = mergeMode == .concatenate ? output.dropLast() == other.dropLast() : output == other
    guard areAlike || mergeMode == nil else {
      throw LayerError.inputShapes(
        layer: className, expected: "outputs of both layers in one shape",
        found: [output, other].map { batchDescription($0) })
    }
    var merged = [output]
    if mergeMode == nil { merged.append(other) }
    if mergeMode == .concatenate { merged[0][output.count - 1] += other[output.count - 1] }
    return merged + ahead + back
  }

  /// The inputs of both layers: the sequence, and half of the states.
  private func halves<Input>(_ inputs: [Input]) throws -> ([Input], [Input]) {
    let states = inputs.dropFirst()
    guard states.count % 2 == 0 else {
      throw LayerError.inputCount(layer: className, expected: inputs.count + 1, found: inputs.count)
    }
    return ([inputs[0]] + states.prefix(states.count / 2), [inputs[0]] + states.suffix(states.count / 2))
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try call([x])[0] }

  public func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    let (first, second) = try halves(inputs)
    var ahead = try details.forward.outputs(of: forward, first)
    var back = try details.backward.outputs(of: backward, second)
    let output = ahead.removeFirst()
    var other = back.removeFirst()
    if forward.options.returnSequences && !backward.options.goBackwards {
      other = try .sequence(of: other.stepsOfSequence().reversed())
    }
    var merged: [Traced<Scalar>]
    switch mergeMode {
    case .concatenate: merged = [try output.concatenated(with: [other], axis: -1)]
    case .sum: merged = [try output + other]
    case .average: merged = [try (output + other) * 0.5]
    case .multiply: merged = [try output * other]
    case nil: merged = [output, other]
    }
    return merged.map { $0.with(mask: output.mask) } + ahead + back
  }
}

/// What a layer within another one has beside its own parameters.
package struct PartDetails<Scalar: RealScalar>: Sendable {
  package var isTrainable = true
  package var activityRegularizer: Regularizer<Scalar>?

  package init(isTrainable: Bool = true, activityRegularizer: Regularizer<Scalar>? = nil) {
    self.isTrainable = isTrainable
    self.activityRegularizer = activityRegularizer
  }

  fileprivate func outputs(of layer: any Layer<Scalar>, _ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    try inputs[0].value.recorder.part(isTrainable: isTrainable) {
      try layer(inputs).map { try $0.penalized(by: activityRegularizer) }
    }
  }
}
