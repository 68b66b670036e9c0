// Views: other shapes of the same storage. Nothing here copies, except `reshaped` where strides do not allow a view.

extension Tensor {
  /// The axes in reverse order: a matrix's transpose.
  public var transposed: Tensor { view(layout.transposed) }

  /// The last two axes exchanged: the transpose of every matrix in a batch.
  /// - Precondition: the rank is at least 2.
  public var matrixTransposed: Tensor {
    require(rank >= 2, "a matrix has two axes, the shape \(shape) has \(rank)")
    return swappingAxes(-2, -1)
  }

  /// The axes in the given order, each exactly once.
  public func permuted(_ axes: [Int]) -> Tensor {
    let resolved = axes.map { resolvedAxis($0, rank: rank) }
    require(
      resolved.count == rank && Set(resolved).count == rank,
      "permuting the shape \(shape) takes each of its \(rank) axes once, not \(axes)")
    return view(layout.permuted(resolved))
  }

  /// Two axes exchanged, as a view.
  /// - Precondition: the axes exist.
  public func swappingAxes(_ first: Int, _ second: Int) -> Tensor {
    var order = Array(0..<rank)
    order.swapAt(resolvedAxis(first, rank: rank), resolvedAxis(second, rank: rank))
    return view(layout.permuted(order))
  }

  /// An axis moved to another place, the others in their order, as a view.
  /// - Precondition: the axes exist.
  public func movingAxis(_ axis: Int, to destination: Int) -> Tensor {
    view(layout.moving(axis: resolvedAxis(axis, rank: rank), to: resolvedAxis(destination, rank: rank)))
  }

  /// The elements in row-major order under another shape; one length may be -1 and follows from the others. A view
  /// where the strides allow it, else a copy.
  /// - Precondition: the number of elements does not change.
  public func reshaped(_ shape: [Int]) -> Tensor {
    guard let target = Layout.resolved(shape: shape, count: count) else {
      trap("\(self.shape) has \(count) elements and cannot be reshaped to \(shape)")
    }
    if let reshaped = layout.reshaped(to: target) { return view(reshaped) }
    return copied().view(Layout(contiguous: target))
  }

  /// Rank 1, in row-major order; a view where the strides allow it.
  public var flattened: Tensor { reshaped([-1]) }

  /// Without axes of length 1.
  public func squeezed() -> Tensor { view(layout.permuted((0..<rank).filter { shape[$0] != 1 })) }

  /// Without the given axes.
  /// - Precondition: the axes have length 1.
  public func squeezed(axis: some Axes) -> Tensor {
    let axes = resolvedAxes(axis, rank: rank)
    for axis in axes {
      require(shape[axis] == 1, "axis \(axis) of the shape \(shape) has length \(shape[axis]) and cannot be squeezed")
    }
    return view(layout.dropping(axes: axes))
  }

  /// With a new axis of length 1 that stands at the given place in the result.
  public func expanded(axis: Int) -> Tensor {
    view(layout.inserting(axis: resolvedAxis(axis, rank: rank + 1)))
  }

  /// Repeated along new axes and axes of length 1, without a copy.
  /// - Precondition: the shape broadcasts to the new one.
  public func broadcast(to shape: [Int]) -> Tensor {
    guard let broadcast = layout.broadcast(to: shape) else {
      trap("the shape \(self.shape) does not broadcast to \(shape)")
    }
    return view(broadcast)
  }

  /// The elements in reverse order along the given axes; along all by default.
  public func flipped(axis: some Axes = .all) -> Tensor {
    view(resolvedAxes(axis, rank: rank).reduce(layout) { $0.flipped(axis: $1) })
  }

  /// The diagonal of two axes, as the last axis of the result. `offset` above (positive) or below the main diagonal.
  public func diagonal(offset: Int = 0, axis1: Int = 0, axis2: Int = 1) -> Tensor {
    let first = resolvedAxis(axis1, rank: rank)
    let second = resolvedAxis(axis2, rank: rank)
    require(first != second, "a diagonal takes two different axes of the shape \(shape), not \(axis1) and \(axis2)")
    return view(layout.diagonal(offset: offset, axis1: first, axis2: second))
  }

  /// Equal parts along an axis.
  /// - Precondition: the number of parts divides the length of the axis.
  public func split(into parts: Int, axis: Int = 0) -> [Tensor] {
    let length = shape[resolvedAxis(axis, rank: rank)]
    require(
      parts > 0 && length % parts == 0, "axis \(axis) of the shape \(shape) cannot be split into \(parts) equal parts")
    return split(lengths: [Int](repeating: length / parts, count: parts), axis: axis)
  }

  /// Parts of the given lengths along an axis.
  /// - Precondition: the lengths add up to that of the axis.
  public func split(lengths: [Int], axis: Int = 0) -> [Tensor] {
    let axis = resolvedAxis(axis, rank: rank)
    require(
      // No length exceeds the axis, so that their sum cannot overflow.
      lengths.allSatisfy { (0...shape[axis]).contains($0) } && lengths.reduce(0, +) == shape[axis],
      "the lengths \(lengths) do not add up to axis \(axis) of the shape \(shape)")
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return view(layout.sliced(axis: axis, start: start, count: length, step: 1))
    }
  }
}
