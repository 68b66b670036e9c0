import CKernels
import TestSupport
import Testing

@testable import Tensor

/// Products of windows of 3 × 3 places, which are computed in fours.
@Suite struct TransformedKernelTests {
  /// Lengths of both axes, zeros before them, and channels in and out: whole and broken fours, narrow and wide panels.
  static let cases: [(input: [Int], before: [Int], output: [Int], channels: Int, columns: Int)] = [
    ([3, 3], [1, 1], [3, 3], 8, 8), ([8, 8], [1, 1], [8, 8], 16, 32), ([7, 10], [0, 0], [5, 8], 19, 33),
    ([6, 5], [2, 2], [8, 7], 9, 70), ([5, 40], [1, 0], [5, 38], 21, 40), ([2, 2], [3, 2], [6, 5], 8, 9),
    ([9, 9], [-1, -2], [6, 5], 40, 17),
  ]

  static func windows(_ item: (input: [Int], before: [Int], output: [Int], channels: Int, columns: Int))
    -> SampleWindows
  {
    SampleWindows(
      of: item.input, output: item.output, lengths: [3, 3], strides: [1, 1], dilation: [1, 1], before: item.before)
  }

  @Test(arguments: cases.indices, Kernels.supported)
  func `are the products of all windows, from any memory, to any end`(_ index: Int, _ kernels: Kernels) {
    let item = Self.cases[index]
    let windows = Self.windows(item)
    #expect(windows.areTransformed(channels: item.channels, columns: item.columns))
    var generator = PhiloxGenerator(seed: 21)
    let x = Tensor<Double>.normal([2] + item.input + [item.channels + 3], using: &generator)
    let matrix = Tensor<Double>.normal([9 * item.channels, item.columns], using: &generator)
    let bias = Tensor<Double>.normal([item.columns], using: &generator)
    let rows = WindowedProductTests.unfolded(x[.ellipsis, 3...], windows)
    let expected = rows.matmul(matrix)

    let packed = PackedKernel(matrix, for: windows, kernels: kernels)
    for (function, parameters) in [(ck_rectifier, ck_parameters.none), (ck_hyperbolic_tangent, .none)] {
      let end = ProductEpilogue(function, parameters)
      var result = Tensor<Double>.zeros([0])
      var preactivation = Tensor<Double>.zeros([0])
      BlockedProduct(x, windows, from: 3, packed, bias: bias, epilogue: end)
        .write(to: &result, preactivation: &preactivation)
      #expect(isClose(preactivation.rowMatrix, expected + bias))
      #expect(isClose(result.rowMatrix, (expected + bias).applying(end)))
      var alone = Tensor<Double>.zeros([0])
      BlockedProduct(x, windows, from: 3, matrix, bias: bias, epilogue: end, kernels: kernels).write(to: &alone)
      #expect(alone == result)
    }
    var sum = Tensor<Double>.ones([2] + item.output + [item.columns + 4])
    BlockedProduct(x, windows, from: 3, packed).write(columnsFrom: 2, of: &sum, times: 2)
    #expect(isClose(sum.rowMatrix[0..., 2..<(item.columns + 2)], expected + 2))
    #expect(sum.rowMatrix[0..., 0..<2] == .ones([expected.shape[0], 2]))
  }

  @Test(arguments: Kernels.supported)
  func `a number that is not finite reaches only the windows that read it`(_ kernels: Kernels) {
    let windows = Self.windows(([8, 9], [1, 1], [8, 9], 8, 40))
    var generator = PhiloxGenerator(seed: 22)
    let matrix = Tensor<Float>.uniform([72, 40], in: 0.5..<1, using: &generator)
    for (value, place) in [(Float.infinity, [3, 4]), (.nan, [0, 0]), (-.infinity, [7, 8])] {
      var x = Tensor<Float>.uniform([1, 8, 9, 8], in: 0..<1, using: &generator)
      x[0, place[0], place[1], 5] = Tensor(value)
      var result = Tensor<Float>.zeros([0])
      BlockedProduct(x, windows, PackedKernel(matrix, for: windows, kernels: kernels)).write(to: &result)
      for y in 0..<8 {
        for column in 0..<9 {
          let reads = abs(y - place[0]) <= 1 && abs(column - place[1]) <= 1
          let found = result[0, y, column].scalars
          #expect(found.allSatisfy { reads ? ($0 == value || value.isNaN && $0.isNaN) : $0.isFinite })
        }
      }
    }
    // Sums of places overflow where none of the places does.
    let large = Tensor<Float>.filled([1, 8, 9, 8], with: 3e38)
    let signs = Tensor<Float>([1, -1]).reshaped([1, 1, 1, 2]).broadcast(to: [1, 8, 9, 2])
    var kernel = Tensor<Float>.zeros([3, 3, 8, 40])
    kernel[1, 1] = Tensor<Float>.filled([8, 40], with: 0.03)
    var result = Tensor<Float>.zeros([0])
    let x = large * Tensor.concatenated([signs, signs, signs, signs], axis: -1)
    BlockedProduct(x, windows, PackedKernel(kernel.rowMatrix, for: windows, kernels: kernels)).write(to: &result)
    #expect(result.absolute().max().scalar <= 1e32)
  }

  @Test func `the same bits in any batch, with any number of threads`() {
    let windows = Self.windows(([30, 31], [1, 1], [30, 31], 24, 72))
    var generator = PhiloxGenerator(seed: 23)
    let x = Tensor<Float>.normal([5, 30, 31, 24], using: &generator)
    let packed = PackedKernel(Tensor<Float>.normal([216, 72], using: &generator), for: windows)
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    Threads.count = 1
    var all = Tensor<Float>.zeros([0])
    BlockedProduct(x, windows, packed).write(to: &all)
    for count in [2, 3] {
      Threads.count = count
      var shared = Tensor<Float>.zeros([0])
      BlockedProduct(x, windows, packed).write(to: &shared)
      #expect(shared == all)
    }
    for sample in 0..<5 {
      var one = Tensor<Float>.zeros([0])
      BlockedProduct(x[sample..<(sample + 1)], windows, packed).write(to: &one)
      #expect(one[0] == all[sample])
    }
  }

  private func isClose(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Bool {
    x.shape == y.shape && (x - y).absolute().max().scalar <= 1e-12
  }
}
