import Tensor
import TestSupport
import Testing

private func scrambled(_ i: Int) -> Double {
  let position = i * 37 % 101
  return Double(position) / 8 - 6
}
private let x = Tensor<Double>(shape: [4, 5, 6], scalars: (0..<120).map(scrambled))
private let holes: Tensor<Double> = {
  var scalars = x.scalars
  for position in [3, 50, 51] { scalars[position] = .nan }
  return Tensor(shape: x.shape, scalars: scalars)
}()
private let integers = Tensor<Int32>(shape: [4, 5, 6], scalars: (0..<120).map { Int32($0 * 37 % 101 / 9) })

@Suite struct StatisticsTests {
  @Test func mediansAndQuantilesAgreeWithNumPy() throws {
    let fixture = try jsonFixture("statistics", as: [String: TensorFixture].self)
    let axes = [("all", [0, 1, 2]), ("0", [0]), ("1", [1]), ("-1", [-1]), ("0,2", [0, 2]), ("-2,-1", [-2, -1])]
    for (key, tensor) in [("plain", x), ("holes", holes)] {
      for (name, axes) in axes {
        let median = try #require(fixture["median \(key) \(name)"])
        #expect(median.matches(tensor.median(axis: axes)))
        #expect(median.matches(tensor.cast(to: Float.self).median(axis: axes)))
        for method in QuantileInterpolation.allCases {
          let parts = [0, 0.1, 0.25, 0.37, 0.5, 0.9, 1]
          let together = tensor.quantiles(parts, axis: axes, interpolation: method)
          for (i, q) in parts.enumerated() {
            let label = q == 0 || q == 1 ? "\(Int(q))" : "\(q)"
            let expected = try #require(fixture["quantile \(key) \(name) \(method) \(label)"])
            let alone = tensor.quantile(q, axis: axes, interpolation: method)
            #expect(expected.matches(alone, relative: 1e-15), "\(name) \(q)")
            #expect(expected.matches(together[i], relative: 1e-15))
            let inFloat = tensor.cast(to: Float.self).quantile(q, axis: axes, interpolation: method)
            #expect(expected.matches(inFloat, absolute: 1e-6))
          }
        }
      }
    }
  }

  @Test func quantilesOfAllStrides() {
    let t = x.transposed.flipped(axis: 1)
    #expect(t.median(axis: 0) == x.median(axis: 2).transposed.flipped(axis: 0))
    #expect(x.median(axis: [0, 1], keepDimensions: true).shape == [1, 1, 6])
    #expect(x.quantiles([0.5, 0.75], axis: 1, keepDimensions: true).shape == [2, 4, 1, 6])
    #expect(integers.median().scalar == integers.cast(to: Double.self).median().scalar)
    #expect(Tensor<Int64>([1, 2, 4, 9]).quantile(0.5).scalar == 3)
  }

  @Test func infinitiesAndNothing() {
    let ends = Tensor<Float>([-.infinity, -.infinity, 1, 2, .infinity, .infinity])
    #expect(ends.quantile(0.1).scalar == -.infinity)
    #expect(ends.quantile(0.6).scalar == 2)
    #expect(ends.quantile(0.9).scalar == .infinity)
    #expect(ends.median().scalar == 1.5)
    #expect(Tensor<Float>.zeros([3, 0]).median(axis: 1).scalars.allSatisfy { $0.isNaN })
    #expect(Tensor<Float>.zeros([3, 0]).quantile(0.3, axis: 0).shape == [0])
    #expect(Tensor<Float>(5).median().scalar == 5)
  }

  @Test func distinctElementsAgreeWithNumPy() throws {
    let fixture = try jsonFixture("statistics", as: [String: TensorFixture].self)
    let (values, inverse, counts) = integers.unique()
    #expect(try #require(fixture["unique values"]).matches(values))
    #expect(try #require(fixture["unique inverse"]).matches(inverse))
    #expect(try #require(fixture["unique counts"]).matches(counts))
    #expect(values.take(inverse) == integers)
    let reals = holes.unique()
    #expect(try #require(fixture["unique holes values"]).matches(reals.values))
    #expect(try #require(fixture["unique holes inverse"]).matches(reals.inverse))
    #expect(try #require(fixture["unique holes counts"]).matches(reals.counts))
    #expect(Tensor<Float>([]).unique().values.shape == [0])
    #expect(Tensor<Bool>([true, false, true]).unique().values.scalars == [false, true])
    #expect(Tensor<Float>([0, -0.0, 0]).unique().counts.scalars == [3])
    let transposed = integers.transposed
    #expect(transposed.unique().inverse == inverse.transposed)
  }

  @Test func countsAgreeWithNumPy() throws {
    let fixture = try jsonFixture("statistics", as: [String: TensorFixture].self)
    #expect(try #require(fixture["binCounts"]).matches(integers.binCounts(minimumLength: 15)))
    #expect(try integers.binCounts().count == 12)
    #expect(try Tensor<UInt8>([]).binCounts().shape == [0])
    #expect(try Tensor<UInt8>([255]).binCounts().count == 256)
    let histogram = try x.histogram(bins: 7)
    #expect(try #require(fixture["histogram counts"]).matches(histogram.counts))
    #expect(try #require(fixture["histogram edges"]).matches(histogram.edges, relative: 1e-15))
    let ranged = try x.histogram(bins: 8, range: -2...2)
    #expect(try #require(fixture["histogram range counts"]).matches(ranged.counts))
    #expect(try #require(fixture["histogram range edges"]).matches(ranged.edges, relative: 1e-15))
    #expect(try Tensor<Float>([1, 1]).histogram(bins: 2).counts.scalars == [0, 2])
    #expect(try Tensor<Float>([]).histogram(bins: 2).edges.scalars == [0, 0.5, 1])
    #expect(try Tensor<Float>([.nan, 0.5]).histogram(bins: 2, range: 0...1).counts.scalars == [0, 1])
  }

  @Test func oneHotVectors() throws {
    let classes = Tensor<Int64>([[2, 0], [1, 2]])
    #expect(try classes.oneHot(classes: 3).shape == [2, 2, 3])
    #expect(try classes.transposed.oneHot(classes: 3).scalars == [0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1])
    #expect(try Tensor<UInt8>([1]).oneHot(classes: 2, of: Bool.self).scalars == [false, true])
    #expect(try Tensor<Int32>([]).oneHot(classes: 4).shape == [0, 4])
    #expect(try classes.oneHot(classes: 5, of: Double.self).argMax(axis: -1) == classes)
  }

  @Test func `mistakes trap`() async {
    await expectMessage(
      "a quantile lies in 0...1, unlike 1.01",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Tensor<Float>([1]).quantile(1.01) })
    await expectMessage(
      "a histogram has at least one bin and room for all of them, unlike 0",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = try Tensor<Float>([1]).histogram(bins: 0)
      })
    await expectMessage(
      "a histogram takes a finite range of some width, unlike 0.0...inf",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = try Tensor<Float>([1]).histogram(range: 0...(.infinity))
      })
    await expectMessage(
      "axis 1 of a tensor of rank 1; allowed: -1 to 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Tensor<Float>([1]).median(axis: 1) })
  }

  @Test(
    arguments: [
      ([-1, 3], "binCounts: expected integers of at least 0, found -1"),
      ([.max], "binCounts: expected integers up to which there is memory, found 9223372036854775807"),
      ([1 << 60], "binCounts: expected integers up to which there is memory, found 1152921504606846976"),
    ] as [([Int64], String)])
  func `integers that cannot be counted are an error`(integers: [Int64], message: String) {
    let error = #expect(throws: TensorElementError.self) { try Tensor(integers).binCounts() }
    #expect(error?.description == message)
  }

  @Test(arguments: [7, -1] as [Int64]) func `classes that there are not are an error`(class number: Int64) {
    let error = #expect(throws: TensorElementError.self) { try Tensor<Int64>([1, number]).oneHot(classes: 5) }
    #expect(error?.description == "oneHot: expected classes from 0 to 4, found \(number)")
  }

  @Test(
    arguments: [
      ([1, .nan], "finite elements, or a range, found nan"),
      ([0, .infinity], "finite elements, or a range, found inf"),
      ([2e7, 2e7], "a range that numbers of float32 divide into 10 bins, found 2e+07...2e+07"),
      ([3e38, 3e38], "a range that numbers of float32 divide into 10 bins, found 3e+38...3e+38"),
      ([1, 1.0000001], "a range that numbers of float32 divide into 10 bins, found 1.0...1.0000001"),
    ] as [([Float], String)])
  func `elements without a histogram are an error`(elements: [Float], message: String) {
    let error = #expect(throws: TensorElementError.self) { try Tensor(elements).histogram() }
    #expect(error?.description == "histogram: expected \(message)")
  }

  /// As NumPy 2.4 has them, but for ±3e38 in Float and ±1.7e308, which it refuses.
  @Test func `histograms of large numbers`() throws {
    let (counts, edges) = try Tensor<Double>([2e7, 2e7]).histogram()
    #expect(counts.scalars == [0, 0, 0, 0, 0, 2, 0, 0, 0, 0])
    #expect(edges.scalars.first == 19_999_999.5 && edges.scalars.last == 20_000_000.5)
    let wide = try Tensor<Float>([-3e38, 0, 3e38]).histogram(bins: 4)
    #expect(wide.counts.scalars == [1, 0, 1, 1])
    #expect(wide.edges.scalars == [-3e38, -1.5e38, 0, 1.5e38, 3e38])
    let widest = try Tensor<Double>([-1.7e308, -1, 1.7e308]).histogram(bins: 2)
    #expect(widest.counts.scalars == [2, 1])
    #expect(widest.edges.scalars == [-1.7e308, 0, 1.7e308])
    #expect(try Tensor<Float>([-3e38, 3e38]).histogram(bins: 2, range: -3e38...3e38).counts.scalars == [1, 1])
  }
}
