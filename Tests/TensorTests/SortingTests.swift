import Tensor
import TestSupport
import Testing

private func scrambled(_ i: Int) -> Double {
  let position = i * 37 % 101
  return Double(position) / 8 - 6
}
private let x = Tensor<Double>(shape: [4, 5, 6], scalars: (0..<120).map(scrambled))

private func replacing(_ positions: [Int], with values: [Double]) -> Tensor<Double> {
  var scalars = x.scalars
  for (position, value) in zip(positions, values) { scalars[position] = value }
  return Tensor(shape: x.shape, scalars: scalars)
}

private let holes = replacing([3, 50, 51], with: [.nan, .nan, .nan])
private let infinite = replacing([7, 8, 60], with: [.infinity, .infinity, -.infinity])

private typealias Numbered<Scalar> = (offset: Int, element: Scalar)

/// Ascending with NaN last; of equal elements the first in front.
private func isInFront<Scalar: NumericScalar & Comparable>(_ a: Numbered<Scalar>, _ b: Numbered<Scalar>) -> Bool {
  let (aIsNaN, bIsNaN) = (a.element != a.element, b.element != b.element)
  if aIsNaN || bIsNaN { return aIsNaN == bIsNaN ? a.offset < b.offset : bIsNaN }
  return a.element == b.element ? a.offset < b.offset : a.element < b.element
}

private func descends<Scalar: NumericScalar & Comparable>(_ a: Numbered<Scalar>, _ b: Numbered<Scalar>) -> Bool {
  let equal = a.element == b.element || (a.element != a.element && b.element != b.element)
  return equal ? a.offset < b.offset : isInFront(b, a)
}

@Suite struct SortingTests {
  @Test func agreesWithNumPy() throws {
    let fixture = try jsonFixture("statistics", as: [String: TensorFixture].self)
    for (key, tensor) in [("plain", x), ("holes", holes), ("infinite", infinite)] {
      for axis in [0, 1, -1] {
        #expect(try #require(fixture["sorted \(key) \(axis)"]).matches(tensor.sorted(axis: axis)))
        #expect(try #require(fixture["argSorted \(key) \(axis)"]).matches(tensor.argSorted(axis: axis)))
      }
    }
    let sorted = Tensor<Double>([-6, -2, -2, 0, 0, 0, 1.5, 6.375, .infinity, .nan])
    let values = Tensor<Double>.concatenated([holes.flattened, [-7, 0, -2]])
    #expect(try #require(fixture["searchSorted left"]).matches(sorted.searchSorted(values)))
    #expect(try #require(fixture["searchSorted right"]).matches(sorted.searchSorted(values, behindEqual: true)))
  }

  private func check<Scalar: NumericScalar & Comparable>(_ line: [Scalar], strided: Bool) {
    var tensor = Tensor<Scalar>(line)
    if strided { tensor = Tensor<Scalar>.stacked([tensor, tensor], axis: 1)[.all, 1].flipped().flipped(axis: 0) }
    let ascending = line.enumerated().sorted { isInFront($0, $1) }
    let descending = line.enumerated().sorted { descends($0, $1) }
    #expect(tensor.argSorted().scalars == ascending.map { Int64($0.offset) })
    #expect(tensor.argSorted(descending: true).scalars == descending.map { Int64($0.offset) })
    #expect(tensor.sorted().scalars.map { "\($0 + 0)" } == ascending.map { "\($0.element + 0)" })
    #expect(tensor.sorted(descending: true).scalars.map { "\($0 + 0)" } == descending.map { "\($0.element + 0)" })
    for count in Set([0, 1, min(3, line.count), line.count / 20, line.count]) where count <= line.count {
      let largest = tensor.topK(count)
      #expect(largest.indices.scalars == descending.prefix(count).map { Int64($0.offset) })
      #expect(largest.values.scalars.map { "\($0)" } == descending.prefix(count).map { "\($0.element)" })
      let smallest = tensor.topK(count, largest: false)
      #expect(smallest.indices.scalars == ascending.prefix(count).map { Int64($0.offset) })
    }
  }

  @Test func sortsLinesOfEveryLength() {
    var generator = PhiloxGenerator(seed: 7)
    for length in [0, 1, 2, 3, 7, 8, 15, 16, 17, 63, 64, 65, 100, 255, 256, 257, 1000, 5000, 20_000] {
      for strided in [false, true] {
        check(Tensor<Float>.normal([length], using: &generator).scalars, strided: strided)
        check(Tensor<Int32>.integers([length], in: -20...20, using: &generator).scalars, strided: strided)
        check(Tensor<UInt8>.integers([length], in: 0 ... .max, using: &generator).scalars, strided: strided)
        check(Tensor<Int64>.integers([length], in: .min ... .max, using: &generator).scalars, strided: strided)
        var doubles = Tensor<Int32>.integers([length], in: -9...9, using: &generator).cast(to: Double.self)
        doubles = doubles.map { $0 == 3 ? .nan : $0 == 4 ? -0.0 : $0 == 5 ? .infinity : $0 == 6 ? -.infinity : $0 }
        check(doubles.scalars, strided: strided)
      }
    }
  }

  @Test func topKAlongAxes() {
    let (values, indices) = x.topK(2, axis: 1)
    #expect(values.shape == [4, 2, 6])
    #expect(values == x.sorted(axis: 1, descending: true)[.all, 0..<2])
    #expect(indices == x.argSorted(axis: -2, descending: true)[.all, 0..<2])
    let wide = Tensor<Float>(shape: [3, 100], scalars: (0..<300).map { Float($0 * 37 % 101) }).transposed
    #expect(wide.topK(4, axis: 0, largest: false).values == wide.sorted(axis: 0)[0..<4])
    #expect(wide.topK(4, axis: 0).indices == wide.argSorted(axis: 0, descending: true)[0..<4])
    #expect(Tensor<Float>.zeros([0, 5]).topK(2).values.shape == [0, 2])
  }

  @Test func takeAlongFollowsArgSorted() {
    for axis in [0, 1, 2, -1] {
      #expect(x.takeAlong(x.argSorted(axis: axis), axis: axis) == x.sorted(axis: axis))
    }
    #expect(x.takeAlong(Tensor<Int64>([[[-1]]]).broadcast(to: [4, 5, 1]), axis: 2) == x[.ellipsis, 5...])
  }

  @Test func sortsInPlaceAndWithoutElements() {
    var y = x.transposed
    y.sort(axis: 0, descending: true)
    #expect(y == x.transposed.sorted(axis: 0).flipped(axis: 0))
    #expect(Tensor<Float>.zeros([3, 0]).sorted().shape == [3, 0])
    #expect(Tensor<Float>.zeros([3, 0]).argSorted(axis: 0).shape == [3, 0])
    #expect(Tensor<Bool>([true, false, true, false]).argSorted().scalars == [1, 3, 0, 2])
    #expect(Tensor<Float>([1, 2]).searchSorted(Tensor(1.5)).scalar == 1)
    #expect(Tensor<Float>([]).searchSorted([1, 2]).scalars == [0, 0])
  }

  @Test func mistakesTrap() async {
    await expectMessage(
      "the top 4 along axis 1 of the shape [2, 3]; allowed: 0 to 3",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.zeros([2, 3]).topK(4)
      })
    await expectMessage(
      "axis 2 of a tensor of rank 2; allowed: -2 to 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.zeros([2, 3]).sorted(axis: 2)
      })
    await expectMessage(
      "what is searched has rank 1, unlike the shape [2, 3]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.zeros([2, 3]).searchSorted([1])
      })
    await expectMessage(
      "index 2 along axis 0 of the shape [2]; allowed: -2 to 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.zeros([2]).takeAlong([2], axis: 0)
      })
  }
}
