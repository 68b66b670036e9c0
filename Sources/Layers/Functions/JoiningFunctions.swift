package import Activations
internal import Tensor

// Functions that join tensors, or part them.

extension NamedOperation {
  package static func concatenate(axis: Int) -> NamedOperation {
    NamedOperation("Concatenate", parameters: ["axis": .integer(axis)], .list) { operands in
      let place = try operands[0].batchAxes([axis])[0] - 1
      try operands.requireSameShapes(exceptAlong: place)
      return try operands[0].concatenated(with: Array(operands.dropFirst()), axis: place)
    }
  }

  package static func stack(axis: Int) -> NamedOperation {
    NamedOperation("Stack", parameters: ["axis": .integer(axis)], .list) { operands in
      let shape = operands[0].shape
      guard shape.count + 1 < Tensor<Scalar>.maximumRank else {
        throw operands[0].unexpectedShape("one of at most \(Tensor<Scalar>.maximumRank - 1) axes")
      }
      let place = try operands[0].batchAxes([axis], rank: shape.count + 1)[0] - 1
      try operands.requireSameShapes()
      var expanded = shape
      expanded.insert(1, at: place)
      let parts = try operands.map { try $0.reshaped(expanded) }
      return try parts[0].concatenated(with: Array(parts.dropFirst()), axis: place)
    }
  }

  /// - Parameter class: `Split`, whose parts have one length, or `ArraySplit`, whose first parts may be longer by 1.
  package static func split(_ name: String, into count: Int, axis: Int) -> NamedOperation {
    split(name, .integer(count), axis, count) { length, x in
      guard count <= length, name == "ArraySplit" || length % count == 0 else {
        throw x.unexpectedShape("one with \(count) parts along the axis \(axis)")
      }
      return (0..<count).map { length / count + ($0 < length % count ? 1 : 0) }
    }
  }

  /// - Parameter places: where the parts from the second on begin.
  package static func split(_ name: String, at places: [Int], axis: Int) -> NamedOperation {
    split(name, Configuration(places), axis, places.count + 1) { length, x in
      let ends = places + [length]
      let lengths = zip([0] + places, ends).map { $1.subtractingReportingOverflow($0) }
      guard lengths.allSatisfy({ !$0.overflow && $0.partialValue > 0 }) else {
        throw x.unexpectedShape("one with parts that begin at \(places) along the axis \(axis)")
      }
      return lengths.map(\.partialValue)
    }
  }

  private static func split(
    _ name: String, _ written: Configuration, _ axis: Int, _ count: Int,
    _ lengths: @escaping @Sendable (Int, Traced<Scalar>) throws -> [Int]
  ) -> NamedOperation {
    let parameters = ["indices_or_sections": written, "axis": .integer(axis)]
    var operation = NamedOperation(
      name, parameters: parameters,
      results: { operands in
        let place = try operands[0].batchAxes([axis])[0] - 1
        return try operands[0].split(lengths: lengths(operands[0].shape[place], operands[0]), axis: place)
      })
    operation.outputCount = count
    return operation
  }

  /// The parts of length 1 along an axis, without it.
  /// - Parameter written: the parameter `num`, which may be null.
  package static func unstack(_ count: Int, axis: Int, written: Configuration) -> NamedOperation {
    var operation = NamedOperation(
      "Unstack", module: "core", parameters: ["num": written, "axis": .integer(axis)],
      results: { operands in
        let x = operands[0]
        let place = try x.batchAxes([axis])[0] - 1
        guard x.shape[place] == count else {
          throw x.unexpectedShape("one of the length \(count) along the axis \(axis)")
        }
        var shape = x.shape
        shape.remove(at: place)
        return try x.split(lengths: [Int](repeating: 1, count: count), axis: place).map { try $0.reshaped(shape) }
      })
    operation.outputCount = count
    return operation
  }
}

extension Array {
  /// - Throws: ``LayerError`` unless the shapes are equal but for the length of an axis.
  fileprivate func requireSameShapes<Scalar>(exceptAlong axis: Int? = nil) throws where Element == Traced<Scalar> {
    let shapes = map { x in x.shape.indices.map { $0 == axis ? -1 : x.shape[$0] } }
    guard Set(shapes).count == 1, allSatisfy(\.hasBatch) else {
      throw LayerError.inputShapes(
        layer: self[0].value.recorder.site.className,
        expected: "batches of equal shapes" + (axis.map { ", except along the axis \($0 + 1)" } ?? ""),
        found: map(\.value.description))
    }
  }
}
