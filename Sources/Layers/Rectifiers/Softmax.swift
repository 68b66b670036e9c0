public import Activations
public import Tensor

/// Probabilities along an axis, or over several, as a layer; see ``/Activations/softmax(_:axis:)``.
///
/// ```swift
/// let probabilities = try Softmax()(x)
/// let ofSome = try Softmax(axis: 1)(x, mask: mask)
/// ```
///
/// Shapes are kept. Steps that the input's mask leaves out get the probability 0. Axes are counted with the batch axis, which is 0; negative ones from the last.
public struct Softmax<Scalar: RealScalar>: ActivationBackedLayer {
  /// The axes over which results sum to 1, counted with the batch axis.
  public let axes: [Int]
  /// What the layer computes.
  public let activation: Activation<Scalar>

  /// - Parameter axis: one, or a list.
  public init(axis: some Axes = -1) {
    axes = axis.listed(for: "Softmax")
    activation = .softmax(axis: axes)
  }

  /// The probabilities of what the mask has true; the rest becomes 0, and so does a line without any.
  /// - Parameter x: the tensor it is called on.
  /// - Parameter mask: broadcast to x's shape.
  /// - Throws: ``LayerError`` where the input has not these axes, ``/Activations/ActivationError`` where the mask does not broadcast.
  public func callAsFunction(_ x: consuming Tensor<Scalar>, mask: Tensor<Bool>) throws -> Tensor<Scalar> {
    _ = try outputShape(for: sampleShape(x.shape))
    return try softmax(x, mask: mask, axis: axes)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    guard let mask = x.mask else { return try x.activated(by: activation) }
    return try x.applying(MaskedSoftmaxOperation(activation: activation, axes: axes), mask)
  }
}

/// Operands: x, and its mask.
private struct MaskedSoftmaxOperation<Scalar: RealScalar>: TensorOperation {
  let activation: Activation<Scalar>
  let axes: [Int]

  func forward(_ context: Context<Scalar>) throws -> Tensor<Scalar> {
    let x = context.operand(0)
    let output = try softmax(x, mask: context.mask(1).expandedBehind(to: x.rank), axis: axes)
    context.give(output)
    return output
  }

  /// What is left out has the probability 0 and therefore the slope 0.
  func pullback(_ output: consuming Tensor<Scalar>, _ context: Context<Scalar>) throws {
    context.give(try activation.pullback(context.upstream(), input: output, output: output), of: 0)
  }
}
