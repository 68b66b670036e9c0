internal import CKernels

/// Windows of samples [batch, spatial…, channels], of up to three spatial axes: how convolutions read them.
package struct SampleWindows: Hashable, Sendable {
  /// The lengths of the samples' spatial axes, and the numbers of windows along them.
  package let input, output: [Int]
  /// The taps of a window along each axis.
  package let lengths: [Int]
  /// The places from one window to the next, and from one tap to the next.
  package let strides, dilation: [Int]
  /// The zeros before the first place; where negative, the places that no window begins before.
  package let before: [Int]

  package init(
    of input: [Int], output: [Int], lengths: [Int], strides: [Int], dilation: [Int], before: [Int]
  ) {
    (self.input, self.output, self.lengths) = (input, output, lengths)
    (self.strides, self.dilation, self.before) = (strides, dilation, before)
  }

  /// The places of samples, one by one.
  package static func places(of spatial: [Int]) -> SampleWindows {
    let ones = spatial.map { _ in 1 }
    return SampleWindows(
      of: spatial, output: spatial, lengths: ones, strides: ones, dilation: ones, before: spatial.map { _ in 0 })
  }

  package var rank: Int { input.count }
  package var tapCount: Int { lengths.reduce(1, *) }
  /// The windows of one sample.
  package var count: Int { output.reduce(1, *) }

  /// Whether the windows are the places, one by one.
  var arePlaces: Bool {
    input == output && lengths.allSatisfy { $0 == 1 } && strides.allSatisfy { $0 == 1 } && before.allSatisfy { $0 == 0 }
  }

  /// The windows of a tensor whose channels are contiguous.
  /// - Parameter channels: those of a window.
  /// - Parameter taps: the elements from one tap to the next in a kernel, if the call has one that lies by taps.
  func kernelWindows(of layout: Layout, channels: Int, taps: [Int]? = nil) -> ck_windows {
    ck_windows(
      sample: layout.strides[0], input: triple(input), step: triple(Array(layout.strides[1...rank]), 0),
      output: triple(output), kernel: triple(lengths), stride: triple(strides), dilation: triple(dilation),
      before: triple(before, 0), tap: triple(taps ?? [], 0), channels: channels)
  }
}

extension SampleWindows {
  /// - Precondition: the samples have these axes, and the channels.
  func requireSamples(_ layout: Layout, from channel: Int, _ channels: Int) {
    let shape = layout.shape
    require(
      shape.count == rank + 2 && channel + channels <= shape[rank + 1]
        && (0..<rank).allSatisfy { shape[$0 + 1] == input[$0] },
      "windows of \(channels) channels from \(channel) on in samples of \(input); the tensor's shape is \(shape)")
  }
}

extension Layout {
  /// The distance from each place of samples [batch, spatial…, channels] to the next; `nil` if it differs.
  var placeStride: Int? {
    var distance: Int?
    var next = 0
    for axis in (0..<rank - 1).reversed() where shape[axis] != 1 {
      if distance == nil { (distance, next) = (strides[axis], strides[axis]) }
      if strides[axis] != next { return nil }
      next *= shape[axis]
    }
    return distance ?? shape[rank - 1]
  }
}

/// The values of the last axes of three, with those of axes of the length 1 before them.
func triple(_ values: [Int], _ filling: Int = 1) -> (Int, Int, Int) {
  let all = [Int](repeating: filling, count: 3 - values.count) + values
  return (all[0], all[1], all[2])
}

extension Tensor where Scalar: RealScalar {
  /// The tensor with contiguous channels, itself where it has them.
  package var withContiguousChannels: Tensor {
    layout.shape[rank - 1] == 1 || layout.strides[rank - 1] == 1 ? self : copied()
  }
}
