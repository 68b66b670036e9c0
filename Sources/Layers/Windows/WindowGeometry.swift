internal import Tensor

/// How windows lie in a sample: lengths and distances along each of its spatial axes.
struct WindowGeometry: Hashable, Sendable {
  /// The number of taps of a window.
  let lengths: [Int]
  /// The distance from a window to the next.
  let strides: [Int]
  /// The distance from a tap to the next.
  let dilation: [Int]
  let padding: WindowPadding

  init(_ lengths: [Int], strides: [Int], dilation: [Int]? = nil, padding: WindowPadding) {
    self.lengths = lengths
    self.strides = strides
    self.dilation = dilation ?? [Int](repeating: 1, count: lengths.count)
    self.padding = padding
  }

  var rank: Int { lengths.count }

  /// The places that a window covers along an axis, from its first to its last tap; `nil` if these are too many for an
  /// integer.
  func extent(_ axis: Int) -> Int? {
    let (inner, isTooLong) = (lengths[axis] - 1).multipliedReportingOverflow(by: dilation[axis])
    return isTooLong || inner == .max ? nil : inner + 1
  }

  /// The numbers of windows along the axes of a sample; `nil` if there is none along one of them.
  func counts(in sample: [Int]) -> [Int]? {
    var counts: [Int] = []
    for axis in 0..<rank {
      guard sample[axis] > 0, let extent = extent(axis) else { return nil }
      let covered = padding == .valid ? sample[axis] - extent : sample[axis] - 1
      if covered < 0 { return nil }
      counts.append(covered / strides[axis] + 1)
    }
    return counts
  }

  /// The zeros before the first place of each axis.
  /// - Precondition: there are windows.
  func zerosBefore(_ sample: [Int]) -> [Int] {
    (0..<rank).map { axis in
      let extent = extent(axis)!
      switch padding {
      case .valid: return 0
      case .causal: return extent - 1
      case .same:
        let rest = sample[axis] - (sample[axis] - 1) / strides[axis] * strides[axis]
        return max(extent - rest, 0) / 2
      }
    }
  }
}

extension WindowGeometry {
  /// For each axis of a sample, the places within it that windows of neighbouring taps cover.
  /// - Precondition: there are windows.
  func places(in sample: [Int]) -> [[Range<Int>]] {
    let (counts, before) = (counts(in: sample)!, zerosBefore(sample))
    return (0..<rank).map { axis in
      (0..<counts[axis]).map { window in
        let first = window * strides[axis] - before[axis]
        let isInside = lengths[axis] <= sample[axis] - first
        return max(first, 0)..<(isInside ? first + lengths[axis] : sample[axis])
      }
    }
  }

  /// The windows along the axes of a sample.
  /// - Parameter sample: the lengths of its spatial axes.
  /// - Throws: ``LayerError/inputShape(layer:expected:found:)`` if a window does not fit into the sample.
  func requiredCounts(in sample: [Int], of inputShape: [Int], layer: String) throws -> [Int] {
    if let counts = counts(in: sample) { return counts }
    let extents = lengths.indices.map { extent($0) ?? .max }
    throw LayerError.inputShape(
      layer: layer,
      expected: padding == .valid
        ? "spatial axes at least as long as the windows, \(extents)" : "spatial axes of at least 1",
      found: batchDescription(inputShape))
  }
}
