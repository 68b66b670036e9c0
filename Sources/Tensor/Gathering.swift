internal import CKernels

/// What masks and index tensors select in a view.
struct Lookups {
  /// The axes of the view that positions are looked up along.
  var axes: [Int] = []
  /// Positions along each of the axes, counted from the front; they broadcast against each other.
  var positions: [Tensor<Int64>] = []
  /// Where the axes of the positions stand in the result.
  var place = 0
}

/// Lookups as offsets.
private struct ResolvedLookups {
  /// The shape the positions broadcast to.
  let shape: [Int]
  /// Offsets into the view, one per position, in row-major order of `shape`.
  let offsets: [Int]
  /// The axes of the view that nothing is looked up along.
  let rest: Layout
  /// The result: `shape` at its place between the axes of `rest`.
  let selected: Layout

  init(_ lookups: Lookups, in layout: Layout) {
    let positions = lookups.positions
    var shape: [Int] = []
    for position in positions {
      guard let broadcast = Layout.broadcastShape(shape, position.shape) else {
        fatalError("index tensors of the shapes \(positions.map(\.shape)) do not broadcast")
      }
      shape = broadcast
    }
    var offsets = [Int](repeating: 0, count: shape.reduce(1, *))
    for (axis, position) in zip(lookups.axes, positions) {
      let stride = layout.strides[axis]
      for (i, index) in position.broadcast(to: shape).scalars.enumerated() { offsets[i] += Int(index) * stride }
    }
    self.shape = shape
    self.offsets = offsets
    rest = layout.permuted((0..<layout.rank).filter { !lookups.axes.contains($0) })
    selected = Layout(contiguous: shape + rest.shape).movingBlock(count: shape.count, to: lookups.place)
  }
}

extension Tensor {
  /// What looks up positions along the first axis of contiguous elements, in one pass; nil for any other layout.
  func takingRows(_ positions: Tensor<Int64>) -> Tensor? {
    guard rank > 0, isContiguous, positions.isContiguous else { return nil }
    let length = layout.shape[0]
    let row = layout.shape.dropFirst()
    let result = Tensor(uninitialized: positions.layout.shape + row)
    let misplaced = ck_take_rows(
      Kernels.best.table, result.storage.base, storage.base + layout.offset,
      row.reduce(1, *) * MemoryLayout<Scalar>.stride, length, positions.storage.base + positions.layout.offset,
      positions.count)
    withExtendedLifetime((storage, positions.storage)) {}
    require(
      misplaced < 0,
      "index \(positions.storage.base[positions.layout.offset + Swift.max(misplaced, 0)]) along axis 0 of the shape "
        + "\(shape): allowed are \(-length) to \(length - 1)")
    return result
  }

  func gathering(_ lookups: Lookups) -> Tensor {
    let resolved = ResolvedLookups(lookups, in: layout)
    let rest = resolved.rest
    let result = Tensor(uninitialized: resolved.shape + rest.shape)
    let block = rest.count
    if rest.isContiguous {
      withExtendedLifetime(storage) {
        ck_gather(
          result.storage.base, storage.base + rest.offset, MemoryLayout<Scalar>.stride, block, resolved.offsets,
          resolved.offsets.count)
      }
    } else {
      for (i, offset) in resolved.offsets.enumerated() {
        result.view(Layout(contiguous: rest.shape).shifted(by: i * block)).fill(copying: view(rest.shifted(by: offset)))
      }
    }
    return result.view(resolved.selected)
  }

  /// Writes values to looked-up positions; where positions repeat, the last value stays. The storage is this tensor's own.
  func scatter(_ value: Tensor, _ lookups: Lookups) {
    let resolved = ResolvedLookups(lookups, in: layout)
    let rest = resolved.rest
    let rows = value.rows(for: resolved, place: lookups.place)
    if rest.isContiguous {
      let rows = rows.contiguous
      withExtendedLifetime((storage, rows.storage)) {
        ck_scatter(
          storage.base + rest.offset, rows.storage.base + rows.layout.offset, MemoryLayout<Scalar>.stride, rest.count,
          resolved.offsets, resolved.offsets.count)
      }
    } else {
      for (i, offset) in resolved.offsets.enumerated() {
        view(rest.shifted(by: offset)).fill(copying: rows, rows.layout.row(i))
      }
    }
  }

  /// This value broadcast to what is selected, the axes of the positions flattened into one in front.
  private func rows(for lookups: ResolvedLookups, place: Int) -> Tensor {
    view(layout(assignedTo: lookups.selected.shape).movingBlock(count: lookups.shape.count, from: place))
      .reshaped([lookups.offsets.count] + lookups.rest.shape)
  }

  /// The layout of this tensor as a value assigned to a selection: broadcast, surplus axes of length 1 in front dropped.
  func layout(assignedTo shape: [Int]) -> Layout {
    var source = layout
    while source.rank > shape.count && source.shape[0] == 1 { source = source.removing(axis: 0) }
    guard let broadcast = source.broadcast(to: shape) else {
      fatalError("a value of the shape \(self.shape) does not broadcast to the shape \(shape) selected")
    }
    return broadcast
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
    let resolved = ResolvedLookups(Lookups(axes: [axis], positions: [wrapped], place: axis), in: layout)
    let rows = values.rows(for: resolved, place: axis)
    for (i, offset) in resolved.offsets.enumerated() {
      let target = view(resolved.rest.shifted(by: offset))
      target.withOperand { result in
        rows.withOperand(rows.layout.row(i)) { x in
          ck_binary(
            Kernels.best.table, ck_add, Scalar.elementType.kernelType, target.rank, target.shape, result, result, x)
        }
      }
    }
  }
}

extension Layout {
  /// The sub-layout at a position of the first axis.
  func row(_ position: Int) -> Layout { sliced(axis: 0, start: position, count: 1, step: 1).removing(axis: 0) }

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
