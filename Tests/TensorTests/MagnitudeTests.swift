import Testing

@testable import Tensor

/// Numbers whose sums, differences or squares leave the range of their type.
@Suite struct MagnitudeTests {
  private static let infinity = Float.infinity

  @Test(
    arguments: [
      ([0, infinity], 0.5, infinity), ([0, infinity], 0.25, infinity), ([-infinity, 0], 0.75, -infinity),
      ([-3e38, 3e38], 0.5, 0), ([-3e38, 3e38], 0.75, 1.5e38), ([-3e38, 3e38], 0.25, -1.5e38),
      ([3e38, 3e38], 0.3, 3e38),
      ([infinity, infinity], 0.5, infinity), ([-3e38, -3e38], 0.5, -3e38), ([1, 3], 0.5, 2),
    ] as [([Float], Double, Float)])
  func `quantiles lie between their neighbours`(elements: [Float], part: Double, expected: Float) {
    func isNear<Real: RealScalar>(_ x: Real, _ y: Real) -> Bool { x == y || abs(x - y) <= y.ulp }
    #expect(isNear(Tensor(elements).quantile(part).scalar, expected))
    let scale = 0x1p900 / 0x1p4
    let doubles = elements.map { Double($0) * ($0.isFinite && abs($0) > 4 ? scale : 1) }
    #expect(isNear(Tensor(doubles).quantile(part).scalar, Double(expected) * (abs(expected) > 4 ? scale : 1)))
  }

  @Test func `a quantile between the infinities is none, beside others that are`() {
    let x = Tensor<Float>([[-.infinity, .infinity], [1, 3], [0, .infinity]])
    let found = x.quantile(0.5, axis: 1).scalars
    #expect(found[0].isNaN && found[1] == 2 && found[2] == .infinity)
    #expect(x.median(axis: 1).scalars[1...] == [2, .infinity])
  }

  @Test func `the median and the mean of large numbers`() {
    #expect(Tensor<Float>([3e38, 3e38]).median().scalar == 3e38)
    #expect(Tensor<Float>([-3e38, -3e38]).median().scalar == -3e38)
    #expect(Tensor<Double>([1.5e308, 1.7e308]).median().scalar == 1.6e308)
    #expect(Tensor<Float>([3e38, 3e38]).mean().scalar == 3e38)
    #expect(abs(Tensor<Double>([1.7e308, 1.7e308, 1.7e308]).mean().scalar / 1.7e308 - 1) < 1e-15)
    let x = Tensor<Float>([[3e38, 1], [3e38, 3], [-1e38, 5]])
    #expect(x.mean(axis: 0)[1].scalar == 3)
    #expect(abs(x.mean(axis: 0)[0].scalar / 1.6666667e38 - 1) < 1e-6)
    for rows in [200, 70] {
      // By columns, in blocks, whose sums leave the range and cancel.
      let columns = Tensor<Float>.ones([rows, 20]) * Tensor<Float>.arange(Float(rows)).expanded(axis: 1)
      let large = Tensor.where(columns .< Float(rows / 2), Tensor<Float>(3e38), Tensor(-3e38))
      #expect(large.mean(axis: 0).absolute().max().scalar < 3e38 * 1e-6)
    }
    #expect(Tensor<Float>([1, .infinity]).mean().scalar == .infinity)
    #expect(Tensor<Float>([-.infinity, .infinity]).mean().scalar.isNaN)
    #expect(Tensor<Float>([.nan, 3e38, 3e38]).mean().scalar.isNaN)
  }

  /// One number for 1e20 and the like: nothing is lost but rounding.
  @Test(arguments: [1e20, 4e37, 1e-25, 1e-37, 1]) func `standard deviations and norms scale`(factor: Float) {
    let x = Tensor<Float>([[1, 2, 3, 4], [-2, 0, 2, 4]]) * factor
    func expect(_ found: Tensor<Float>, _ expected: [Double], _ what: String) {
      for (y, e) in zip(found.scalars, expected) {
        #expect(abs(Double(y) / (e * Double(factor)) - 1) < 3e-7, "\(what) of \(factor): \(y)")
      }
    }
    expect(x.standardDeviation(axis: 1), [1.118033988749895, 2.23606797749979], "deviation")
    expect(x.standardDeviation(axis: 1, correction: 1), [1.2909944487358056, 2.581988897471611], "corrected deviation")
    expect(x.standardDeviation(axis: 0), [1.5, 1, 0.5], "deviation of columns")
    expect(x.norm(axis: 1), [5.477225575051661, 4.898979485566356], "two-norm")
    expect(x.norm(.power(3), axis: 1), [4.641588833612778, 4.308869380063767], "three-norm")
    expect(x.flattened.norm(axis: 0), [7.348469228349534], "two-norm of all")
  }

  @Test func `variances are finite where numbers of the type hold them`() {
    let x = Tensor<Float>([[1, 2], [1e19, -1e19]]).broadcast(to: [64, 2, 2]).copied()
    let found = x.variance(axis: [0, 2]).scalars
    #expect(found[0] == 0.25)
    #expect(abs(found[1] / 1e38 - 1) < 1e-6)
    #expect(Tensor<Float>([-1e20, 1e20]).variance().scalar == .infinity)
    #expect(Tensor<Float>([1, .nan]).variance().scalar.isNaN)
    #expect(Tensor<Double>([1e200, 3e200]).standardDeviation().scalar == 1e200)
    #expect(Tensor<Float>([5, 5, 5]).standardDeviation().scalar == 0)
  }

  @Test func `numbers at equal distances across the whole range`() {
    #expect(Tensor<Double>.linspace(-1.7e308, 1.7e308, count: 3).scalars == [-1.7e308, 0, 1.7e308])
    #expect(abs(Tensor<Double>.linspace(-1.6e308, 1.6e308, count: 9)[6].scalar / 0.8e308 - 1) < 1e-15)
    #expect(Tensor<Float>.linspace(-3e38, 3e38, count: 5).scalars == [-3e38, -1.5e38, 0, 1.5e38, 3e38])
    #expect(Tensor<Double>.arange(-1.5e308, 1.5e308, step: 1e308).scalars == [-1.5e308, -0.5e308, 0.5e308])
    #expect(Tensor<Float>.arange(-3e38, 3e38, step: 3e38).scalars == [-3e38, 0])
  }
}
