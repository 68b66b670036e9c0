import Foundation
import TestSupport
import Testing

@testable import Tensor

struct LinearAlgebraFixture: Decodable {
  struct Square: Decodable {
    var name: String
    var a, b, solution, inverse, cholesky: [[Double]]
    var determinant: Double
    var singularValues, eigenvaluesReal, eigenvaluesImaginary, symmetricEigenvalues: [Double]
    var norms: [String: Double]
  }
  struct Rectangular: Decodable {
    var a, pseudoInverse: [[Double]]
    var b, leastSquares, singularValues: [Double]
    var rank: Int
  }
  var square: [Square]
  var rectangular: [Rectangular]

  static let shared: LinearAlgebraFixture = {
    let url = Bundle.module.url(forResource: "Fixtures/linear_algebra", withExtension: "json")!
    return try! JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }()
}

private func matrix<Scalar: RealScalar>(_ rows: [[Double]], _: Scalar.Type) -> Tensor<Scalar> {
  Tensor<Double>(rows).cast(to: Scalar.self)
}

/// Whether two tensors agree up to a multiple of the precision, relative to the largest element.
private func agree<Scalar: RealScalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>, within factor: Scalar = 200) -> Bool {
  let scale = y.scalars.reduce(1) { max($0, abs($1)) }
  return difference(x, y) <= factor * scale * Scalar.ulpOfOne
}

@Suite struct LinearAlgebraTests {
  // MARK: Against exact values

  @Test func `square matrices agree with their fixtures`() throws {
    func check<Scalar: RealScalar>(_: Scalar.Type) throws {
      for fixture in LinearAlgebraFixture.shared.square {
        for arrangement in Arrangement.allCases {
          let a = arrangement.applied(to: matrix(fixture.a, Scalar.self))
          let n = a.shape[0]
          let name = "\(fixture.name) \(arrangement) \(Scalar.self)"
          let factor = 100 * (try a.conditionNumber().scalar)
          let b = arrangement.applied(to: matrix(fixture.b, Scalar.self))
          #expect(agree(try a.solve(b), matrix(fixture.solution, Scalar.self), within: factor), "\(name)")
          #expect(agree(try a.inverse(), matrix(fixture.inverse, Scalar.self), within: factor), "\(name)")
          let determinant = a.determinant().scalar
          #expect(abs(determinant / Scalar(fixture.determinant) - 1) <= factor * Scalar.ulpOfOne, "\(name)")
          let parts = a.signAndLogDeterminant()
          #expect(parts.sign.scalar == (fixture.determinant < 0 ? -1 : 1))
          #expect(
            abs(Double(parts.logDeterminant.scalar) - log(abs(fixture.determinant)))
              <= Double(factor * Scalar.ulpOfOne), "\(name)")
          let singular = Tensor(fixture.singularValues.map { Scalar($0) })
          #expect(agree(try a.singularValues(), singular), "\(name)")
          #expect(agree(try a.svd().singularValues, singular), "\(name)")
          let symmetric = a + a.transposed
          let values = Tensor(fixture.symmetricEigenvalues.map { Scalar($0) })
          #expect(agree(try symmetric.eigenvaluesSymmetric(), values), "\(name)")
          let positive = a.matmul(a.transposed) + Tensor<Scalar>.identity(n)
          #expect(
            agree(
              try arrangement.applied(to: positive).cholesky(), matrix(fixture.cholesky, Scalar.self), within: 2000),
            "\(name)")
          let general = try a.eigenvalues()
          let sorted = zip(general.real.scalars, general.imaginary.scalars).map { ($0, $1) }
          let expected = zip(fixture.eigenvaluesReal, fixture.eigenvaluesImaginary).map {
            (Scalar($0), Scalar($1))
          }
          let scale = expected.reduce(1) { max($0, abs($1.0), abs($1.1)) }
          for value in expected {
            let nearest = sorted.map { abs($0.0 - value.0) + abs($0.1 - value.1) }.min()!
            #expect(nearest <= 1000 * scale * Scalar.ulpOfOne, "\(name)")
          }
          #expect(abs(try a.matrixNorm(.one).scalar - Scalar(fixture.norms["one"]!)) <= 8 * scale * Scalar.ulpOfOne)
          #expect(
            abs(try a.matrixNorm(.infinity).scalar - Scalar(fixture.norms["infinity"]!)) <= 8 * scale * Scalar.ulpOfOne)
          #expect(abs(a.norm().scalar / Scalar(fixture.norms["frobenius"]!) - 1) <= 2 * Scalar.ulpOfOne)
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func `rectangular matrices agree with their fixtures`() throws {
    for fixture in LinearAlgebraFixture.shared.rectangular {
      for arrangement in Arrangement.allCases {
        let a = arrangement.applied(to: matrix(fixture.a, Double.self))
        let result = try a.leastSquares(Tensor(fixture.b))
        #expect(agree(result.solution, Tensor(fixture.leastSquares), within: 1000))
        #expect(result.rank == fixture.rank)
        #expect(agree(result.singularValues, Tensor(fixture.singularValues)))
        #expect(agree(try a.pseudoInverse(), matrix(fixture.pseudoInverse, Double.self), within: 1000))
        #expect(try a.matrixRank().scalar == Int64(fixture.rank))
        #expect(try a.leastSquares(Tensor(fixture.b).expanded(axis: 1)).solution.shape == [a.shape[1], 1])
      }
    }
  }

  // MARK: What decompositions promise

  static let shapes = [
    [1, 1], [4, 4], [7, 3], [3, 7], [20, 20], [24, 5], [5, 24], [2, 5, 5], [3, 1, 6, 4], [2, 3, 4, 6], [0, 3], [3, 0],
    [0, 0], [0, 2, 2],
  ]

  @Test(arguments: shapes, Arrangement.allCases)
  func `factors multiply to the matrix`(_ shape: [Int], _ arrangement: Arrangement) throws {
    func check<Scalar: RealScalar>(_: Scalar.Type) throws {
      var numbers = TestNumbers()
      let x = numbers.tensor(shape, of: Scalar.self)
      let a = arrangement.applied(to: x)
      let (m, n) = (shape[shape.count - 2], shape[shape.count - 1])
      let k = min(m, n)
      let batch = Array(shape.dropLast(2))
      func identity(_ order: Int) -> Tensor<Scalar> { Tensor.identity(order).broadcast(to: batch + [order, order]) }

      let reduced = a.qr()
      #expect(reduced.q.shape == batch + [m, k] && reduced.r.shape == batch + [k, n])
      #expect(agree(reduced.q.matmul(reduced.r), x))
      #expect(agree(reduced.q.matrixTransposed.matmul(reduced.q), identity(k)))
      let complete = a.qr(.complete)
      #expect(complete.q.shape == batch + [m, m] && complete.r.shape == batch + [m, n])
      #expect(agree(complete.q.matmul(complete.r), x))
      #expect(agree(complete.q.matmul(complete.q.matrixTransposed), identity(m)))
      let r = complete.r.scalars
      for index in r.indices where index / n % m > index % n { #expect(r[index] == 0) }

      let thin = try a.svd()
      #expect(thin.u.shape == batch + [m, k] && thin.vTransposed.shape == batch + [k, n])
      #expect(agree((thin.u * thin.singularValues.expanded(axis: -2)).matmul(thin.vTransposed), x))
      let full = try a.svd(fullMatrices: true)
      #expect(full.u.shape == batch + [m, m] && full.vTransposed.shape == batch + [n, n])
      #expect(agree(full.u.matrixTransposed.matmul(full.u), identity(m)))
      #expect(agree(full.vTransposed.matmul(full.vTransposed.matrixTransposed), identity(n)))
      #expect(difference(x, a) == 0)

      guard m == n else { return }
      let symmetric = a + a.matrixTransposed
      let eigen = try symmetric.eigenSymmetric()
      #expect(agree(symmetric.matmul(eigen.vectors), eigen.vectors * eigen.values.expanded(axis: -2)))
      #expect(agree(eigen.vectors.matrixTransposed.matmul(eigen.vectors), identity(n)))
      let positive = a.matmul(a.matrixTransposed) + identity(n)
      let factor = try positive.cholesky()
      #expect(agree(factor.matmul(factor.matrixTransposed), positive))
      #expect(agree(try factor.triangularSolve(factor), identity(n), within: 1000))
      let upper = factor.matrixTransposed
      #expect(agree(try upper.triangularSolve(upper, lower: false), identity(n), within: 1000))
      #expect(agree(try positive.matmul(positive.inverse()), identity(n), within: 5000))
      #expect(agree(try positive.solve(positive.matmul(x)), x, within: 5000))

      let general = try a.eigen()
      let (real, imaginary) = (general.values.real.expanded(axis: -2), general.values.imaginary.expanded(axis: -2))
      let (v, w) = general.vectors
      #expect(agree(a.matmul(v), v * real - w * imaginary))
      #expect(agree(a.matmul(w), v * imaginary + w * real))
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func `systems broadcast`() throws {
    var numbers = TestNumbers()
    let a = numbers.tensor([2, 1, 3, 3], of: Double.self) + Tensor<Double>.identity(3) * 3
    let x = numbers.tensor([4, 3, 2], of: Double.self)
    let solution = try a.solve(a.matmul(x))
    #expect(solution.shape == [2, 4, 3, 2])
    #expect(agree(solution, x.broadcast(to: [2, 4, 3, 2])))
    let single = a[0, 0]
    #expect(agree(try single.solve(single.matmul(x)), x))
    let vector = numbers.tensor([3], of: Double.self)
    #expect(agree(try a.solve(vector), try a.inverse().matmul(vector)))
    #expect(try a.solve(vector).shape == [2, 1, 3])
    #expect(agree(try single.triangularSolve(x), try (single * Tensor([[1, 0, 0], [1, 1, 0], [1, 1, 1]])).solve(x)))
  }

  @Test func `an argument nobody else holds becomes the result`() throws {
    let x = Tensor<Double>.identity(3) * 2
    let kept = x
    #expect(try x.inverse().scalars == [0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5])
    #expect(kept.scalars == [2, 0, 0, 0, 2, 0, 0, 0, 2])
    #expect(try (Tensor<Double>.identity(2) * 4).cholesky().scalars == [2, 0, 0, 2])
  }

  @Test func `powers, traces and Kronecker products`() throws {
    let a: Tensor<Double> = [[1, 1], [1, 0]]
    #expect(try a.matrixPower(10).scalars == [89, 55, 55, 34])
    #expect(try a.matrixPower(0).scalars == [1, 0, 0, 1])
    #expect(agree(try a.matrixPower(-2), [[1, -1], [-1, 2]]))
    #expect(a.trace().scalar == 1)
    #expect(a.trace(offset: 1).scalar == 1)
    let identity = Tensor<Double>.identity(2)
    #expect(identity.kron(a).scalars == [1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0])
    #expect(Tensor<Double>([1, 2]).kron(Tensor([1, 10])).scalars == [1, 10, 2, 20])
    #expect(try Tensor<Double>.diagonal([3, 1, 0.5]).conditionNumber().scalar == 6)
    #expect(try Tensor<Double>.diagonal([3, 1, 0]).matrixRank().scalar == 2)
    #expect(abs(try Tensor<Double>.diagonal([3, 4]).matrixNorm(.nuclear).scalar - 7) < 1e-14)
    #expect(abs(try Tensor<Double>.diagonal([3, 4]).matrixNorm(.two).scalar - 4) < 1e-14)
  }

  @Test func `determinants beyond the range of their factors`() {
    let large = Tensor<Double>.diagonal(Tensor([1e200, 1e200, 1e-200, 1e-200]))
    #expect(abs(large.determinant().scalar - 1) < 1e-12)
    let logarithm = Tensor<Float>.diagonal(Tensor([Float](repeating: 1e30, count: 3))).signAndLogDeterminant()
    #expect(abs(logarithm.logDeterminant.scalar - 207.23266) < 1e-3)
    #expect(Tensor<Double>.zeros([2, 2]).determinant().scalar == 0)
    #expect(Tensor<Double>.zeros([2, 2]).signAndLogDeterminant().logDeterminant.scalar == -.infinity)
    #expect(Tensor<Double>.zeros([0, 0]).determinant().scalar == 1)
  }

  @Test func `condition numbers of singular matrices are infinite`() throws {
    let matrices = Tensor<Double>.stacked([.zeros([2, 2]), .diagonal([3, 0])])
    #expect(try matrices.conditionNumber().scalars == [.infinity, .infinity])
  }

  // MARK: What goes wrong

  @Test func `singular and indefinite matrices throw`() {
    let singular: Tensor<Float> = [[1, 2], [2, 4]]
    #expect(throws: LinearAlgebraError.singular(pivot: 1, shape: [2, 2], matrix: [])) { try singular.inverse() }
    #expect(throws: LinearAlgebraError.singular(pivot: 1, shape: [2, 2], matrix: [])) {
      try singular.solve(Tensor([1, 2]))
    }
    let batch = Tensor<Float>.stacked([.identity(2), singular]).expanded(axis: 0)
    #expect(throws: LinearAlgebraError.singular(pivot: 1, shape: [1, 2, 2, 2], matrix: [0, 1])) { try batch.inverse() }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(minor: 2, shape: [2, 2], matrix: [])) {
      try Tensor<Float>([[1, 2], [2, 1]]).cholesky()
    }
    #expect(throws: LinearAlgebraError.singular(pivot: 1, shape: [2, 2], matrix: [])) {
      try Tensor<Float>([[1, 0], [2, 0]]).triangularSolve(Tensor([1, 2]))
    }
    let undefined = Tensor<Float>.filled([2, 2], with: .nan)
    #expect(throws: LinearAlgebraError.notFinite(operation: "svd", shape: [2, 2])) { try undefined.svd() }
    #expect(throws: LinearAlgebraError.notFinite(operation: "eigenSymmetric", shape: [2, 2])) {
      try undefined.eigenSymmetric()
    }
    #expect(throws: LinearAlgebraError.notFinite(operation: "eigenvalues", shape: [2, 2])) {
      try undefined.eigenvalues()
    }
    #expect(
      "\(LinearAlgebraError.singular(pivot: 1, shape: [2, 2], matrix: []))"
        == "the matrix of the shape [2, 2] is singular: pivot 1 is zero")
    #expect(
      "\(LinearAlgebraError.notPositiveDefinite(minor: 2, shape: [5, 2, 2], matrix: [3]))"
        == "matrix [3] of the batch of the shape [5, 2, 2] is not positive definite: its leading minor of order 2 is not positive"
    )
  }

  @Test func `shapes that do not fit trap`() async {
    await expectMessage(
      "inverse takes square matrices in the last two axes, not the shape [2, 3]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = try Tensor<Float>.zeros([2, 3]).inverse()
      })
    await expectMessage(
      "solve: the shapes [2, 2] and [3] do not fit; [n, n] takes [n] or [n, k], batches broadcast",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = try Tensor<Float>.identity(2).solve(Tensor([1, 2, 3]))
      })
    await expectMessage(
      "qr takes matrices in the last two axes, not the shape [3]",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Tensor<Float>.zeros([3]).qr() })
  }
}
