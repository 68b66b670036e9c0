import Tensor
import TestSupport
import Testing

@Suite struct CreationTests {
  @Test func literals() {
    let matrix: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
    #expect(matrix.shape == [2, 3])
    let cube: Tensor<Int32> = [[[1], [2]], [[3], [4]]]
    #expect(cube.shape == [2, 2, 1])
    let scalar: Tensor<Double> = 2.5
    #expect(scalar.shape == [] && scalar.scalar == 2.5)
    let mask: Tensor<Bool> = [true, false]
    #expect(mask.shape == [2])
    let rows: [[Float]] = [[1, 2, 3], [4, 5, 6]]
    #expect(Tensor(rows) == matrix)
    #expect(Tensor([[[Int32(1)], [2]], [[3], [4]]]) == cube)
    #expect(Tensor<Float>(shape: [2, 3], scalars: (1...6).map(Float.init)) == matrix)
    #expect([[Float]](matrix.transposed) == [[1, 4], [2, 5], [3, 6]])
    #expect([[[Int32]]](cube) == [[[1], [2]], [[3], [4]]])
    #expect([[Float]](Tensor.zeros([2, 0])) == [[], []])
    #expect(Tensor([[Float]]([[], []])).shape == [2, 0])
  }

  @Test func fills() {
    #expect(Tensor<Float>.zeros([2, 2]).scalars == [0, 0, 0, 0])
    #expect(Tensor<Bool>.ones([2]).scalars == [true, true])
    #expect(Tensor<UInt8>.filled([3], with: 7).scalars == [7, 7, 7])
    let x = Tensor<Int64>(repeating: 5, shape: [2, 0, 3])
    #expect(x.shape == [2, 0, 3] && x.isEmpty)
    let y: Tensor<Double> = [[1, 2], [3, 4], [5, 6]]
    #expect(Tensor.zeros(like: y).shape == [3, 2])
    #expect(Tensor.ones(like: y).sum().scalar == 6)
    #expect(Tensor.filled(like: y, with: 2).sum().scalar == 12)
  }

  @Test func diagonals() {
    #expect(Tensor<Float>.identity(2).scalars == [1, 0, 0, 1])
    #expect(Tensor<Float>.identity(2, columns: 3, offset: 1).scalars == [0, 1, 0, 0, 0, 1])
    #expect(Tensor<Float>.identity(2, offset: -1).scalars == [0, 0, 1, 0])
    #expect(Tensor<Float>.identity(2, offset: 9).scalars == [0, 0, 0, 0])
    #expect(Tensor<Int32>.diagonal([1, 2]).scalars == [1, 0, 0, 2])
    #expect(Tensor<Int32>.diagonal([1], offset: -1).scalars == [0, 0, 1, 0])
    #expect(Tensor<Int32>.diagonal([3, 4], offset: 2).diagonal(offset: 2).scalars == [3, 4])
  }

  @Test func rangesOfIntegersAsNumPy() throws {
    let fixture = try jsonFixture("joining", as: [String: TensorFixture].self)
    for (start, end, step) in [(0, 10, 3), (10, 0, -3), (5, 5, 1), (3, 7, -1), (-4, 5, 2), (0, 256, 1)] {
      let expected = try #require(fixture["arange \(start) \(end) \(step)"])
      #expect(expected.matches(Tensor<Int32>.arange(start, end, step: step)))
      #expect(expected.matches(Tensor<Int64>.arange(start, end, step: step)))
      #expect(expected.matches(Tensor<Float>.arange(Float(start), Float(end), step: Float(step))))
      if start >= 0 { #expect(expected.matches(Tensor<UInt8>.arange(start, end, step: step))) }
    }
    #expect(Tensor<Int32>.arange(3).scalars == [0, 1, 2])
    #expect(Tensor<Int64>.arange(-3).isEmpty)
    #expect(Tensor<Int64>.arange(.max - 1, .max).scalars == [.max - 1])
    #expect(Tensor<Float>.arange(2.5).scalars == [0, 1, 2])
    #expect(Tensor<Float>.arange(0, 1, step: 0.25).scalars == [0, 0.25, 0.5, 0.75])
    #expect(Tensor<Double>.arange(1, 0, step: -0.5).scalars == [1, 0.5])
  }

  @Test func equalDistancesAsNumPy() throws {
    let fixture = try jsonFixture("joining", as: [String: TensorFixture].self)
    let cases: [(String, Double, Double, Int)] = [
      ("0 1", 0, 1, 5), ("2 -3", 2, -3, 7), ("1 1", 1, 1, 4), ("0 1", 0, 1, 1), ("0 1", 0, 1, 0),
      ("-0.001 100000", -1e-3, 1e5, 64), ("0.1 0.7", 0.1, 0.7, 50),
    ]
    for (ends, start, end, count) in cases {
      let key = "\(ends == "-0.001 100000" ? "-0.001 100000" : ends) \(count)"
      #expect(
        try #require(fixture["linspace float64 \(key)"]).matches(Tensor<Double>.linspace(start, end, count: count)))
      #expect(
        try #require(fixture["linspace float64 open \(key)"])
          .matches(Tensor<Double>.linspace(start, end, count: count, includingEnd: false)))
      // The ends are rounded to Float before the distances are divided here, after it there.
      #expect(
        try #require(fixture["linspace float32 \(key)"])
          .matches(Tensor<Float>.linspace(Float(start), Float(end), count: count), relative: 2e-7))
    }
    let thirds = Tensor<Float>.linspace(0, 1, count: 1_000_001)
    #expect(thirds[at: -1] == 1 && thirds[at: 333_333] == Float(333_333 * 1e-6))
  }

  @Test func mistakesTrap() async {
    await expectMessage(
      "arange(0, 257, step: 1) ends with 256: uint8 does not hold it all",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<UInt8>.arange(0, 257)
      })
    await expectMessage(
      "arange(0, 5, step: 0) has no end",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Tensor<Int64>.arange(0, 5, step: 0) }
    )
    await expectMessage(
      "arange(0.0, inf, step: 1.0) has no end",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Tensor<Float>.arange(0, .infinity) })
    await expectMessage(
      "linspace(0.0, 1.0, count: -1): the count cannot be negative",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Tensor<Float>.linspace(0, 1, count: -1) })
    await expectMessage(
      "a tensor cannot have the shape [-1]",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Tensor<Float>.zeros([-1]) })
    await expectMessage(
      "row 1 has 1 elements, row 0 has 2",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>([[1, 2], [3]] as [[Float]])
      })
    await expectMessage(
      "the shape [2, 2] has 4 elements, but 3 are given",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>(shape: [2, 2], scalars: [1, 2, 3])
      })
  }
}
