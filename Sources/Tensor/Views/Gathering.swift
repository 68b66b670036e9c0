internal import CKernels

/// What masks and index tensors select in a view.
struct Lookups {
  /// The axes of the view that positions are looked up along.
  var axes: [Int] = []
  /// Positions along each of the axes, counted from the front; they broadcast against each other.
  var positions: [Tensor<Int64>] = []
  /// Where the axes of the positions stand in the result.
  var place = 0

  mutating func append(_ axis: Int, _ along: Tensor<Int64>) {
    axes.append(axis)
    positions.append(along)
  }
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
        trap("index tensors of the shapes \(positions.map(\.shape)) do not broadcast")
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

  func withPlaces(_ body: (UnsafePointer<ck_places>) -> Void) {
    let runs = rest.runs
    if runs.length == 0 || runs.starts.isEmpty || offsets.isEmpty { return }
    runs.starts.withUnsafeBufferPointer { starts in
      offsets.withUnsafeBufferPointer { offsets in
        withUnsafePointer(
          to: ck_places(
            run: runs.length, parts: starts.baseAddress!, part_count: starts.count, offsets: offsets.baseAddress!,
            offset_count: offsets.count), body)
      }
    }
  }
}

extension Tensor {
  /// What looks up positions along the first axis of contiguous elements, in one pass; nil for any other layout.
  func takingRows(_ positions: Tensor<Int64>) -> Tensor? {
    guard rank > 0, isContiguous, positions.isContiguous else { return nil }
    let result = Tensor(uninitialized: positions.layout.shape + layout.shape.dropFirst())
    copyRows(at: positions, to: result)
    return result
  }

  /// self = the rows of x at these positions, in this tensor's own memory unless others hold it.
  package mutating func assignRows(of x: Tensor, at positions: Tensor<Int64>) {
    let source = x.contiguous
    require(
      positions.rank == 1 && shape == positions.shape + x.shape.dropFirst(),
      "\(positions.shape) rows of \(x.shape) do not fit into \(shape)")
    if !isContiguous || !storage.isExclusive { self = Tensor(uninitialized: shape) }
    source.copyRows(at: positions.contiguous, to: self)
  }

  /// Both lie in row-major order without gaps.
  private func copyRows(at positions: Tensor<Int64>, to result: Tensor) {
    let length = layout.shape[0]
    let misplaced = ck_take_rows(
      Kernels.best.table, result.storage.base + result.layout.offset, storage.base + layout.offset,
      layout.shape.dropFirst().reduce(1, *) * MemoryLayout<Scalar>.stride, length,
      positions.storage.base + positions.layout.offset, positions.count)
    withExtendedLifetime((storage, positions.storage, result.storage)) {}
    require(
      misplaced < 0,
      "index \(positions.storage.base[positions.layout.offset + Swift.max(misplaced, 0)]) along axis 0 of the shape "
        + "\(shape): allowed are \(-length) to \(length - 1)")
  }

  func gathering(_ lookups: Lookups) -> Tensor {
    let resolved = ResolvedLookups(lookups, in: layout)
    let result = Tensor(uninitialized: resolved.shape + resolved.rest.shape)
    withExtendedLifetime(storage) {
      resolved.withPlaces { ck_read_places(MemoryLayout<Scalar>.stride, result.storage.base, storage.base, $0) }
    }
    return result.view(resolved.selected)
  }

  /// Writes values to looked-up positions; where positions repeat, the last value stays. The storage is this tensor's own.
  func scatter(_ value: Tensor, _ lookups: Lookups) {
    let resolved = ResolvedLookups(lookups, in: layout)
    let rows = value.rows(for: resolved, place: lookups.place)
    withExtendedLifetime((storage, rows.storage)) {
      resolved.withPlaces {
        ck_write_places(MemoryLayout<Scalar>.stride, storage.base, rows.storage.base + rows.layout.offset, $0)
      }
    }
  }

  /// This value broadcast to what is selected, the axes of the positions in front, contiguous.
  private func rows(for lookups: ResolvedLookups, place: Int) -> Tensor {
    view(layout(assignedTo: lookups.selected.shape).movingBlock(count: lookups.shape.count, from: place)).contiguous
  }

  /// The layout of this tensor as a value assigned to a selection: broadcast, surplus axes of length 1 in front dropped.
  func layout(assignedTo shape: [Int]) -> Layout {
    var source = layout
    while source.rank > shape.count && source.shape[0] == 1 { source = source.removing(axis: 0) }
    guard let broadcast = source.broadcast(to: shape) else {
      trap("a value of the shape \(self.shape) does not broadcast to the shape \(shape) selected")
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
  /// - Parameter positions: from 0 on; each traps when out of range.
  /// - Parameter axis: counted from the front, or negative from the last.
  /// - Parameter values: broadcast to the shape that `take(positions, axis:)` gives.
  public mutating func scatterAdd(_ values: Tensor, at positions: Tensor<Int64>, axis: Int = 0) {
    let axis = axis.resolvedAxis(rank: rank)
    makeUnique()
    let wrapped = positions.wrapped(length: shape[axis], axis: axis, shape: shape)
    let resolved = ResolvedLookups(Lookups(axes: [axis], positions: [wrapped], place: axis), in: layout)
    let rows = values.rows(for: resolved, place: axis)
    withExtendedLifetime((storage, rows.storage)) {
      resolved.withPlaces {
        ck_add_at_places(
          Kernels.best.table, Scalar.elementType.kernelType, storage.base, rows.storage.base + rows.layout.offset, $0)
      }
    }
  }
}

extension Layout {
  /// The elements as runs that lie contiguous, as long as there are: where each starts, and how long all are.
  var runs: (starts: [Int], length: Int) {
    var outer = rank
    var length = 1
    while outer > 0, shape[outer - 1] == 1 || strides[outer - 1] == length {
      outer -= 1
      length *= shape[outer]
    }
    var starts = [offset]
    for axis in 0..<outer {
      let (count, stride) = (shape[axis], strides[axis])
      starts = starts.flatMap { start in (0..<count).map { start + $0 * stride } }
    }
    return (starts, length)
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
