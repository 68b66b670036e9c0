import TestSupport
import Testing

@testable import Tensor

/// Ways of storing the same elements: as they are, transposed, flipped, spread out, broadcast out of a slice.
enum Arrangement: String, CaseIterable, Sendable {
  case contiguous, transposed, sliced, everyOther, flipped, shifted

  func applied<Scalar: RealScalar>(to x: Tensor<Scalar>) -> Tensor<Scalar> {
    guard x.rank > 0 else { return x }
    switch self {
    case .contiguous: return x
    case .transposed: return x.transposed.copied().transposed
    case .flipped: return (0..<x.rank).reduce(x) { $0.flipped(axis: $1) }.copied().flipped(axis: Array(0..<x.rank))
    case .sliced:
      // Gaps between the rows.
      let wide = Tensor<Scalar>.concatenated([x, x], axis: -1)
      return wide.split(lengths: [x.shape.last!, x.shape.last!], axis: -1)[1]
    case .everyOther:
      let pairs = Tensor<Scalar>.stacked([x, x + 1], axis: -1).reshaped(x.shape.dropLast() + [2 * x.shape.last!])
      let result = Tensor(
        storage: pairs.storage,
        layout: pairs.layout.sliced(axis: x.rank - 1, start: 0, count: x.shape.last!, step: 2))
      return result
    case .shifted:
      let tall = Tensor<Scalar>.concatenated([x, x], axis: 0)
      return tall.split(into: 2, axis: 0)[1]
    }
  }
}

/// Numbers that repeat from run to run.
struct TestNumbers {
  var state: UInt64

  init(seed: UInt64 = 1) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53) * 2 - 1
  }

  mutating func tensor<Scalar: RealScalar>(_ shape: [Int], of: Scalar.Type) -> Tensor<Scalar> {
    Tensor(shape: shape, scalars: (0..<shape.reduce(1, *)).map { _ in Scalar(next()) })
  }
}

/// The largest difference of two tensors, which must have one shape.
func difference<Scalar: RealScalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Scalar {
  guard x.shape == y.shape else { return .infinity }
  return zip(x.scalars, y.scalars).reduce(0) {
    $1.0 == $1.1 ? $0 : max($0, abs($1.0 - $1.1), ($1.0 - $1.1).isNaN ? .infinity : 0)
  }
}

func tolerance<Scalar: RealScalar>(_: Scalar.Type, _ inner: Int) -> Scalar { Scalar(8 * (inner + 1)) * Scalar.ulpOfOne }

/// The product of matrices, element by element.
private func naive<Scalar: RealScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
  let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
  let (x, y) = (a.scalars, b.scalars)
  var result = [Scalar](repeating: 0, count: m * n)
  for i in 0..<m {
    for j in 0..<n {
      var sum = 0.0
      for l in 0..<k { sum += Double(x[i * k + l]) * Double(y[l * n + j]) }
      result[i * n + j] = Scalar(sum)
    }
  }
  return Tensor(shape: [m, n], scalars: result)
}

@Suite struct MatmulTests {
  static let sizes: [(Int, Int, Int)] = [
    (1, 1, 1), (2, 3, 4), (1, 5, 3), (5, 1, 3), (3, 5, 1), (1, 1, 4), (4, 1, 1), (1, 7, 1), (8, 8, 8), (17, 9, 33),
    (0, 3, 2), (3, 0, 2), (3, 2, 0), (0, 0, 0), (1, 0, 1),
  ]

  @Test(arguments: Arrangement.allCases, Arrangement.allCases)
  func `matrices in every arrangement`(_ first: Arrangement, _ second: Arrangement) {
    func check<Scalar: RealScalar>(_: Scalar.Type) {
      var numbers = TestNumbers()
      for (m, k, n) in Self.sizes {
        let a = numbers.tensor([m, k], of: Scalar.self)
        let b = numbers.tensor([k, n], of: Scalar.self)
        let product = first.applied(to: a).matmul(second.applied(to: b))
        #expect(product.isContiguous)
        #expect(difference(product, naive(a, b)) <= tolerance(Scalar.self, k), "\((m, k, n))")
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func `vectors are rows on the left and columns on the right`() {
    let a: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
    let u: Tensor<Float> = [1, 10]
    let v: Tensor<Float> = [1, 10, 100]
    #expect(a.matmul(v).scalars == [321, 654])
    #expect(a.matmul(v).shape == [2])
    #expect(u.matmul(a).scalars == [41, 52, 63])
    #expect(v.matmul(v).shape == [])
    #expect(v.matmul(v).scalar == 10101)
    #expect(v.flipped().matmul(v).scalar == 300)
    #expect(a.flipped(axis: 1).matmul(v.flipped()).scalars == [321, 654])
    #expect(Tensor<Float>.zeros([4, 2, 3]).matmul(v).shape == [4, 2])
    #expect(u.matmul(Tensor<Float>.zeros([4, 2, 3])).shape == [4, 3])
  }

  @Test(arguments: Arrangement.allCases)
  func `batches broadcast`(_ arrangement: Arrangement) {
    let cases: [([Int], [Int])] = [
      ([5, 2, 3], [3, 4]), ([2, 3], [5, 3, 4]), ([5, 2, 3], [5, 3, 4]), ([6, 1, 2, 3], [5, 3, 4]),
      ([1, 2, 3], [5, 3, 1]),
      ([2, 2, 2, 3], [1, 1, 3, 4]), ([0, 2, 3], [3, 4]), ([5, 2, 0], [5, 0, 4]), ([2, 1, 2, 3], [1, 3, 3, 2]),
    ]
    var numbers = TestNumbers()
    for (shapeA, shapeB) in cases {
      let a = numbers.tensor(shapeA, of: Double.self)
      let b = numbers.tensor(shapeB, of: Double.self)
      let product = arrangement.applied(to: a).matmul(arrangement.applied(to: b))
      let batch = Array(product.shape.dropLast(2))
      let (m, n) = (shapeA[shapeA.count - 2], shapeB[shapeB.count - 1])
      let count = batch.reduce(1, *)
      let aFlat = a.broadcast(to: batch + shapeA.suffix(2)).reshaped([count] + shapeA.suffix(2))
      let bFlat = b.broadcast(to: batch + shapeB.suffix(2)).reshaped([count] + shapeB.suffix(2))
      let flat = product.reshaped([count, m, n])
      for (index, matrices) in zip(aFlat.rows, bFlat.rows).enumerated() {
        let expected = naive(matrices.0, matrices.1)
        #expect(difference(flat.split(into: count)[index].reshaped([m, n]), expected) <= tolerance(Double.self, 3))
      }
    }
  }

  @Test func `operands that BLAS takes as they lie are not copied`() {
    var numbers = TestNumbers()
    let a = numbers.tensor([20, 12], of: Float.self)
    let b = numbers.tensor([12, 16], of: Float.self)
    let batch = numbers.tensor([7, 20, 12], of: Float.self)
    func events(_ body: () -> Void) -> [BLASCounters.Event: Int] { BLASCounters.counting(body) }
    #expect(events { _ = a.matmul(b) } == [.gemm: 1])
    #expect(events { _ = b.transposed.matmul(a.transposed) } == [.gemm: 1])
    #expect(events { _ = Arrangement.sliced.applied(to: a).matmul(b) } == [.gemm: 1])
    #expect(events { _ = batch.matmul(b) } == [.gemm: 1])
    #expect(events { _ = batch.matmul(b.broadcast(to: [7, 12, 16])) } == [.gemm: 1])
    #expect(events { _ = a.transposed.matmul(batch) } == [.gemm: 7])
    #expect(events { _ = batch.matmul(batch.matrixTransposed) } == [.gemm: 7])
    #expect(events { _ = a.matmul(b.transposed.split(into: 16)[3].reshaped([12])) } == [.gemv: 1])
    #expect(events { _ = batch.matmul(numbers.tensor([12], of: Float.self)) } == [.gemv: 1])
    #expect(events { _ = a.flipped(axis: 0).matmul(b) } == [.gemm: 1, .operandCopy: 1])
  }

  @Test func `inner and outer products`() {
    let x: Tensor<Float> = [1, 2, 3]
    let y: Tensor<Float> = [10, 20, 30]
    #expect(x.dot(y) == 140)
    #expect(x.flipped().dot(y) == 100)
    #expect(x.flipped().dot(y.flipped()) == 140)
    #expect(Tensor<Float>(2).broadcast(to: [3]).dot(y) == 120)
    #expect(x.outer(y).scalars == [10, 20, 30, 20, 40, 60, 30, 60, 90])
    #expect(Tensor<Float>.zeros([0]).dot(Tensor<Float>.zeros([0])) == 0)
  }

  @Test(arguments: Arrangement.allCases, [(1.0, 1.0), (2, 0), (-0.5, 3)])
  func `products are added in place`(_ arrangement: Arrangement, _ factors: (Double, Double)) {
    var numbers = TestNumbers()
    let (alpha, beta) = factors
    for (m, k, n) in Self.sizes {
      let a = numbers.tensor([m, k], of: Double.self)
      let b = numbers.tensor([k, n], of: Double.self)
      let c = numbers.tensor([m, n], of: Double.self)
      var sum = arrangement.applied(to: c)
      let before = sum
      sum.addMatmul(a, b, alpha: alpha, beta: beta)
      #expect(difference(sum, naive(a, b) * alpha + c * beta) <= 4 * tolerance(Double.self, k), "\((m, k, n))")
      #expect(difference(before, c) == 0)
    }
  }

  @Test func `beta zero does not read`() {
    var sum = Tensor<Float>.filled([2, 2], with: .nan)
    sum.addMatmul(.identity(2), .identity(2), beta: 0)
    #expect(sum.scalars == [1, 0, 0, 1])
    sum = .filled([2, 2], with: .nan)
    sum.addMatmul(.zeros([2, 0]), .zeros([0, 2]), beta: 0)
    #expect(sum.scalars == [0, 0, 0, 0])
  }

  @Test(arguments: Arrangement.allCases)
  func `scaled sums in place`(_ arrangement: Arrangement) {
    var numbers = TestNumbers()
    let x = numbers.tensor([4, 6], of: Double.self)
    let y = numbers.tensor([4, 6], of: Double.self)
    var sum = arrangement.applied(to: y)
    sum.add(arrangement.applied(to: x), scaledBy: 3)
    #expect(difference(sum, y + x * 3) < 1e-14)
    sum.add(Tensor(1), scaledBy: 2)
    #expect(difference(sum, y + x * 3 + 2) < 1e-14)
    var scaled = arrangement.applied(to: x)
    scaled.scale(by: 0.5)
    #expect(difference(scaled, x * 0.5) == 0)
    var undefined = Tensor<Float>([.nan, 1])
    undefined.scale(by: 0)
    #expect(undefined.scalars[0].isNaN)
    var zeros = Tensor<Float>.zeros([2])
    zeros.add(undefined, scaledBy: 0)
    #expect(zeros.scalars[0].isNaN)
  }

  @Test func `shapes that do not fit trap`() async {
    await expectMessage(
      "matmul: the shapes [2, 3] and [2, 3] do not fit: the last axis of the first must be as long as",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.zeros([2, 3]).matmul(Tensor<Float>.zeros([2, 3]))
      })
    await expectMessage(
      "matmul: the shapes [] and [2, 3] do not fit: the last axis of the first must be as long as the",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>(1).matmul(Tensor<Float>.zeros([2, 3]))
      })
    await expectMessage(
      "dot takes two vectors of one length, not the shapes [2] and [3]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.zeros([2]).dot(Tensor<Float>.zeros([3]))
      })
    await expectMessage(
      "addMatmul: the product of [2, 3] and [3, 3] has the shape [2, 3], the sum has [2, 2]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var sum = Tensor<Float>.zeros([2, 2])
        sum.addMatmul(Tensor<Float>.zeros([2, 3]), Tensor<Float>.zeros([3, 3]))
      })
  }
}
