internal import CKernels

/// A linear map of the places of an axis, each result a weighted sum of few neighbouring places.
package struct AxisMap: Sendable {
  /// The length of the axis, and the number of results.
  package let length, count: Int
  private let ranges: [ck_range]
  private let taps: Int
  private let weights: [Double]

  /// - Parameter rows: for each result, the first place and the weights from there on.
  package init(length: Int, rows: [(first: Int, weights: [Double])]) {
    for row in rows {
      precondition(
        row.first >= 0 && row.first + row.weights.count <= length, "a result is a sum of places of its axis")
    }
    self.length = length
    count = rows.count
    let taps = rows.reduce(1) { max($0, $1.weights.count) }
    self.taps = taps
    ranges = rows.map { ck_range(first: $0.first, end: $0.first + $0.weights.count) }
    weights = rows.flatMap { $0.weights + [Double](repeating: 0, count: taps - $0.weights.count) }
  }

  /// The map of gradients: from those with respect to the results to those with respect to the places.
  package var transposed: AxisMap {
    var rows = [(first: Int, weights: [Double])](repeating: (0, []), count: length)
    for (result, range) in ranges.enumerated() {
      for place in range.first..<range.end {
        if rows[place].weights.isEmpty { rows[place].first = result }
        let zeros = result - rows[place].first - rows[place].weights.count
        rows[place].weights += [Double](repeating: 0, count: zeros)
        rows[place].weights.append(weights[result * taps + place - range.first])
      }
    }
    return AxisMap(length: count, rows: rows)
  }

  fileprivate func withKernelMap(outer: Int, inner: Int, _ body: (UnsafePointer<ck_resampling>) -> Void) {
    if count == 0 { return }
    ranges.withUnsafeBufferPointer { ranges in
      weights.withUnsafeBufferPointer { weights in
        var call = ck_resampling(
          outer: outer, length: length, inner: inner, count: count, ranges: ranges.baseAddress!, taps: taps,
          weights: weights.baseAddress!)
        body(&call)
      }
    }
  }
}

extension Tensor where Scalar: RealScalar {
  /// self = the map applied to an axis of x, in this tensor's own memory unless others hold it.
  package mutating func assign(_ map: AxisMap, of x: Tensor, axis: Int, kernels: Kernels = .best) {
    let x = x.contiguous
    var mapped = x.shape
    precondition(mapped[axis] == map.length, "a map of \(map.length) places for the axis \(axis) of \(x.shape)")
    mapped[axis] = map.count
    precondition(shape == mapped, "a result of the shape \(mapped) for \(shape)")
    if !isContiguous { self = Tensor(uninitialized: shape) }
    let outer = mapped[..<axis].reduce(1, *)
    let inner = mapped[(axis + 1)...].reduce(1, *)
    replace { result in
      map.withKernelMap(outer: outer, inner: inner) {
        ck_resample(kernels.table, Scalar.elementType.kernelType, $0, result.start, x.start)
      }
    }
    withExtendedLifetime(x.storage.memory) {}
  }
}
