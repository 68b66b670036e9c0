// Copies that join, repeat and move elements.

extension Tensor {
  /// Tensors one after another along an axis. Traps when they differ along another axis or when there are none.
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { fatalError("concatenating takes at least one tensor") }
    let axis = axis.resolvedAxis(rank: first.rank)
    var shape = first.shape
    for (index, tensor) in tensors.enumerated() {
      require(
        tensor.rank == first.rank
          && (0..<first.rank).allSatisfy { $0 == axis || tensor.shape[$0] == first.shape[$0] },
        "concatenating along axis \(axis): tensor \(index) has the shape \(tensor.shape), tensor 0 has \(first.shape)")
    }
    shape[axis] = tensors.reduce(0) { $0 + $1.shape[axis] }
    let result = Tensor(uninitialized: shape)
    var start = 0
    for tensor in tensors {
      let length = tensor.shape[axis]
      result.view(result.layout.sliced(axis: axis, start: start, count: length, step: 1)).fill(copying: tensor)
      start += length
    }
    return result
  }

  /// Tensors of one shape along a new axis that stands at the given place in the result.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { fatalError("stacking takes at least one tensor") }
    for (index, tensor) in tensors.enumerated() {
      require(
        tensor.shape == first.shape,
        "stacking: tensor \(index) has the shape \(tensor.shape), tensor 0 has \(first.shape)")
    }
    return concatenated(tensors.map { $0.expanded(axis: axis) }, axis: axis)
  }
}
