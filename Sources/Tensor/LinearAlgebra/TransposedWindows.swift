/// Places of samples at equal distances, each of which is a sum over windows that read it: the transpose of what the
/// windows do is a few convolutions, one for each remainder of places divided by strides.
package struct TransposedWindows: Hashable, Sendable {
  /// The windows of what lies in the place of the windows; `nil` where none reads these places, which stay zero.
  package let windows: SampleWindows?
  /// Along each axis, the tap that such a window reads first, and the distance to the next.
  package let firstTap, tapStep: [Int]
  /// The places, along each axis: the first, the distance to the next, and how many there are.
  package let first, step, count: [Int]

  /// Whether these are all places of a sample.
  package var areAll: Bool { step.allSatisfy { $0 == 1 } }

  /// The taps of a kernel [taps…, …] in the order in which these windows read them.
  package func taps<Scalar>(of kernel: Tensor<Scalar>) -> Tensor<Scalar> {
    let layout = kernel.layout.part(first: firstTap, step: tapStep, count: windows!.lengths)
    return Tensor(storage: kernel.storage, layout: layout)
  }

  /// These places in samples [batch, spatial…, channels].
  func part(of layout: Layout) -> Layout {
    layout.part(first: [0] + first, step: [1] + step, count: [layout.shape[0]] + count)
  }
}

extension SampleWindows {
  /// All places of a sample, by the windows that read them.
  /// - Precondition: strides or dilation are 1 along each axis.
  package var transposed: [TransposedWindows] {
    let axes = input.indices.map { axis in
      (0..<strides[axis]).compactMap { TransposedAxis(self, axis, remainder: $0) }
    }
    var choices: [[TransposedAxis]] = [[]]
    for parts in axes { choices = choices.flatMap { choice in parts.map { choice + [$0] } } }
    return choices.map { axes in
      let windows = SampleWindows(
        of: output, output: axes.map(\.count), lengths: axes.map(\.taps), strides: axes.map { _ in 1 },
        dilation: dilation, before: axes.map(\.before))
      return TransposedWindows(
        windows: axes.allSatisfy { $0.taps > 0 } ? windows : nil, firstTap: axes.map(\.firstTap),
        tapStep: strides.map { -$0 }, first: axes.map(\.first), step: strides, count: axes.map(\.count))
    }
  }
}

/// The places along an axis whose distance from the first window's begin has a remainder when divided by the stride.
private struct TransposedAxis {
  let first, count: Int
  let taps, firstTap, before: Int

  init?(_ windows: SampleWindows, _ axis: Int, remainder: Int) {
    let (stride, zeros) = (windows.strides[axis], windows.before[axis])
    require(stride == 1 || windows.dilation[axis] == 1, "windows with strides and dilation have no transpose here")
    let difference = (remainder - zeros) % stride
    first = difference < 0 ? difference + stride : difference
    guard first < windows.input[axis] else { return nil }
    count = (windows.input[axis] - first + stride - 1) / stride
    taps = max((windows.lengths[axis] - remainder + stride - 1) / stride, 0)
    firstTap = remainder + stride * (taps - 1)
    before = (taps - 1) * windows.dilation[axis] - (first + zeros - remainder) / stride
  }
}

extension Layout {
  /// Every so many of the first axes' places.
  func part(first: [Int], step: [Int], count: [Int]) -> Layout {
    var result = self
    for axis in first.indices {
      result.offset += first[axis] * strides[axis]
      result.strides[axis] = strides[axis] * step[axis]
      result.shape[axis] = count[axis]
    }
    return result
  }
}

extension Tensor where Scalar: RealScalar {
  /// Sets these places of samples [batch, spatial…, channels].
  package mutating func set(_ places: TransposedWindows, to x: Tensor) {
    let part = places.part(of: layout)
    overwrite { $0.copy(x.operand(), to: part) }
  }

  /// Sets these places of samples to zero.
  package mutating func clear(_ places: TransposedWindows) {
    let part = places.part(of: layout)
    overwrite { $0.fill(0, part) }
  }
}
