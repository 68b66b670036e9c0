/// Places of samples at equal distances, each of which is a sum over windows that read it: the transpose of what the
/// windows do is a few convolutions, one for each remainder of places divided by strides.
package struct TransposedWindows: Hashable, Sendable {
  /// The windows of what lies in the place of the windows.
  package let windows: SampleWindows
  /// Along each axis, the tap that such a window reads first, and the distance to the next.
  package let firstTap, tapStep: [Int]
  /// The places, along each axis: the first, the distance to the next, and how many there are.
  package let first, step, count: [Int]

  /// Whether these are all places of a sample.
  package var areAll: Bool { step.allSatisfy { $0 == 1 } }

  /// The taps of a kernel [taps…, …] in the order in which these windows read them.
  package func taps<Scalar>(of kernel: Tensor<Scalar>) -> Tensor<Scalar> {
    let layout = kernel.layout.part(first: firstTap, step: tapStep, count: windows.lengths)
    return Tensor(storage: kernel.storage, layout: layout)
  }

  /// These places in samples [batch, spatial…, channels].
  func part(of layout: Layout) -> Layout {
    layout.part(first: [0] + first, step: [1] + step, count: [layout.shape[0]] + count)
  }
}

extension SampleWindows {
  /// The places of a sample that windows read, by the windows that read them.
  /// - Precondition: strides or dilation are 1 along each axis.
  package var transposed: [TransposedWindows] {
    var choices: [[TransposedAxis]] = [[]]
    for axis in input.indices {
      let parts = TransposedAxis.all(self, axis)
      choices = choices.flatMap { choice in parts.map { choice + [$0] } }
    }
    return choices.map { axes in
      let windows = SampleWindows(
        of: output, output: axes.map(\.count), lengths: axes.map(\.taps), strides: axes.map { _ in 1 },
        dilation: dilation, before: axes.map(\.before))
      return TransposedWindows(
        windows: windows, firstTap: axes.map(\.firstTap), tapStep: strides.map { -$0 }, first: axes.map(\.first),
        step: strides, count: axes.map(\.count))
    }
  }

  /// Whether some places lie between the windows: none of the ``transposed`` has them.
  package var leavesPlaces: Bool { input.indices.contains { strides[$0] > lengths[$0] } }
}

/// The places along an axis whose distance from the first window's begin has a remainder when divided by the stride.
private struct TransposedAxis {
  let first, count: Int
  let taps, firstTap, before: Int

  /// Those that taps read; as few steps as there are taps, or places.
  static func all(_ windows: SampleWindows, _ axis: Int) -> [TransposedAxis] {
    let (stride, zeros) = (windows.strides[axis], windows.before[axis])
    let (taps, places) = (windows.lengths[axis], windows.input[axis])
    require(stride == 1 || windows.dilation[axis] == 1, "windows with strides and dilation have no transpose here")
    func remainder(_ number: Int) -> Int {
      let rest = number % stride
      return rest < 0 ? rest + stride : rest
    }
    if taps < places {
      return (0..<min(stride, taps)).compactMap { TransposedAxis(windows, axis, $0, first: remainder($0 - zeros)) }
    }
    return (0..<min(stride, places)).compactMap { TransposedAxis(windows, axis, remainder($0 + zeros), first: $0) }
  }

  private init?(_ windows: SampleWindows, _ axis: Int, _ remainder: Int, first: Int) {
    let (stride, length) = (windows.strides[axis], windows.lengths[axis])
    guard first < windows.input[axis], remainder < length else { return nil }
    self.first = first
    count = (windows.input[axis] - 1 - first) / stride + 1
    taps = (length - 1 - remainder) / stride + 1
    firstTap = remainder + stride * (taps - 1)
    before = (taps - 1) * windows.dilation[axis] - (first + windows.before[axis] - remainder) / stride
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
}
