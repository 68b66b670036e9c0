import Testing

@testable import Tensor

/// Factors of BLAS, and elements, that are 0, NaN or infinite: numbers are multiplied and added as IEEE 754 has it, but that a
/// factor of 0 in `addMatmul` leaves out what it multiplies.
@Suite struct BLASFactorTests {
  static let factors: [Double] = [0, -0.0, .nan, .infinity, -.infinity, 1, -2]
  static let elements: [Double] = [0, 1, -3, .nan, .infinity, -.infinity]

  private func isSame<Scalar: RealScalar>(_ x: Scalar, _ y: Scalar) -> Bool { x == y || x.isNaN && y.isNaN }

  private func expect<Scalar: RealScalar>(_ found: Tensor<Scalar>, _ expected: Scalar, _ what: String) {
    let wrong = found.scalars.filter { !isSame($0, expected) }
    #expect(wrong.isEmpty, "\(what) in \(Scalar.self): \(wrong.first ?? 0) instead of \(expected)")
  }

  private func forBoth(_ check: (any RealScalar.Type) -> Void) {
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: [1, 3, 40, 5000]) func `scaling multiplies, whatever the factor`(count: Int) {
    func check<Scalar: RealScalar>(_: Scalar.Type) {
      for (factor, element) in Self.factors.flatMap({ f in Self.elements.map { (Scalar(f), Scalar($0)) } }) {
        var x = Tensor(repeating: element, shape: [count])
        x.scale(by: factor)
        expect(x, element * factor, "\(element) times \(factor)")
        var column = Tensor(repeating: element, shape: [count, 2]).transposed[0...0]
        column.scale(by: factor)
        expect(column, element * factor, "\(element) times \(factor) with gaps")
        var sum = Tensor<Scalar>.ones([count])
        sum.add(Tensor(repeating: element, shape: [count]), scaledBy: factor)
        expect(sum, element * factor + 1, "1 plus \(element) times \(factor)")
      }
    }
    forBoth { check($0) }
  }

  /// [m, k] by [k, n]: gemm, gemv with the matrix on either side, ger, and sums without terms.
  @Test(arguments: [(5, 4, 6), (40, 40, 40), (7, 9, 1), (1, 9, 7), (6, 1, 5), (1, 3, 1), (3, 0, 2)])
  func `sums of products have the factors they are given`(m: Int, k: Int, n: Int) {
    func check<Scalar: RealScalar>(_: Scalar.Type) {
      let a = Tensor<Scalar>.ones([m, k])
      for alpha in Self.factors.map({ Scalar($0) }) {
        for beta in Self.factors.map({ Scalar($0) }) {
          for (element, old) in [(1, 3), (.nan, 3), (1, .nan), (.infinity, 0), (0, .infinity), (2, -1)] {
            let (element, old) = (Scalar(element as Double), Scalar(old as Double))
            let b = Tensor(repeating: element, shape: [k, n])
            var sum: Scalar = 0
            for _ in 0..<k { sum += element }
            let product = alpha == 0 || k == 0 ? 0 : alpha * sum
            let expected = product + (beta == 0 ? 0 : beta * old)
            let what = "[\(m), \(k)] by [\(k), \(n)], \(alpha) · \(element) + \(beta) · \(old)"
            var c = Tensor(repeating: old, shape: [m, n])
            c.addMatmul(a, b, alpha: alpha, beta: beta)
            expect(c, expected, what)
            c = Tensor(repeating: old, shape: [n, m]).transposed
            c.addMatmul(a.transposed.copied().transposed, b.transposed.copied().transposed, alpha: alpha, beta: beta)
            expect(c, expected, what + ", transposed")
            c = Tensor(repeating: old, shape: [m, n, 2])[.ellipsis, 0]
            c.addMatmul(a, b, alpha: alpha, beta: beta)
            expect(c, expected, what + ", with gaps")
          }
        }
      }
    }
    forBoth { check($0) }
  }

  @Test func `zeros do not hide what is not finite`() {
    func check<Scalar: RealScalar>(_: Scalar.Type) {
      for other in [Scalar.nan, .infinity] {
        for count in [1, 5, 40, 300] {
          let (zeros, others) = (
            Tensor<Scalar>.zeros([count, count]), Tensor(repeating: other, shape: [count, count])
          )
          expect(zeros.matmul(others), .nan, "0 · \(other)")
          expect(zeros.matmul(others[0]), .nan, "0 · \(other)")
          expect(others[0].matmul(zeros), .nan, "\(other) · 0")
          #expect(zeros[0].dot(others[0]).isNaN)
          #expect(others.norm().scalar.isNaN == other.isNaN)
        }
      }
    }
    forBoth { check($0) }
  }
}
