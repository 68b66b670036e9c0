// Copies that join, repeat and move elements.

extension Tensor {
  /// Tensors one after another along an axis.
  /// - Precondition: there is at least one tensor, and their shapes agree along the other axes.
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { trap("concatenating takes at least one tensor") }
    let axis = resolvedAxis(axis, rank: first.rank)
    var layout = first.layout
    layout.shape[axis] = 0
    for index in tensors.indices {
      let part = tensors[index].layout
      require(
        part.agrees(with: layout, exceptAlong: axis),
        "concatenating along axis \(axis): tensor \(index) has the shape \(part.shape), tensor 0 has \(first.shape)")
      layout.shape[axis] = exact(
        layout.shape[axis].addingReportingOverflow(part.shape[axis]), "elements concatenated along axis \(axis)")
    }
    return making(layout.shape) { result in
      var start = 0
      for index in tensors.indices {
        let length = tensors[index].layout.shape[axis]
        result.copy(
          tensors[index].operand(), to: result.layout.sliced(axis: axis, start: start, count: length, step: 1))
        start += length
      }
    }
  }

  /// Tensors of one shape along a new axis that stands at the given place in the result.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { trap("stacking takes at least one tensor") }
    for (index, tensor) in tensors.enumerated() {
      require(
        tensor.shape == first.shape,
        "stacking: tensor \(index) has the shape \(tensor.shape), tensor 0 has \(first.shape)")
    }
    return concatenated(tensors.map { $0.expanded(axis: axis) }, axis: axis)
  }
}

// MARK: Repeating

extension Tensor {
  /// The whole tensor several times side by side along each axis. Numbers and axes are aligned at the last one; where there
  /// are more numbers than axes, axes of length 1 are put in front.
  ///
  /// ```swift
  /// let tiles = x.tiled([2, 3])    // 2 times below each other, 3 times beside each other
  /// ```
  public func tiled(_ repetitions: [Int]) -> Tensor {
    require(repetitions.allSatisfy { $0 >= 0 }, "a tensor cannot be repeated \(repetitions) times")
    let rank = Swift.max(rank, repetitions.count)
    let counts = [Int](repeating: 1, count: rank - repetitions.count) + repetitions
    let lengths = [Int](repeating: 1, count: rank - self.rank) + shape
    let tiled = Swift.zip(counts, lengths).map {
      exact($0.multipliedReportingOverflow(by: $1), "the shape \(shape) tiled \(repetitions) times")
    }
    // Every axis that is repeated becomes two: [repetitions, length].
    var source = layout.broadcast(to: lengths)!
    var split: [Int] = []
    for (count, length) in Swift.zip(counts, lengths) {
      if count != 1 {
        source = source.inserting(axis: split.count, length: count)
        split.append(count)
      }
      split.append(length)
    }
    require(split.count <= Self.maximumRank, "too many axes (\(rank)) of the shape \(shape) are repeated at once")
    return .making(tiled) { $0.copy(operand(in: source), to: Layout(contiguous: split)) }
  }

  /// Every element along an axis several times in a row: [1, 2] becomes [1, 1, 2, 2].
  public func repeated(_ count: Int, axis: Int) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank)
    require(count >= 0, "an element cannot be repeated \(count) times")
    require(rank < Self.maximumRank, "elements of a tensor of rank \(rank) cannot be repeated")
    var shape = shape
    shape[axis] = exact(
      shape[axis].multipliedReportingOverflow(by: count), "axis \(axis) of the shape \(shape) repeated \(count) times")
    let apart = layout.inserting(axis: axis + 1, length: count)
    return .making(shape) { $0.copy(operand(in: apart), to: Layout(contiguous: apart.shape)) }
  }

  /// Every element along an axis as often as its own number says.
  /// - Precondition: there is one number per element.
  public func repeated(_ counts: [Int], axis: Int) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank)
    require(
      counts.count == shape[axis] && counts.allSatisfy { $0 >= 0 },
      "repeating along axis \(axis) of the shape \(shape) takes \(shape[axis]) numbers of at least 0, not \(counts)")
    _ = counts.reduce(0) {
      exact($0.addingReportingOverflow($1), "axis \(axis) of the shape \(shape) repeated \(counts) times")
    }
    let positions = counts.enumerated().flatMap { [Int64](repeating: Int64($0.offset), count: $0.element) }
    return take(Tensor<Int64>(positions), axis: axis)
  }

  // MARK: Rolling

  /// The elements moved along an axis; what leaves at one end comes back at the other. Negative: towards the front.
  public func rolled(by shift: Int, axis: Int) -> Tensor { rolled(by: [shift], axis: [axis]) }

  /// The elements moved along several axes at once, in one copy.
  public func rolled(by shifts: [Int], axis axes: [Int]) -> Tensor {
    require(shifts.count == axes.count, "rolling takes as many axes as shifts, not \(shifts) and \(axes)")
    var distances = [Int](repeating: 0, count: rank)
    for (shift, axis) in Swift.zip(shifts, axes) {
      let axis = resolvedAxis(axis, rank: rank)
      distances[axis] += shift % Swift.max(shape[axis], 1)
    }
    func copy(_ result: inout Destination<Scalar>, _ target: Layout, _ source: Layout, from axis: Int) {
      guard let axis = (axis..<rank).first(where: { distances[$0] != 0 && shape[$0] > 0 }) else {
        return result.copy(operand(in: source), to: target)
      }
      let length = shape[axis]
      let cut = (distances[axis] % length + length) % length
      copy(
        &result, target.sliced(axis: axis, start: cut, count: length - cut, step: 1),
        source.sliced(axis: axis, start: 0, count: length - cut, step: 1), from: axis + 1)
      if cut > 0 {
        copy(
          &result, target.sliced(axis: axis, start: 0, count: cut, step: 1),
          source.sliced(axis: axis, start: length - cut, count: cut, step: 1), from: axis + 1)
      }
    }
    return .making(shape) { copy(&$0, $0.layout, layout, from: 0) }
  }

  // MARK: Triangles and grids

  /// The elements on and above a diagonal of the last two axes, zeros below. `offset` above (positive) or below the
  /// main diagonal.
  /// - Precondition: the rank is at least 2.
  public func upperTriangle(offset: Int = 0) -> Tensor {
    triangle { columns, row in crossing(columns, row, offset)..<columns }
  }

  /// The elements on and below a diagonal of the last two axes, zeros above.
  public func lowerTriangle(offset: Int = 0) -> Tensor {
    triangle { columns, row in 0..<crossing(columns, row + 1, offset) }
  }

  /// The column where a diagonal crosses a row, or the nearest one; however large the offset is.
  private func crossing(_ columns: Int, _ row: Int, _ offset: Int) -> Int {
    offset > columns - row ? columns : Swift.max(row + offset, 0)
  }

  private func triangle(_ kept: (_ columns: Int, _ row: Int) -> Range<Int>) -> Tensor {
    require(rank >= 2, "a triangle takes two axes, the shape \(shape) has \(rank)")
    let columns = shape[rank - 1]
    return .making(shape) { result in
      for row in 0..<shape[rank - 2] {
        func part(_ layout: Layout, _ range: Range<Int>) -> Layout {
          layout.sliced(axis: rank - 2, start: row, count: 1, step: 1)
            .sliced(axis: rank - 1, start: range.lowerBound, count: range.count, step: 1)
        }
        let range = kept(columns, row)
        result.copy(operand(in: part(layout, range)), to: part(result.layout, range))
        for rest in [0..<range.lowerBound, range.upperBound..<columns] where !rest.isEmpty {
          result.fill(.zeroValue, part(result.layout, rest))
        }
      }
    }
  }

  /// Vectors as coordinates of a grid with one axis per vector: the i-th result varies along axis i only. Views without
  /// copies. NumPy's `meshgrid(indexing="ij")`.
  public static func meshgrid(_ vectors: [Tensor]) -> [Tensor] {
    for vector in vectors {
      require(vector.rank == 1, "a grid is made from rank 1, not from the shape \(vector.shape)")
    }
    let shape = vectors.map(\.count)
    return vectors.enumerated().map { axis, vector in
      var ends = [Int](repeating: 1, count: shape.count)
      ends[axis] = vector.count
      return vector.reshaped(ends).broadcast(to: shape)
    }
  }
}
