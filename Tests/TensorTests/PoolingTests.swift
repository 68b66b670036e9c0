import CKernels
import Testing

@testable import Tensor

/// Windows that are pooled, and axes that are resampled, on every instruction set.
@Suite struct PoolingTests {
  /// Every kind of windows: side by side, overlapping, with gaps, cut off at the borders, of changing length.
  private static let ranges: [[Range<Int>]] = [
    [0..<2, 2..<4, 4..<6], [0..<3, 2..<5, 4..<7], [0..<1, 3..<4, 6..<7], [0..<2, 1..<4, 4..<7], [0..<7],
    [0..<4, 1..<4, 1..<7],
    (0..<5).map { $0..<$0 + 3 },
  ]

  private static let windows = ranges.indices.map { index in
    let others = ranges[(index + 3) % ranges.count]
    return PoolingWindows(
      input: index % 2 == 0 ? [7, 7] : [2, 7, 7],
      ranges: index % 2 == 0 ? [ranges[index], others] : [[0..<2, 1..<2], others, ranges[index]])
  }

  private func samples<Scalar: RealScalar>(_ windows: PoolingWindows, _ channels: Int, _: Scalar.Type) -> Tensor<Scalar>
  {
    let shape = [3] + windows.input + [channels]
    let count = shape.reduce(1, *)
    // Every element once, in another order.
    return (Tensor<Scalar>.arange(Scalar(count)) * 7919 % Scalar(count) - Scalar(count / 2)).reshaped(shape) / 8
  }

  private func check<Scalar: RealScalar>(_ kernels: Kernels, _: Scalar.Type) {
    for windows in Self.windows {
      for channels in [1, 2, 5, 16, 37, 200] {
        let x = samples(windows, channels, Scalar.self)
        for pooling in [ck_pooling_largest, ck_pooling_mean] {
          var result = Tensor<Scalar>.zeros([3] + windows.output + [channels])
          var expected = result
          result.assign(pooling, of: x, windows, kernels: kernels)
          expected.assign(pooling, of: x, windows, kernels: Kernels.supported.last!)
          #expect(result == expected, "\(windows), \(channels) channels")
          var gradient = x
          gradient.assign(pullbackOf: pooling, result, at: (x, result), windows, kernels: kernels)
          // The gradient is the transpose of what is linear near x.
          let (upstream, values) = (
            result.cast(to: Double.self), gradient.cast(to: Double.self) * x.cast(to: Double.self)
          )
          let (left, right) = ((upstream * upstream).sum().scalar, values.sum().scalar)
          #expect(abs(left - right) <= 1e-5 * left, "\(windows), \(channels) channels")
        }
      }
    }
  }

  @Test(arguments: Kernels.supported)
  func `windows are pooled and pulled back, whatever the number of channels`(_ kernels: Kernels) {
    check(kernels, Float.self)
    check(kernels, Double.self)
  }

  @Test func `windows are those of a loop`() {
    for windows in Self.windows.prefix(1) + Self.windows.suffix(1) where windows.input.count == 2 {
      let x = samples(windows, 3, Double.self)
      var largest = Tensor<Double>.zeros([3] + windows.output + [3])
      var mean = largest
      largest.assign(ck_pooling_largest, of: x, windows)
      mean.assign(ck_pooling_mean, of: x, windows)
      let index = Self.windows.firstIndex { $0.output == windows.output }!
      let (rows, columns) = (Self.ranges[index], Self.ranges[(index + 3) % Self.ranges.count])
      for (i, rows) in rows.enumerated() {
        for (j, columns) in columns.enumerated() {
          let part = x[0..., rows, columns]
          #expect(largest[0..., i, j] == part.max(axis: [1, 2]))
          #expect((mean[0..., i, j] - part.mean(axis: [1, 2])).absolute().max().scalar < 1e-12)
        }
      }
    }
  }

  @Test(arguments: Kernels.supported)
  func `an axis is resampled by a matrix of few weights`(_ kernels: Kernels) {
    let map = AxisMap(
      length: 5, rows: [(0, [1]), (0, [0.5, 0.25, 0.25]), (3, [-2, 3]), (2, []), (1, [0.125, 0, 1, 1])])
    let matrix = Tensor<Float>([
      [1, 0, 0, 0, 0], [0.5, 0.25, 0.25, 0, 0], [0, 0, 0, -2, 3], [0, 0, 0, 0, 0], [0, 0.125, 0, 1, 1],
    ])
    for inner in [1, 3, 16, 70] {
      let x = Tensor<Float>.arange(Float(2 * 5 * inner)).reshaped([2, 5, inner])
      var result = Tensor<Float>.zeros([2, 5, inner])
      result.assign(map, of: x, axis: 1, kernels: kernels)
      #expect(result == Tensor.stacked((0..<2).map { matrix.matmul(x[$0]) }))
      result.assign(map.transposed, of: x, axis: 1, kernels: kernels)
      #expect(result == Tensor.stacked((0..<2).map { matrix.transposed.matmul(x[$0]) }))
    }
  }
}
