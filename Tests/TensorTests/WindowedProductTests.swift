import TestSupport
import Testing

@testable import Tensor

/// Products that read windows where they lie are products of a copy of all windows.
@Suite struct WindowedProductTests {
  struct Case: CustomTestStringConvertible {
    let batch: Int
    let input, lengths, strides, dilation, before, output: [Int]
    let channels, filters: Int

    var testDescription: String { "\(self)" }

    var windows: SampleWindows {
      SampleWindows(
        of: input, output: output, lengths: lengths, strides: strides, dilation: dilation, before: before)
    }
  }

  /// Geometries of one to three axes, with windows that lie within, across and beyond the borders.
  static let cases: [Case] = {
    var generator = PhiloxGenerator(seed: 15)
    func draw(_ range: ClosedRange<Int>) -> Int {
      Int(
        Tensor<Int64>.integers([1], in: Int64(range.lowerBound)..<Int64(range.upperBound + 1), using: &generator)
          .scalars[0])
    }
    return (0..<60).map { index in
      let rank = index % 3 + 1
      let hasStrides = index % 2 == 0
      let input = (0..<rank).map { _ in draw(1...7) }
      return Case(
        batch: draw(1...3), input: input, lengths: input.map { _ in draw(1...4) },
        strides: input.map { _ in hasStrides ? draw(1...3) : 1 },
        dilation: input.map { _ in hasStrides ? 1 : draw(1...3) },
        before: input.map { _ in draw(-1...3) }, output: input.map { _ in draw(1...6) },
        channels: index % 5 == 0 ? draw(20...70) : draw(1...6), filters: index % 4 == 0 ? draw(20...70) : draw(1...9))
    }
  }()

  /// A copy of all windows: [batch · windows, taps · channels].
  static func unfolded(_ x: Tensor<Double>, _ windows: SampleWindows) -> Tensor<Double> {
    let rank = windows.rank
    var rows: [Double] = []
    func positions(_ lengths: [Int]) -> [[Int]] {
      lengths.reduce([[]]) { all, length in all.flatMap { one in (0..<length).map { one + [$0] } } }
    }
    for sample in 0..<x.shape[0] {
      for window in positions(windows.output) {
        for tap in positions(windows.lengths) {
          let place = (0..<rank).map {
            window[$0] * windows.strides[$0] - windows.before[$0] + tap[$0] * windows.dilation[$0]
          }
          let isInside = Swift.zip(place, windows.input).allSatisfy { $0 >= 0 && $0 < $1 }
          for channel in 0..<x.shape[rank + 1] {
            rows.append(isInside ? x[indices: ([sample] + place + [channel]).map { $0 as any TensorIndex }].scalar : 0)
          }
        }
      }
    }
    return Tensor(
      shape: [x.shape[0] * windows.count, windows.tapCount * x.shape[rank + 1]], scalars: rows)
  }

  private func close(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Bool {
    x.shape == y.shape && (x.isEmpty || (x - y).absolute().max().scalar <= 1e-12)
  }

  @Test(arguments: cases, Kernels.supported)
  func `of every geometry, on every instruction set`(_ item: Case, _ kernels: Kernels) {
    var generator = PhiloxGenerator(seed: 7)
    let windows = item.windows
    let x = Tensor<Double>.normal([item.batch] + item.input + [item.channels], using: &generator)
    let kernel = Tensor<Double>.normal(item.lengths + [item.channels, item.filters], using: &generator)
    let bias = Tensor<Double>.normal([item.filters], using: &generator)
    let rows = Self.unfolded(x, windows)
    let expected = rows.matmul(kernel.rowMatrix) + bias
    let shape = [item.batch] + item.output + [item.filters]

    var product = Tensor<Double>.zeros([0])
    BlockedProduct(x, windows, kernel.rowMatrix, bias: bias, kernels: kernels).write(to: &product)
    #expect(product.shape == shape && close(product.rowMatrix, expected))
    var packed = Tensor<Double>.zeros([0])
    BlockedProduct(x, windows, PackedKernel(kernel.rowMatrix, for: windows, kernels: kernels), bias: bias).write(
      to: &packed)
    #expect(packed == product)
    let turned = kernel.swappingAxes(-2, -1).copied().swappingAxes(-2, -1).flipped(axis: 0)
    var byTaps = Tensor<Double>.zeros([0])
    BlockedProduct(x, windows, taps: turned.flipped(axis: 0), bias: bias, kernels: kernels).write(to: &byTaps)
    #expect(byTaps == product)

    let upstream = Tensor<Double>.normal([rows.shape[0], item.filters], using: &generator)
    var gradient = Tensor<Double>.ones(kernel.shape)
    BlockedProduct(transposing: x, windows, channels: 0..<item.channels, by: upstream, alpha: 2, kernels: kernels)
      .write(columnsFrom: 0, of: &gradient, times: 1)
    #expect(close(gradient.rowMatrix, rows.transposed.matmul(upstream) * 2 + 1))
  }

  @Test(arguments: cases) func `the transpose of windows reaches every place once`(_ item: Case) {
    var generator = PhiloxGenerator(seed: 8)
    let windows = item.windows
    let kernel = Tensor<Double>.normal(item.lengths + [item.channels, item.filters], using: &generator)
    let upstream = Tensor<Double>.normal([item.batch] + item.output + [item.filters], using: &generator)
    let shape = [item.batch] + item.input + [item.channels]
    // The transpose of a linear map by what it does to every unit vector.
    var expected: [Double] = []
    for index in 0..<shape.reduce(1, *) {
      var unit = [Double](repeating: 0, count: shape.reduce(1, *))
      unit[index] = 1
      let product = Self.unfolded(Tensor(shape: shape, scalars: unit), windows).matmul(kernel.rowMatrix)
      expected.append((product * upstream.rowMatrix).sum().scalar)
      if index == 60 { break }
    }
    var result = Tensor<Double>.filled(shape, with: windows.leavesPlaces ? 0 : .nan)
    for places in windows.transposed {
      var part = Tensor<Double>.zeros([0])
      BlockedProduct(upstream, places.windows, taps: places.taps(of: kernel).swappingAxes(-2, -1)).write(to: &part)
      result.set(places, to: part)
    }
    #expect(!result.isNaN.any().scalar)
    let found = Array(result.scalars.prefix(expected.count))
    #expect(Swift.zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-12 })
  }

  @Test func `huge strides and lengths are no work`() {
    for (length, stride) in [(3, Int.max / 4), (1 << 40, 1 << 40), (1 << 40, 1)] {
      let windows = SampleWindows(
        of: [5, 4], output: [1, 1], lengths: [length, 2], strides: [stride, 1], dilation: [1, 1], before: [0, 0])
      #expect(windows.transposed.count == min(length, stride, 5))
    }
  }

  @Test(arguments: cases) func `each channel by itself is a product of that channel`(_ item: Case) {
    var generator = PhiloxGenerator(seed: 9)
    let windows = item.windows
    let x = Tensor<Double>.normal([item.batch] + item.input + [item.channels], using: &generator)
    let kernel = Tensor<Double>.normal(item.lengths + [item.channels], using: &generator)
    let upstream = Tensor<Double>.normal([item.batch] + item.output + [item.channels], using: &generator)
    var result = Tensor<Double>.filled(upstream.shape, with: .nan)
    Tensor.convolveDepthwise(x, windows, kernel, into: &result)
    let gradient = Tensor.depthwiseKernelGradient(x, windows, upstream)
    for channel in 0..<min(item.channels, 20) {
      let rows = Self.unfolded(x[.ellipsis, channel..<channel + 1], windows)
      let line = kernel[.ellipsis, channel].reshaped([windows.tapCount, 1])
      #expect(close(result[.ellipsis, channel].reshaped([rows.shape[0], 1]), rows.matmul(line)))
      let slope = rows.transposed.matmul(upstream[.ellipsis, channel].reshaped([rows.shape[0], 1]))
      #expect(close(gradient[.ellipsis, channel].reshaped([windows.tapCount, 1]), slope))
    }
  }

  @Test func `a kernel that has been packed may be changed in place`() {
    let windows = SampleWindows(
      of: [4, 4], output: [3, 3], lengths: [2, 2], strides: [1, 1], dilation: [1, 1], before: [0, 0])
    var kernel = Tensor<Float>.ones([12, 5])
    let packed = PackedKernel(kernel, for: windows)
    let isHeldByOthers = !kernel.isReusable
    #expect(!isHeldByOthers)
    var result = Tensor<Float>.zeros([0])
    BlockedProduct(Tensor<Float>.ones([1, 4, 4, 3]), windows, packed).write(to: &result)
    #expect(result == .filled([1, 3, 3, 5], with: 12))
  }

  @Test func `windows of samples of another shape stop the program`() async {
    await expectMessage(
      "windows of 3 channels from 0 on in samples of [4, 4]; the tensor's shape is [2, 4, 5, 3]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var result = Tensor<Float>.zeros([0])
        BlockedProduct(Tensor<Float>.ones([2, 4, 5, 3]), .places(of: [4, 4]), Tensor<Float>.ones([3, 2])).write(
          to: &result)
      })
  }
}
