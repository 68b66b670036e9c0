package import Activations
internal import Tensor

/// What `keras.ops.pad` puts around samples.
package enum Border: String, CaseIterable, Sendable {
  case constant, reflect, symmetric

  fileprivate func padding<Element: TensorScalar>(_ value: Element) -> Padding<Element> {
    switch self {
    case .constant: .constant(value)
    case .reflect: .reflect
    case .symmetric: .symmetric
    }
  }
}

extension NamedOperation {
  /// - Parameters:
  ///   - widths: the elements before and behind each axis, the batch included, or those of all axes.
  ///   - value: the number of a constant border; `nil` for Keras's default, 0.
  package static func pad(_ widths: [[Int]], _ border: Border, value: Double?, written: Configuration) -> NamedOperation
  {
    let parameters: [String: Configuration] = ["pad_width": written, "mode": .string(border.rawValue)]
    let number = Scalar(value ?? 0)
    var operation = NamedOperation("Pad", parameters: parameters) { operands in
      let x = operands[0]
      let all = widths.count == 1 ? [[Int]](repeating: widths[0], count: x.shape.count + 1) : widths
      guard all.count == x.shape.count + 1, all[0] == [0, 0] else {
        throw x.unexpectedShape("one with a border of \(widths), and none around the batch")
      }
      let pairs = all.map { (before: $0[0], after: $0[1]) }
      let longest = border == .symmetric ? 0 : 1
      guard
        border == .constant
          || zip(x.shape, pairs.dropFirst()).allSatisfy({ max($1.before, $1.after) <= $0 - longest })
      else { throw x.unexpectedShape("one that is longer than the border, which repeats it: \(widths)") }
      return try x.padded(pairs, border, number)
    }
    operation.namedArguments["constant_values"] = Configuration(value)
    return operation
  }
}

extension Traced {
  /// With a border, whose gradient goes to the elements that it repeats.
  fileprivate func padded(_ pairs: [(before: Int, after: Int)], _ border: Border, _ number: Scalar) throws -> Traced {
    let result = try zip(shape, pairs.dropFirst()).map { length, pair in
      let sum = length.addingReportingOverflow(pair.before)
      let all = sum.partialValue.addingReportingOverflow(pair.after)
      if sum.overflow || all.overflow { throw unexpectedShape("one whose length with the border is an integer") }
      return all.partialValue
    }
    return try rearranged(to: result) {
      $0.padded(pairs, with: border.padding(number))
    } back: { upstream, full in
      if border == .constant { return upstream.cropped(pairs).copied() }
      // The numbers of the elements, with the same border, say where each part of the gradient belongs.
      let count = full.dropFirst().reduce(1, *)
      let places = Tensor<Int64>.arange(count).reshaped([1] + full.dropFirst())
        .padded([(0, 0)] + pairs.dropFirst(), with: border.padding(0))
      return upstream.reshaped([full[0], places.count]).summed(at: places.flattened.scalars, axis: 1, length: count)
        .reshaped(full)
    }
  }
}

extension Tensor where Scalar: RealScalar {
  /// The sums of what was taken from the same place of an axis of that length.
  func summed(at places: [Int64], axis: Int, length: Int) -> Tensor {
    var full = shape
    full[axis] = length
    var result = Tensor.zeros(full)
    let whole = [any TensorIndex](repeating: Slice.all, count: axis)
    for (index, place) in places.enumerated() {
      result[indices: whole + [Int(place)]] += self[indices: whole + [index]]
    }
    return result
  }
}
