internal import CKernels

extension Tensor {
  /// The looked-up positions along `axes`, brought together: as NumPy, at the place of the first of the axes where they
  /// are neighbours, else in front.
  private struct Lookup {
    /// The view with the looked-up axes moved to the front.
    let moved: Layout
    /// The shape the positions broadcast to.
    let shape: [Int]
    /// Offsets into the view, one per position, in row-major order of `shape`.
    let offsets: [Int]
    /// Axes behind the looked-up ones.
    let rest: Layout
    /// Where the block of positions stands in the result.
    let place: Int
  }

  private func lookup(_ axes: [Int], _ positions: [Tensor<Int64>]) -> Lookup {
    var shape: [Int] = []
    for position in positions {
      guard let broadcast = Layout.broadcastShape(shape, position.shape) else {
        fatalError("index tensors of the shapes \(positions.map(\.shape)) do not broadcast")
      }
      shape = broadcast
    }
    let others = (0..<rank).filter { !axes.contains($0) }
    let moved = layout.permuted(axes + others)
    var offsets = [Int](repeating: 0, count: shape.reduce(1, *))
    for (k, position) in positions.enumerated() {
      let stride = moved.strides[k]
      for (i, index) in position.broadcast(to: shape).scalars.enumerated() { offsets[i] += Int(index) * stride }
    }
    let areNeighbours = Swift.zip(axes, axes.dropFirst()).allSatisfy { $0 + 1 == $1 }
    let rest = moved.permuted(Array(axes.count..<rank))
    return Lookup(moved: moved, shape: shape, offsets: offsets, rest: rest, place: areNeighbours ? axes[0] : 0)
  }

  func gathering(_ axes: [Int], _ positions: [Tensor<Int64>]) -> Tensor {
    let lookup = lookup(axes, positions)
    let result = Tensor(uninitialized: lookup.shape + lookup.rest.shape)
    let block = lookup.rest.count
    if lookup.rest.isContiguous && block > 0 {
      withExtendedLifetime(storage) {
        for (i, offset) in lookup.offsets.enumerated() {
          (result.storage.base + i * block).update(from: storage.base + lookup.rest.offset + offset, count: block)
        }
      }
    } else {
      for (i, offset) in lookup.offsets.enumerated() {
        var source = lookup.rest
        source.offset += offset
        result.view(Layout(contiguous: lookup.rest.shape).shifted(by: i * block)).fill(copying: view(source))
      }
    }
    return result.view(result.layout.movingBlock(count: lookup.shape.count, to: lookup.place))
  }

  /// Writes values to looked-up positions; where positions repeat, the last value stays. The storage is this tensor's own.
  func scatter(_ value: Tensor, _ axes: [Int], _ positions: [Tensor<Int64>]) {
    forEachTarget(of: value, axes, positions) { target, source in target.fill(copying: source) }
  }

  private func forEachTarget(
    of value: Tensor, _ axes: [Int], _ positions: [Tensor<Int64>], _ body: (Tensor, Tensor) -> Void
  ) {
    let lookup = lookup(axes, positions)
    let selected = Layout(contiguous: lookup.shape + lookup.rest.shape)
      .movingBlock(count: lookup.shape.count, to: lookup.place)
    guard let broadcast = value.layout.broadcast(to: selected.shape) else {
      fatalError("a value of the shape \(value.shape) does not broadcast to the shape \(selected.shape) selected")
    }
    // The value with the positions' axes in front again, then flattened into one axis.
    let inFront = value.view(broadcast.movingBlock(count: lookup.shape.count, from: lookup.place))
    let rows = inFront.reshaped([lookup.offsets.count] + lookup.rest.shape)
    for (i, offset) in lookup.offsets.enumerated() {
      var target = lookup.rest
      target.offset += offset
      body(view(target), rows.view(rows.layout.sliced(axis: 0, start: i, count: 1, step: 1).removing(axis: 0)))
    }
  }

  /// The elements at the given positions along an axis: `x.take([2, 0], axis: 1)`. The axis is replaced by the
  /// positions' axes. Traps when out of range.
  /// - Complexity: O(elements taken), one allocation.
  public func take(_ positions: Tensor<Int64>, axis: Int = 0) -> Tensor {
    let axis = axis.resolvedAxis(rank: rank)
    let leading = [any TensorIndex](repeating: Slice(), count: axis)
    return self[indices: leading + [positions]]
  }
}

extension Tensor where Scalar: NumericScalar {
  /// Adds each value at its position along an axis; values at repeated positions add up.
  /// - Parameter values: broadcast to the shape that `take(positions, axis:)` gives.
  public mutating func scatterAdd(_ values: Tensor, at positions: Tensor<Int64>, axis: Int = 0) {
    let axis = axis.resolvedAxis(rank: rank)
    makeUnique()
    let wrapped = positions.wrapped(length: shape[axis], axis: axis, shape: shape)
    forEachTarget(of: values, [axis], [wrapped]) { target, source in
      target.withOperand { result in
        source.withOperand { x in
          ck_binary(
            Kernels.best.table, ck_add, Scalar.elementType.kernelType, target.rank, target.shape, result, result, x)
        }
      }
    }
  }
}

extension Layout {
  func shifted(by offset: Int) -> Layout {
    Layout(shape: shape, strides: strides, offset: self.offset + offset)
  }

  /// The first `count` axes moved behind `place` others.
  func movingBlock(count: Int, to place: Int) -> Layout {
    permuted(Array(count..<(count + place)) + Array(0..<count) + Array((count + place)..<rank))
  }

  /// The `count` axes from `place` on moved to the front.
  func movingBlock(count: Int, from place: Int) -> Layout {
    permuted(Array(place..<(place + count)) + Array(0..<place) + Array((place + count)..<rank))
  }
}
