internal import Tensor

/// A layer that combines the elements of its inputs one by one. Inputs broadcast as in NumPy behind the batch axis:
/// [batch, 4] fits [batch, 3, 4].
public protocol ElementwiseMergingLayer<Scalar>: MergingLayer {}

extension ElementwiseMergingLayer {
  public func outputShape(forInputs inputShapes: [[Int]]) throws -> [Int] {
    try broadcastShape(inputShapes)
  }

  /// - Throws: ``LayerError`` where the inputs do not broadcast.
  func broadcastShape(_ inputShapes: [[Int]]) throws -> [Int] {
    guard var result = inputShapes.first else {
      throw LayerError.inputCount(layer: className, expected: 1, found: 0)
    }
    for shape in inputShapes.dropFirst() {
      guard let broadcast = Layout.broadcastLengths(result, shape) else {
        throw LayerError.inputShapes(
          layer: className, expected: "shapes whose axes agree or have the length 1",
          found: inputShapes.map(batchDescription))
      }
      result = broadcast
    }
    return result
  }
}

extension Tensor {
  /// With axes of length 1 behind the batch axis, so that there are `rank`.
  func expandedBehindBatch(to rank: Int) -> Tensor {
    if self.rank == rank { return self }
    return reshaped([shape[0]] + [Int](repeating: 1, count: rank - self.rank) + shape.dropFirst())
  }
}

extension Array {
  /// Tensors of one rank, which broadcast.
  func aligned<Scalar>() -> [Tensor<Scalar>] where Element == Tensor<Scalar> {
    let rank = map(\.rank).max() ?? 0
    return map { $0.expandedBehindBatch(to: rank) }
  }

  /// The inputs of a merging layer combined from left to right: the first two into memory of the pass, the others onto it.
  func combined<Scalar: RealScalar>(
    _ pass: Pass<Scalar>, _ first: (inout Tensor<Scalar>, Tensor<Scalar>, Tensor<Scalar>) -> Void,
    _ next: (inout Tensor<Scalar>, Tensor<Scalar>) -> Void
  ) -> Tensor<Scalar> where Element == Tensor<Scalar> {
    if count == 1 { return self[0] }
    let inputs: [Tensor<Scalar>] = aligned()
    let shape = inputs.reduce(inputs[0].shape) { Layout.broadcastShape($0, $1.shape)! }
    var result = pass.tensor(shape)
    first(&result, inputs[0], inputs[1])
    for input in inputs.dropFirst(2) { next(&result, input) }
    return result
  }
}

extension Tensor where Scalar: RealScalar {
  /// A gradient by an input that was broadcast: summed over the axes along which that was repeated.
  func summed(toInput shape: [Int]) -> Tensor {
    if self.shape == shape { return self }
    let aligned = [shape[0]] + [Int](repeating: 1, count: rank - shape.count) + shape.dropFirst()
    let repeated = aligned.indices.filter { aligned[$0] != self.shape[$0] }
    let sum = repeated.isEmpty ? self : sum(axis: repeated, keepDimensions: true)
    return sum.reshaped(shape)
  }
}
