public import Activations
public import Tensor

/// Probabilities along an axis, or over several, as a layer; see ``/Activations/softmax(_:axis:)``.
///
/// ```swift
/// let probabilities = try Softmax()(x)
/// let ofSome = try Softmax(axis: 1)(x, mask: mask)
/// ```
///
/// Shapes do not change. Steps that the input's mask excludes get the probability 0. Axes are numbered from the batch
/// axis, which is 0; negative numbers count from the last axis.
public struct Softmax<Scalar: RealScalar>: ActivationBackedLayer {
  /// The axes over which results sum to 1, numbered from the batch axis.
  public let axes: [Int]
  /// The activation that the layer applies.
  public let activation: Activation<Scalar>

  /// Creates a softmax layer.
  /// - Parameter axis: an axis or a list of axes.
  public init(axis: some Axes = -1) {
    axes = axis.listed(for: "Softmax")
    activation = .softmax(axis: axes)
  }

  /// Returns the probabilities over the elements where the mask is true; the others are 0, and so is a line without
  /// any.
  /// - Parameter x: the input.
  /// - Parameter mask: a mask that broadcasts to x's shape.
  /// - Throws: ``LayerError`` if the input does not have these axes, ``/Activations/ActivationError`` if the mask does
  ///   not broadcast.
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

  /// Masked elements have the probability 0 and therefore the slope 0.
  func pullback(_ output: consuming Tensor<Scalar>, _ context: Context<Scalar>) throws {
    context.give(try activation.pullback(context.upstream(), input: output, output: output), of: 0)
  }
}
