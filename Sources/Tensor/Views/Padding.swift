/// What is put around a tensor.
public enum Padding<Scalar: TensorScalar>: Sendable {
  /// One value.
  case constant(Scalar)
  /// The outermost element again and again: 1 2 3 | 3 3
  case edge
  /// The elements backwards from the outermost, which is not repeated: 1 2 3 | 2 1
  case reflect
  /// The elements backwards from the outermost, which is repeated: 1 2 3 | 3 2
  case symmetric
  /// The elements from the other end: 1 2 3 | 1 2
  case wrap

  /// Zeros.
  public static var zeros: Padding { .constant(.zeroValue) }
}

extension Tensor {
  /// The tensor with elements added before and after it along each axis, as NumPy's `pad`. Widths may exceed the length:
  /// the pattern goes on.
  ///
  /// ```swift
  /// let shifted = x.padded([(0, 0), (2, 1)])    // two columns of zeros in front, one behind
  /// let framed = x.padded([(1, 1), (1, 1)], with: .edge)
  /// ```
  ///
  /// - Precondition: there is a pair of widths of at least 0 for each axis, and there are elements to repeat.
  public func padded(_ widths: [(before: Int, after: Int)], with padding: Padding<Scalar> = .zeros) -> Tensor {
    require(
      widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
      "padding the shape \(shape) takes \(rank) pairs of widths of at least 0, not \(widths.map { [$0.before, $0.after] })"
    )
    let text = "the shape \(shape) padded by \(widths.map { [$0.before, $0.after] })"
    let padded = Swift.zip(shape, widths).map { length, width in
      let begun = exact(length.addingReportingOverflow(width.before), text)
      return exact(begun.addingReportingOverflow(width.after), text)
    }
    return .making(padded) { result in
      // Axis by axis: the ends along one axis are made from what is filled along the axes before.
      func filled(_ whole: Layout, axes: Int) -> Layout {
        (axes..<rank).reduce(whole) { $0.sliced(axis: $1, start: widths[$1].before, count: shape[$1], step: 1) }
      }
      result.copy(operand(), to: filled(result.layout, axes: 0))
      for (axis, width) in widths.enumerated() where width.before + width.after > 0 {
        require(
          shape[axis] > 0 || padding.isConstant,
          "axis \(axis) of the shape \(shape) has no elements to be repeated around it")
        result.fillBorder(filled(result.layout, axes: axis + 1), axis: axis, width, padding)
      }
    }
  }

  /// The tensor with as many elements added at both ends of every axis.
  public func padded(by width: Int, with padding: Padding<Scalar> = .zeros) -> Tensor {
    padded([(before: Int, after: Int)](repeating: (width, width), count: rank), with: padding)
  }

  /// The reverse: the tensor without so many elements at both ends of each axis, as a view.
  package func cropped(_ widths: [(before: Int, after: Int)]) -> Tensor {
    var layout = layout
    for (axis, width) in widths.enumerated() {
      precondition(width.before + width.after <= shape[axis], "\(widths) of the shape \(shape)")
      layout = layout.sliced(
        axis: axis, start: width.before, count: shape[axis] - width.before - width.after, step: 1)
    }
    return view(layout)
  }
}

extension Destination {
  /// Fills the two ends of an axis of a part; between them lie elements.
  fileprivate mutating func fillBorder(
    _ whole: Layout, axis: Int, _ width: (before: Int, after: Int), _ padding: Padding<Scalar>
  ) {
    let length = whole.shape[axis] - width.before - width.after
    let end = width.before + length
    func part(_ start: Int, _ count: Int) -> Layout { whole.sliced(axis: axis, start: start, count: count, step: 1) }
    switch padding {
    case .constant(let value):
      fill(value, part(0, width.before))
      fill(value, part(end, width.after))
    case .edge:
      for (start, count, source) in [(0, width.before, width.before), (end, width.after, end - 1)] where count > 0 {
        copy(part(source, 1).broadcast(to: part(start, count).shape)!, to: part(start, count))
      }
    case .wrap:
      // What is filled repeats with the period `length`, so that what lies a period away can be copied.
      var before = width.before
      while before > 0 {
        let count = min(before, length)
        before -= count
        copy(part(before + length, count), to: part(before, count))
      }
      var after = end
      while after < whole.shape[axis] {
        let count = min(whole.shape[axis] - after, length)
        copy(part(after - length, count), to: part(after, count))
        after += count
      }
    case .reflect where length == 1:
      fillBorder(whole, axis: axis, width, .edge)
    case .reflect, .symmetric:
      // Mirrored at the outermost filled element (reflect) or behind it, as far as a length reaches.
      let mirror = if case .reflect = padding { 1 } else { 0 }
      var before = width.before
      while before > 0 {
        let count = min(before, length - mirror)
        copy(part(before + mirror, count).flipped(axis: axis), to: part(before - count, count))
        before -= count
      }
      var after = end
      while after < whole.shape[axis] {
        let count = min(whole.shape[axis] - after, length - mirror)
        copy(part(after - mirror - count, count).flipped(axis: axis), to: part(after, count))
        after += count
      }
    }
  }
}

extension Padding {
  fileprivate var isConstant: Bool { if case .constant = self { true } else { false } }
}
