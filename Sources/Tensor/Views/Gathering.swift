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

  /// Offsets count from the start of the memory.
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
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func takingRows(_ positions: Tensor<Int64>) -> Tensor? {
    guard rank > 0, isContiguous, positions.isContiguous else { return nil }
    return .making(positions.layout.shape + layout.shape.dropFirst()) { $0.takeRows(of: self, at: positions) }
  }

  /// self = the rows of x at these positions, in this tensor's own memory unless others hold it.
  package mutating func assignRows(of x: Tensor, at positions: Tensor<Int64>) {
    let source = x.contiguous
    require(
      shape == positions.shape + x.shape.dropFirst(),
      "\(positions.shape) rows of \(x.shape) do not fit into \(shape)")
    if !isContiguous { self = Tensor(uninitialized: shape) }
    let places = positions.contiguous
    replace { $0.takeRows(of: source, at: places) }
  }

  func gathering(_ lookups: Lookups) -> Tensor {
    let resolved = ResolvedLookups(lookups, in: layout)
    let result = Tensor.making(resolved.shape + resolved.rest.shape) { result in
      resolved.withPlaces { ck_read_places(MemoryLayout<Scalar>.stride, result.start, storage.base, $0) }
      withExtendedLifetime(storage) {}
    }
    return result.view(resolved.selected)
  }

  /// This value broadcast to what is selected, the axes of the positions in front, contiguous.
  fileprivate func rows(for lookups: ResolvedLookups, place: Int) -> Tensor {
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
  /// positions' axes.
  /// - Precondition: the positions are in range.
  /// - Complexity: O(elements taken), one allocation.
  public func take(_ positions: Tensor<Int64>, axis: Int = 0) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank)
    let leading = [any TensorIndex](repeating: Slice(), count: axis)
    return self[indices: leading + [positions]]
  }
}

extension Tensor where Scalar: NumericScalar {
  /// Adds each value at its position along an axis; values at repeated positions add up.
  /// - Parameter values: broadcast to the shape that `take(positions, axis:)` gives.
  /// - Parameter positions: positions of at least 0, all in range.
  /// - Parameter axis: counted from the front, or negative from the last.
  public mutating func scatterAdd(_ values: Tensor, at positions: Tensor<Int64>, axis: Int = 0) {
    let axis = resolvedAxis(axis, rank: rank)
    let wrapped = positions.wrapped(length: shape[axis], axis: axis, shape: shape)
    let lookups = Lookups(axes: [axis], positions: [wrapped], place: axis)
    overwrite {
      $0.scatter(values, lookups, in: $0.layout) {
        ck_add_at_places(Kernels.best.table, Scalar.elementType.kernelType, $0, $1, $2)
      }
    }
  }

  /// Adds rows, one after another, to those of this tensor at positions; the other rows are not touched.
  /// - Parameter rows: in the shape that `assignRows(of:at:)` takes of this tensor.
  /// - Parameter positions: positions of at least 0, all in range.
  package mutating func addRows(_ rows: Tensor, at positions: Tensor<Int64>) {
    let (length, rowShape) = (layout.shape[0], layout.shape.dropFirst())
    require(
      rows.shape == positions.shape + rowShape, "rows of the shape \(rows.shape) for \(positions.shape) of \(shape)")
    let (source, places) = (rows.contiguous, positions.contiguous)
    if !isContiguous { self = copied() }
    overwrite {
      let misplaced = ck_add_rows(
        Kernels.best.table, Scalar.elementType.kernelType, $0.start, length, source.start, rowShape.reduce(1, *),
        places.start, places.count)
      require(misplaced < 0, "a row at \(places.start[misplaced]); allowed: 0 to \(length - 1)")
    }
    withExtendedLifetime((source, places)) {}
  }
}

extension Destination {
  /// The rows of x at these positions; all lie in row-major order without gaps.
  fileprivate mutating func takeRows(of x: Tensor<Scalar>, at positions: Tensor<Int64>) {
    let length = x.layout.shape[0]
    let misplaced = ck_take_rows(
      Kernels.best.table, start, x.start, x.layout.shape.dropFirst().reduce(1, *) * MemoryLayout<Scalar>.stride, length,
      positions.start, positions.count)
    require(
      misplaced < 0,
      "index \(positions.start[max(misplaced, 0)]) along axis 0 of the shape \(x.shape); "
        + "allowed: \(-length) to \(length - 1)")
    withExtendedLifetime((x, positions)) {}
  }

  /// Writes values to looked-up positions of a part; where positions repeat, the last value stays.
  mutating func scatter(_ value: Tensor<Scalar>, _ lookups: Lookups, in part: Layout) {
    scatter(value, lookups, in: part) { ck_write_places(MemoryLayout<Scalar>.stride, $0, $1, $2) }
  }

  fileprivate mutating func scatter(
    _ value: Tensor<Scalar>, _ lookups: Lookups, in part: Layout,
    _ write: (_ memory: UnsafeMutableRawPointer, _ values: UnsafeRawPointer, UnsafePointer<ck_places>) -> Void
  ) {
    let resolved = ResolvedLookups(lookups, in: part)
    let rows = value.rows(for: resolved, place: lookups.place)
    let memory = start - layout.offset
    resolved.withPlaces { write(memory, rows.start, $0) }
    withExtendedLifetime(rows) {}
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
