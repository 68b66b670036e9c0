import Testing

@testable import Tensor

/// Sums along axes, element by element in double.
private func naiveSum<Scalar: RealScalar>(_ x: Tensor<Scalar>, _ axes: [Int]) -> Tensor<Scalar> {
  var kept = x.shape
  for axis in axes { kept[axis] = 1 }
  let strides = Layout.contiguousStrides(kept)
  var sums = [Double](repeating: 0, count: kept.reduce(1, *))
  let place = zip(0..., strides).map { axes.contains($0) ? 0 : $1 }
  for (position, scalar) in x.scalars.enumerated() {
    var rest = position
    var target = 0
    for axis in (0..<x.rank).reversed() {
      target += rest % x.shape[axis] * place[axis]
      rest /= x.shape[axis]
    }
    sums[target] += Double(scalar)
  }
  return Tensor(shape: kept, scalars: sums.map { Scalar($0) })
}

@Suite struct SumsTests {
  static let cases: [([Int], [Int])] = [
    ([100], [0]), ([31], [0]), ([5000], [0]), ([10, 100], [1]), ([100, 10], [0]), ([100, 40], [0]),
    ([70, 40], [0, 1]),
    ([3, 50, 40], [1]), ([3, 50, 40], [0]), ([3, 50, 40], [2]), ([3, 50, 40], [0, 2]), ([3, 50, 40], [1, 2]),
    ([3, 50, 40], [0, 1]), ([2, 1, 90, 1, 20], [2, 3]), ([0, 4], [0]), ([4, 0], [0]), ([4, 0], [0, 1]),
    ([3, 200, 17], [1]),
    ([130, 64], [0]), ([2, 3, 4], []),
  ]

  @Test(arguments: cases, Arrangement.allCases)
  func `sums in every arrangement`(_ shapeAndAxes: ([Int], [Int]), _ arrangement: Arrangement) {
    let (shape, axes) = shapeAndAxes
    func check<Scalar: RealScalar>(_: Scalar.Type) {
      var numbers = TestNumbers()
      let x = numbers.tensor(shape, of: Scalar.self)
      let expected = naiveSum(x, axes)
      let sum = arrangement.applied(to: x).sum(axis: axes, keepDimensions: true)
      #expect(difference(sum, expected) <= 200 * Scalar.ulpOfOne)
      let dropped = arrangement.applied(to: x).sum(axis: axes)
      #expect(dropped.shape == (0..<shape.count).filter { !axes.contains($0) }.map { shape[$0] })
      #expect(dropped.scalars == sum.scalars)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func `BLAS sums long rows, a kernel the others`() {
    func events(_ shape: [Int], _ axes: [Int]) -> [BLASCounters.Event: Int] {
      let x = Tensor<Float>.ones(shape)
      return BLASCounters.counting { _ = x.sum(axis: axes) }
    }
    let long = Summation.crossover
    #expect(events([long], [0]) == [.dot: 1])
    #expect(events([long - 1], [0]) == [:])
    #expect(events([2 * Summation.pieceLength + 1], [0]) == [.dot: 3])
    #expect(events([7, long], [1]) == [.dot: 7])
    #expect(events([Summation.memoryBound], [0]) == [:])
    #expect(events([7, long - 1], [1]) == [:])
    #expect(events([7, Summation.narrowest], [0]) == [.gemv: 1])
    #expect(events([7, Summation.narrowest - 1], [0]) == [:])
    #expect(events([2 * Summation.blockLength, 20], [0]) == [.gemv: 3])
    #expect(events([3, 7, 20], [1]) == [.gemv: 3])
    #expect(events([3, 20, 40], [1, 2]) == [.dot: 3])
    let x = Tensor<Float>.ones([7, 2 * long])
    #expect(BLASCounters.counting { _ = x.transposed.sum(axis: 0) } == [.dot: 7])
    #expect(BLASCounters.counting { _ = x.transposed.sum() } == [.dot: 1])
  }

  @Test func `long sums keep their digits`() {
    // 0.1 in single precision, a million times: accumulated in double, then rounded once.
    let x = Tensor<Float>.filled([1 << 20], with: 0.1)
    #expect(x.sum().scalar == Float(Double(Float(0.1)) * Double(1 << 20)))
    let columns = x.reshaped([1 << 16, 16]).sum(axis: 0)
    #expect(
      difference(columns, .filled([16], with: Float(Double(Float(0.1)) * Double(1 << 16)))) <= 16 * Float(6554).ulp)
    #expect(Tensor<Float>([.infinity, 1]).sum().scalar == .infinity)
    #expect(Tensor<Float>.filled([100], with: .nan).sum().scalar.isNaN)
    #expect(Tensor<Float>.filled([100], with: 3e38).sum().scalar == .infinity)
  }

  @Test func `norms`() throws {
    let x: Tensor<Double> = [[3, -4], [0, 12]]
    #expect(x.norm().scalar == 13)
    #expect(x.norm(.one).scalar == 19)
    #expect(x.norm(.infinity).scalar == 12)
    #expect(abs(x.norm(.power(3)).scalar - 12.2070550) < 1e-6)
    #expect(x.norm(axis: 1).scalars == [5, 12])
    #expect(x.norm(axis: 1, keepDimensions: true).shape == [2, 1])
    #expect(x.norm(.one, axis: 0).scalars == [3, 16])
    #expect(x.norm(.infinity, axis: 0).scalars == [3, 12])
    #expect(try x.matrixNorm().scalar == 13)
    #expect(try x.matrixNorm(.one).scalar == 16)
    #expect(try x.matrixNorm(.infinity).scalar == 12)
    #expect(try Tensor<Double>.stacked([x, x]).matrixNorm(.one, keepDimensions: true).shape == [2, 1, 1])
    #expect(Tensor<Float>.zeros([0]).norm().scalar == 0)
    #expect(Tensor<Float>.zeros([0, 2]).norm(axis: 0).scalars == [0, 0])
    #expect(Tensor<Float>.zeros([0, 2]).norm(axis: 1).shape == [0])
    for order in [VectorNorm.one, .two, .infinity] {
      let ends = Tensor<Float>([[-.infinity, 1], [.nan, 1], [-0.0, -0.0], [-3, 0]])
      let expected = Tensor<Float>([.infinity, .nan, 0, 3])
      #expect(disagreement(ends.norm(order, axis: 1), expected) == nil, "\(order)")
    }
    // As exact as pairwise sums, which a sum of squares in one precision is not.
    for value in [0.1, 0.3] as [Float] {
      let many = Tensor<Float>.filled([1 << 12, 1 << 12], with: value)
      #expect(abs(many.norm().scalar - 4096 * value) <= (4096 * value).ulp)
      #expect(abs(many.norm(axis: [-1, 0]).scalar - 4096 * value) <= (4096 * value).ulp)
      let rows = Tensor<Float>.filled([1 << 12], with: 64 * value)
      #expect(disagreement(many.norm(axis: 1), rows, steps: 1) == nil)
    }
    #expect(Tensor<Float>.zeros([5]).norm().scalar == 0)
  }

  @Test func `norms beyond the range of squares`() {
    for scale in [Float(1e30), 1e-30, 0x1p-140] {
      let x = Tensor<Float>([3, 4]) * scale
      let expected = 5 * scale
      #expect(abs(x.norm().scalar - expected) <= 2 * max(expected.ulp, Float.leastNonzeroMagnitude))
      let along = Tensor<Float>.stacked([x, x]).norm(axis: 1)
      #expect(abs(along.scalars[1] - expected) <= 4 * max(expected.ulp, Float.leastNonzeroMagnitude))
    }
    #expect(Tensor<Float>([.infinity, 1]).norm().scalar == .infinity)
    #expect(Tensor<Float>([[-.infinity, 1]]).norm(axis: 1).scalars == [.infinity])
    #expect(Tensor<Float>([.infinity, .nan]).norm().scalar.isNaN)
  }
}
