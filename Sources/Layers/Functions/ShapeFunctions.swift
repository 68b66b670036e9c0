internal import Activations
internal import Tensor

// Functions that change the shapes of samples.

extension NamedOperation {
  /// A function that only names the same elements in another order or by other axes.
  private static func reordering(
    _ name: String, _ parameters: [String: Configuration],
    _ change: @escaping @Sendable (Traced<Scalar>) throws -> Traced<Scalar>
  ) -> NamedOperation {
    NamedOperation(name, parameters: parameters) { try change($0[0]) }
  }

  /// - Parameter shape: the shape with the batch axis; one other length may be -1.
  package static func reshape(_ shape: [Int?]) -> NamedOperation {
    reordering("Reshape", ["newshape": Configuration(lengths: shape)]) { x in
      let count = x.shape.reduce(1, *)
      let lengths = shape.dropFirst().map { $0 ?? -1 }
      let known = Layout.resolvedCount(lengths.filter { $0 > 0 }) ?? 0
      let result = lengths.map { $0 == -1 && known > 0 ? count / known : $0 }
      guard let first = shape.first, first == nil || first == -1, lengths.count(where: { $0 == -1 }) <= 1,
        result.allSatisfy({ $0 > 0 }), result.count < Tensor<Scalar>.maximumRank, Layout.resolvedCount(result) == count
      else {
        let given = shape.map { $0.map(String.init) ?? "batch" }.joined(separator: ", ")
        throw x.unexpectedShape("one that [\(given)] changes without its batch axis")
      }
      return try x.reshaped(result)
    }
  }

  /// - Parameter axes: the axes of length 1 to remove; all by default.
  package static func squeeze(_ axes: [Int]?) -> NamedOperation {
    reordering("Squeeze", ["axis": axes.map { Configuration(axisOrAxes: $0) } ?? .null]) { x in
      let removed = try axes.map { try x.batchAxes($0) } ?? x.shape.indices.filter { x.shape[$0] == 1 }.map { $0 + 1 }
      guard removed.allSatisfy({ x.shape[$0 - 1] == 1 }) else {
        throw x.unexpectedShape("one with the length 1 along the axes \(axes ?? [])")
      }
      return try x.reshaped(x.shape.indices.filter { !removed.contains($0 + 1) }.map { x.shape[$0] })
    }
  }

  package static func expandDimensions(_ axes: [Int]) -> NamedOperation {
    reordering("ExpandDims", ["axis": Configuration(axisOrAxes: axes)]) { x in
      let rank = x.shape.count + axes.count
      guard rank < Tensor<Scalar>.maximumRank else {
        throw x.unexpectedShape("one of at most \(Tensor<Scalar>.maximumRank - axes.count) axes")
      }
      let added = try x.batchAxes(axes, rank: rank)
      var rest = x.shape[...]
      return try x.reshaped((1...rank).map { added.contains($0) ? 1 : rest.removeFirst() })
    }
  }

  package static func transpose(_ axes: [Int]) -> NamedOperation {
    reordering("Transpose", ["axes": Configuration(axes)]) { x in
      guard axes.first == 0, axes.count == x.shape.count + 1 else {
        throw x.unexpectedShape("one whose axes are reordered by \(axes) with the batch first")
      }
      return try x.permuted(x.batchAxes(Array(axes.dropFirst())).map { $0 - 1 })
    }
  }

  package static func swapAxes(_ first: Int, _ second: Int) -> NamedOperation {
    reordering("Swapaxes", ["axis1": .integer(first), "axis2": .integer(second)]) { x in
      let (first, second) = (try x.batchAxes([first])[0] - 1, try x.batchAxes([second])[0] - 1)
      var order = Array(x.shape.indices)
      order.swapAt(first, second)
      return try x.permuted(order)
    }
  }

  package static func moveAxes(_ sources: [Int], to destinations: [Int]) -> NamedOperation {
    let parameters = [
      "source": Configuration(axisOrAxes: sources), "destination": Configuration(axisOrAxes: destinations),
    ]
    return reordering("Moveaxis", parameters) { x in
      let (from, to) = (try x.batchAxes(sources).map { $0 - 1 }, try x.batchAxes(destinations).map { $0 - 1 })
      var rest = x.shape.indices.filter { !from.contains($0) }[...]
      return try x.permuted(
        x.shape.indices.map { place in to.firstIndex(of: place).map { from[$0] } ?? rest.removeFirst() })
    }
  }

  package static func flip(_ axes: [Int]) -> NamedOperation {
    NamedOperation("Flip", parameters: ["axis": Configuration(axisOrAxes: axes)]) { operands in
      let flipped = try operands[0].batchAxes(axes)
      return try operands[0].rearranged(to: operands[0].shape) {
        $0.flipped(axis: flipped)
      } back: { upstream, _ in
        upstream.flipped(axis: flipped)
      }
    }
  }

  package static func roll(_ shifts: [Int], _ axes: [Int]) -> NamedOperation {
    let parameters = ["shift": Configuration(axisOrAxes: shifts), "axis": Configuration(axisOrAxes: axes)]
    return NamedOperation("Roll", parameters: parameters) { operands in
      let rolled = try operands[0].batchAxes(axes)
      // A shift is at most a length, so it has an opposite.
      let distances = zip(shifts, rolled).map { $0 % operands[0].shape[$1 - 1] }
      return try operands[0].rearranged(to: operands[0].shape) {
        $0.rolled(by: distances, axis: rolled)
      } back: { upstream, _ in
        upstream.rolled(by: distances.map { -$0 }, axis: rolled)
      }
    }
  }

  /// - Parameter counts: the repetitions along the last axes.
  package static func tile(_ counts: [Int]) -> NamedOperation {
    NamedOperation("Tile", parameters: ["repeats": Configuration(counts)]) { operands in
      let x = operands[0]
      let all = [Int](repeating: 1, count: max(0, x.shape.count + 1 - counts.count)) + counts
      guard all.count == x.shape.count + 1, all[0] == 1, all.allSatisfy({ $0 > 0 }) else {
        throw x.unexpectedShape("one whose samples are repeated \(counts) times, the batch once")
      }
      let shape = x.shape
      // Each axis as two, the repetitions and the elements.
      let parts = zip(all.dropFirst(), shape).flatMap { [$0, $1] }
      return try x.rearranged(to: try x.lengths(zip(shape, all.dropFirst()))) {
        $0.tiled(all)
      } back: { upstream, full in
        upstream.reshaped([full[0]] + parts).sum(axis: shape.indices.map { 2 * $0 + 1 })
      }
    }
  }

  /// Every element repeated one after another.
  package static func `repeat`(_ count: Int, axis: Int) -> NamedOperation {
    let parameters: [String: Configuration] = ["repeats": .integer(count), "axis": .integer(axis)]
    return NamedOperation("Repeat", parameters: parameters) { operands in
      let x = operands[0]
      let axis = try x.batchAxes([axis])[0]
      let counts = x.shape.indices.map { $0 == axis - 1 ? count : 1 }
      return try x.rearranged(to: try x.lengths(zip(x.shape, counts))) {
        $0.repeated(count, axis: axis)
      } back: { upstream, full in
        upstream.reshaped(Array(full[...axis]) + [count] + full[(axis + 1)...]).sum(axis: axis + 1)
      }
    }
  }

  /// - Parameter shape: the shape with the batch axis, whose length is -1 or null.
  package static func broadcast(to shape: [Int?]) -> NamedOperation {
    let parameters = ["shape": Configuration(lengths: shape)]
    return NamedOperation("BroadcastTo", parameters: parameters) { operands in
      let x = operands[0]
      let lengths = shape.dropFirst().compactMap(\.self)
      guard let first = shape.first, first == nil || first == -1, lengths.count == shape.count - 1,
        lengths.count == x.shape.count, zip(x.shape, lengths).allSatisfy({ $0 == $1 || ($0 == 1 && $1 > 0) })
      else { throw x.unexpectedShape("one that broadcasts to the samples \(lengths) without its batch axis") }
      return try x.rearranged(to: lengths) {
        $0.broadcast(to: [$0.shape[0]] + lengths).copied()
      } back: { upstream, full in
        upstream.summed(toInput: full)
      }
    }
  }
}

extension Traced {
  /// Lengths times factors.
  /// - Throws: ``LayerError`` if they overflow.
  fileprivate func lengths(_ pairs: some Sequence<(Int, Int)>) throws -> [Int] {
    try pairs.map { length, count in
      let (product, overflows) = length.multipliedReportingOverflow(by: count)
      if overflows { throw unexpectedShape("one whose length times \(count) is an integer") }
      return product
    }
  }
}
