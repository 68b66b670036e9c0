import Tensor

// The masks of merging layers' outputs, from those of their inputs.

extension Array {
  /// True where any input's mask is true; `nil` if an input has no mask. Inputs and masks broadcast after the batch
  /// axis.
  func jointMask<Scalar: RealScalar>(ofShape shape: [Int]) throws -> TracedMask<Scalar>?
  where Element == Traced<Scalar> {
    let masks = compactMap(\.mask)
    if masks.count < count { return nil }
    if count == 1 { return masks[0] }
    let aligned = map { [Int](repeating: 1, count: shape.count - $0.shape.count) + $0.mask!.shape }
    let rank = aligned.reduce(0) { Swift.max($0, $1.count) }
    return try masks[0].joined(
      with: masks.dropFirst(),
      by: MaskUnion(
        shapes: aligned.map { $0 + [Int](repeating: 1, count: rank - $0.count) }, result: [Int](shape.prefix(rank))))
  }

  /// The inputs' masks, concatenated along an axis of samples, numbered from 0, each with its input's length; an input
  /// without a mask counts entirely. `nil` if no input has a mask.
  func concatenatedMask<Scalar: RealScalar>(axis: Int) throws -> TracedMask<Scalar>?
  where Element == Traced<Scalar> {
    let masks = compactMap(\.mask)
    guard let first = masks.first else { return nil }
    return try first.joined(
      with: masks.dropFirst(),
      by: MaskConcatenation(parts: map { (shape: $0.shape, hasMask: $0.mask != nil) }, axis: axis))
  }
}

extension TracedMask {
  fileprivate func joined<Operation: TensorOperation<Scalar>>(
    with others: ArraySlice<TracedMask>, by operation: Operation
  ) throws -> TracedMask where Operation.ResultScalar == Bool {
    TracedMask(value: try value.recorder.record(operation, [value] + others.map(\.value))[0])
  }
}

private struct MaskUnion<Scalar: RealScalar>: UndifferentiatedOperation {
  typealias ResultScalar = Bool
  /// The shapes from which the masks broadcast.
  let shapes: [[Int]]
  let result: [Int]

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [result] }

  func forward(_ context: Context<Scalar>) throws {
    let batch = [context.mask(0).shape[0]]
    let masks = shapes.indices.map { context.mask($0).reshaped(batch + shapes[$0]) }
    context.give(mask: masks.dropFirst().reduce(masks[0]) { $0 .| $1 }.broadcast(to: batch + result))
  }
}

private struct MaskConcatenation<Scalar: RealScalar>: UndifferentiatedOperation {
  typealias ResultScalar = Bool
  /// The shapes of the inputs' samples, and whether each has a mask.
  let parts: [(shape: [Int], hasMask: Bool)]
  let axis: Int

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] {
    var shape = parts[0].shape
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    return [shape.dropLast()]
  }

  func forward(_ context: Context<Scalar>) throws {
    let batch = [context.mask(0).shape[0]]
    var next = 0
    let masks = parts.map { part in
      guard part.hasMask else { return Tensor(true).broadcast(to: batch + part.shape) }
      defer { next += 1 }
      return context.mask(next).expandedBehind(to: part.shape.count + 1).broadcast(to: batch + part.shape)
    }
    context.give(mask: Tensor.concatenated(masks, axis: axis + 1).any(axis: -1))
  }
}
