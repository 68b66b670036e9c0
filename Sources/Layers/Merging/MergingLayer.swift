public import Tensor

/// A layer that makes one tensor of several.
///
/// ```swift
/// let sum = try Add()(a, b)
/// let joined = try Concatenate(axis: 1)([a, b, a])
/// ```
///
/// Shapes in this protocol are those of one sample, without the batch axis; all inputs have the same batch.
public protocol MergingLayer<Scalar>: Layer {
  /// The shape of a sample's output.
  /// - Throws: ``LayerError`` where the inputs do not fit each other, or are too many or too few.
  func outputShape(forInputs inputShapes: [[Int]]) throws -> [Int]

  /// The output for a batch of each input.
  func forward(_ inputs: consuming [Tensor<Scalar>], _ pass: Pass<Scalar>) throws -> Tensor<Scalar>

  /// From the gradient by the output, the gradients by the inputs, in their order.
  /// - Parameter upstream: the gradient by the output; its memory may be reused.
  /// - Parameter output: what the forward computation gave.
  /// - Parameter inputs: those of the forward computation.
  /// - Parameter pass: that of the forward computation.
  mutating func pullback(
    _ upstream: consuming Tensor<Scalar>, inputs: [Tensor<Scalar>], output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) throws -> [Tensor<Scalar>]
}

// With a single input, a merging layer is a layer as any other.
extension MergingLayer {
  public func outputShape(for inputShape: [Int]) throws -> [Int] { try outputShape(forInputs: [inputShape]) }

  public func forward(_ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) throws -> Tensor<Scalar> {
    try forward([x], pass)
  }

  public mutating func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar> {
    try pullback(upstream, inputs: [input], output: output, pass)[0]
  }
}

extension MergingLayer {
  /// The output for one batch of each input, as in use after training.
  /// - Throws: ``LayerError`` where the inputs do not fit.
  public func callAsFunction(_ inputs: [Tensor<Scalar>]) throws -> Tensor<Scalar> {
    let expected = try outputShape(forInputs: inputs.map { try sampleShape($0.shape) })
    try Scalar.requireSampleShape(expected, className)
    guard inputs.allSatisfy({ $0.shape[0] == inputs[0].shape[0] }) else {
      throw LayerError.inputShapes(
        layer: className, expected: "batches of one size", found: inputs.map { "\($0.shape)" })
    }
    let output = try forward(inputs, Pass())
    requireResult(output, batch: inputs[0].shape[0], expected, className)
    return output
  }

  /// The same for tensors one by one: `Add()(a, b)`.
  public func callAsFunction(
    _ first: Tensor<Scalar>, _ second: Tensor<Scalar>, _ others: Tensor<Scalar>...
  ) throws -> Tensor<Scalar> {
    try self([first, second] + others)
  }
}
