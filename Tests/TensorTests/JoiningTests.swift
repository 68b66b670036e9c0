import Tensor
import TestSupport
import Testing

private let small = Tensor<Int64>(shape: [3, 4], scalars: 0..<12)
/// The same elements with other strides.
private let strided = small.flipped().transposed.copied().transposed.flipped()

@Suite struct JoiningTests {
  private func expect(
    _ key: String, in fixture: [String: TensorFixture], _ make: (Tensor<Int64>) -> Tensor<Int64>,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try #require(fixture[key], "\(key)", sourceLocation: sourceLocation)
    for x in [small, strided] {
      let found = make(x)
      #expect(expected.matches(found), "\(key): \(found.scalars)", sourceLocation: sourceLocation)
      #expect(found.isContiguous, sourceLocation: sourceLocation)
    }
  }

  @Test func tilesAndRepeatsAsNumPy() throws {
    let fixture = try jsonFixture("joining", as: [String: TensorFixture].self)
    for repetitions in [[], [2], [1, 3], [2, 3], [2, 1, 3], [0, 2], [2, 0]] {
      try expect("tiled \(repetitions)", in: fixture) { $0.tiled(repetitions) }
      try expect("tiled transposed \(repetitions)", in: fixture) { $0.transposed.tiled(repetitions) }
    }
    for axis in [0, 1, -1] {
      for count in [0, 1, 3] { try expect("repeated \(count) \(axis)", in: fixture) { $0.repeated(count, axis: axis) } }
    }
    try expect("repeated counts 0", in: fixture) { $0.repeated([2, 0, 1], axis: 0) }
    try expect("repeated counts -1", in: fixture) { $0.repeated([0, 1, 2, 3], axis: -1).contiguous }
  }

  @Test func rollsAsNumPy() throws {
    let fixture = try jsonFixture("joining", as: [String: TensorFixture].self)
    for shift in [-9, -1, 0, 1, 2, 7] {
      for axis in [0, 1, -1] { try expect("rolled \(shift) \(axis)", in: fixture) { $0.rolled(by: shift, axis: axis) } }
      try expect("rolled \(shift) both", in: fixture) { $0.rolled(by: [shift, 1], axis: [0, -1]) }
    }
    #expect(small.rolled(by: [1, 2], axis: [0, 0]) == small)
    #expect(Tensor<Float>.zeros([0, 3]).rolled(by: 1, axis: 0).shape == [0, 3])
  }

  @Test func trianglesAsNumPy() throws {
    let fixture = try jsonFixture("joining", as: [String: TensorFixture].self)
    let cube = Tensor<Float>(shape: [2, 3, 4], scalars: (1...24).map(Float.init))
    for x in [cube, cube.transposed.copied().transposed] {
      for offset in -4..<6 {
        #expect(try #require(fixture["upper \(offset)"]).matches(x.upperTriangle(offset: offset)))
        #expect(try #require(fixture["lower \(offset)"]).matches(x.lowerTriangle(offset: offset)))
      }
    }
    let infinite = Tensor<Float>(repeating: .nan, shape: [2, 2]).lowerTriangle(offset: -1)
    #expect(infinite[0].scalars == [0, 0])
    #expect(Tensor<Bool>.ones([2, 2]).upperTriangle().scalars == [true, true, false, true])
    #expect(Tensor<Float>.zeros([0, 2]).upperTriangle().shape == [0, 2])
  }

  @Test func padsAsNumPy() throws {
    let fixture = try jsonFixture("joining", as: [String: TensorFixture].self)
    let modes: [(String, Padding<Int64>)] = [
      ("constant", .zeros), ("edge", .edge), ("reflect", .reflect), ("symmetric", .symmetric), ("wrap", .wrap),
    ]
    for (name, mode) in modes {
      for (a, b, c, d) in [(0, 0, 0, 0), (1, 2, 0, 3), (2, 0, 1, 1), (5, 7, 9, 11)] {
        try expect("padded \(name) \(a) \(b) \(c) \(d)", in: fixture) { $0.padded([(a, b), (c, d)], with: mode) }
        try expect("padded row \(name) \(a) \(b) \(c) \(d)", in: fixture) {
          $0[0..<1].padded([(a, b), (c, d)], with: mode)
        }
      }
    }
    #expect(small.padded(by: 1, with: .constant(7))[0].scalars == [7, 7, 7, 7, 7, 7])
    let grown = Tensor<Float>.zeros([0, 2]).padded([(2, 1), (1, 0)], with: .constant(3))
    #expect(grown == .filled([3, 3], with: 3))
    #expect(Tensor<Float>(4).padded(by: 3).scalars == [4])
  }

  @Test func gridsAsNumPy() throws {
    let fixture = try jsonFixture("joining", as: [String: TensorFixture].self)
    for (i, grid) in Tensor<Int64>.meshgrid([[1, 2], [3, 4, 5], [6, 7]]).enumerated() {
      #expect(try #require(fixture["meshgrid \(i)"]).matches(grid))
    }
    #expect(Tensor<Float>.meshgrid([]).isEmpty)
  }

  @Test func joinsWithoutAndWithAxes() {
    let joined = Tensor.concatenated([small, strided, small[0..<1]])
    #expect(joined.shape == [7, 4])
    #expect(joined[3..<6] == small)
    #expect(Tensor.concatenated([small, strided], axis: -1)[.all, 4...] == small)
    #expect(Tensor.concatenated([small, Tensor<Int64>.zeros([3, 0])], axis: 1) == small)
    for axis in [0, 1, 2, -1, -3] {
      #expect(Tensor.stacked([small, strided], axis: axis).movingAxis(axis, to: 0)[1] == small)
    }
    #expect(Tensor<Float>.stacked([1, 2, 3]).scalars == [1, 2, 3])
  }

  @Test func mistakesTrap() async {
    await expectMessage(
      "concatenating along axis 0: tensor 1 has the shape [2, 4], tensor 0 has [2, 3]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.concatenated([.zeros([2, 3]), .zeros([2, 4])])
      })
    await expectMessage(
      "padding the shape [2, 3] takes 2 pairs of widths of at least 0, not [[1, 1]]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.zeros([2, 3]).padded([(1, 1)])
      })
    await expectMessage(
      "axis 0 of the shape [0] has no elements to be repeated around it",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.zeros([0]).padded(by: 1, with: .edge)
      })
    await expectMessage(
      "repeating along axis 0 of the shape [2] takes 2 numbers of at least 0, not [1, 2, 3]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.zeros([2]).repeated([1, 2, 3], axis: 0)
      })
    await expectMessage(
      "a triangle takes two axes, the shape [2] has 1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Tensor<Float>.zeros([2]).upperTriangle() }
    )
    await expectMessage(
      "concatenating takes at least one tensor",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Tensor<Float>.concatenated([]) })
  }
}
