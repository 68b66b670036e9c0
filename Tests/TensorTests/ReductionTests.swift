import CKernels
import Testing

@testable import Tensor

@Suite struct ReductionTests {
  struct Fixture: Decodable {
    let inputs: [Sample]
    let reductions: [Reduction]
    let arguments: [Argument]
    let cumulative: [Cumulative]
    let differences: [Difference]
  }
  struct Reduction: Decodable {
    let function: String
    let x: Int
    let axes: [Int]?
    let ulp: UInt64
    let y: Sample
  }
  struct Argument: Decodable {
    let x: Sample
    let axis: Int
    let smallest, largest: Sample
  }
  struct Cumulative: Decodable {
    let x: Sample
    let axis: Int
    let y: Sample
  }
  struct Difference: Decodable {
    let x: Sample
    let axis, order: Int
    let y: Sample
  }

  static let fixture = Result { try TensorTests.fixture("reductions", as: Fixture.self) }

  static let rows: [String: ck_reduction] = [
    "sum": ck_sum, "product": ck_product, "min": ck_smallest, "max": ck_largest, "all": ck_smallest, "any": ck_largest,
    "countTrue": ck_sum,
  ]

  // MARK: Values

  /// The public function of a name, with axes as given.
  static func apply<Scalar: TensorScalar>(
    _ name: String, _ x: Tensor<Scalar>, _ axes: [Int]?, keep: Bool
  ) -> Any {
    func with(_ axes: some Axes) -> Any {
      switch name {
      case "min": return x.min(axis: axes, keepDimensions: keep)
      case "max": return x.max(axis: axes, keepDimensions: keep)
      default: break
      }
      func real<Real: RealScalar>(_ x: Tensor<Real>) -> Any {
        switch name {
        case "sum": x.sum(axis: axes, keepDimensions: keep)
        case "product": x.product(axis: axes, keepDimensions: keep)
        case "mean": x.mean(axis: axes, keepDimensions: keep)
        case "variance": x.variance(axis: axes, keepDimensions: keep)
        default: x.logSumExp(axis: axes, keepDimensions: keep)
        }
      }
      func integer<Integer: NumericScalar & BinaryInteger>(_ x: Tensor<Integer>) -> Any {
        name == "sum" ? x.sum(axis: axes, keepDimensions: keep) : x.product(axis: axes, keepDimensions: keep)
      }
      switch x {
      case let x as Tensor<Float>: return real(x)
      case let x as Tensor<Double>: return real(x)
      case let x as Tensor<Int32>: return integer(x)
      case let x as Tensor<Int64>: return integer(x)
      case let x as Tensor<UInt8>: return integer(x)
      case let x as Tensor<Bool>:
        switch name {
        case "all": return x.all(axis: axes, keepDimensions: keep)
        case "any": return x.any(axis: axes, keepDimensions: keep)
        default: return x.countTrue(axis: axes, keepDimensions: keep)
        }
      default: fatalError()
      }
    }
    guard let axes else { return with(.all) }
    return axes.count == 1 ? with(axes[0]) : with(axes)
  }

  @Test func `reductions agree with their fixtures`() throws {
    let fixture = try Self.fixture.get()
    for row in fixture.reductions {
      func check<Scalar: TensorScalar, Result: TensorScalar>(_: Scalar.Type, _: Result.Type) {
        let x = fixture.inputs[row.x].tensor(Scalar.self)
        let y = row.y.tensor(Result.self)
        func message() -> Comment { "\(row.function) of \(x.shape) \(Scalar.self) along \(row.axes as Any)" }
        for arranged in [x, x.transposed.copied().transposed] {
          let found = Self.apply(row.function, arranged, row.axes, keep: false) as! Tensor<Result>
          #expect(disagreement(found, y, steps: row.ulp) == nil, message())
          let kept = Self.apply(row.function, arranged, row.axes, keep: true) as! Tensor<Result>
          let axes = row.axes.map { resolvedAxes($0, rank: x.rank) } ?? Array(0..<x.rank)
          #expect(kept.shape == x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }, message())
          #expect(disagreement(kept.reshaped(y.shape), y, steps: row.ulp) == nil, message())
        }
      }
      check(fixture.inputs[row.x].any, row.y.any)
    }
  }

  @Test(arguments: Kernels.supported) func `every instruction set reduces alike`(_ kernels: Kernels) throws {
    let fixture = try Self.fixture.get()
    for row in fixture.reductions {
      guard let reduction = Self.rows[row.function] else { continue }
      func check<Scalar: TensorScalar, Result: TensorScalar>(_: Scalar.Type, _: Result.Type) {
        let x = fixture.inputs[row.x].tensor(Scalar.self)
        let axes = row.axes.map { resolvedAxes($0, rank: x.rank) } ?? Array(0..<x.rank)
        let found = x.reduced(reduction, axes: axes, keepDimensions: false, to: Result.self, kernels: kernels)
        func message() -> Comment { "\(row.function) of \(x.shape) \(Scalar.self) along \(axes)" }
        #expect(disagreement(found, row.y.tensor(), steps: row.ulp) == nil, message())
      }
      check(fixture.inputs[row.x].any, row.y.any)
    }
  }

  @Test(arguments: Kernels.supported) func `positions of extremes are the first, of NaN too`(_ kernels: Kernels) throws
  {
    for row in try Self.fixture.get().arguments {
      func check<Scalar: TensorScalar>(_: Scalar.Type) {
        let x = row.x.tensor(Scalar.self)
        let axis = resolvedAxis(row.axis, rank: x.rank)
        for (function, expected) in [(ck_argument_minimum, row.smallest), (ck_argument_maximum, row.largest)] {
          let found = x.lines(function, axis: axis, single: true, to: Int64.self, kernels: kernels)
          #expect(disagreement(found, expected.tensor()) == nil, "\(Scalar.self) along \(row.axis)")
        }
        #expect(disagreement(x.argMin(axis: row.axis), row.smallest.tensor()) == nil)
        #expect(disagreement(x.argMax(axis: row.axis), row.largest.tensor()) == nil)
      }
      check(row.x.any)
    }
    #expect(Tensor<Float>([[3, 1], [1, 9]]).argMin() == 1)
    #expect(Tensor<Float>([[3, 1], [1, 9]]).transposed.argMax() == 3)
  }

  @Test(arguments: Kernels.supported) func `cumulative sums agree with their fixtures`(_ kernels: Kernels) throws {
    for row in try Self.fixture.get().cumulative {
      func check<Scalar: NumericScalar & Comparable>(_: Scalar.Type) {
        let x = row.x.tensor(Scalar.self)
        let axis = resolvedAxis(row.axis, rank: x.rank)
        let found = x.lines(ck_cumulative_sum, axis: axis, single: false, to: Scalar.Sum.self, kernels: kernels)
        #expect(disagreement(found, row.y.tensor()) == nil, "\(Scalar.self) along \(row.axis)")
        #expect(disagreement(x.cumulativeSum(axis: row.axis), row.y.tensor()) == nil)
      }
      check(row.x.number)
    }
  }

  @Test func `differences agree with their fixtures`() throws {
    for row in try Self.fixture.get().differences {
      func check<Scalar: NumericScalar & Comparable>(_: Scalar.Type) {
        let found = row.x.tensor(Scalar.self).differences(order: row.order, axis: row.axis)
        #expect(disagreement(found, row.y.tensor()) == nil, "\(Scalar.self) \(row.order) along \(row.axis)")
      }
      check(row.x.number)
    }
  }

  @Test func `a correction makes the variance unbiased`() {
    let x: Tensor<Double> = [1, 2, 3, 6]
    #expect(x.variance().scalar == 3.5)
    #expect(x.variance(correction: 1).scalar == 14.0 / 3)
    #expect(x.standardDeviation(correction: 1).scalar == (14.0 / 3).squareRoot())
    #expect(x.variance(correction: 4).scalar == .infinity)
    #expect(Tensor<Int64>([1, 2, 3, 6]).variance(correction: 1).scalar == 14.0 / 3)
    #expect(Tensor<UInt8>([[1, 3], [200, 200]]).standardDeviation(axis: 1).scalars == [1, 0])
  }

  @Test func `means of integers and masks are doubles`() {
    func check<Scalar: NumericScalar & BinaryInteger>(_ largest: Scalar) {
      #expect(Tensor<Scalar>([1, 2, 4]).mean().scalar == 7.0 / 3)
      #expect(Tensor<Scalar>([largest, largest]).mean().scalar == Double(largest))
      #expect(Tensor<Scalar>([[1, 2], [4, 4]]).mean(axis: -1, keepDimensions: true) == [[1.5], [4]])
      #expect(Tensor<Scalar>.zeros([2, 0]).mean(axis: 1).scalars.allSatisfy { $0.isNaN })
    }
    check(UInt8.max)
    check(Int32.max)
    check(Int64.max)
    let mask: Tensor<Bool> = [[true, false], [true, true]]
    #expect(mask.mean().scalar == 0.75)
    #expect(mask.mean(axis: 0) == [1, 0.5])
    #expect(Tensor<Bool>.zeros([0]).mean().scalar.isNaN)
  }

  // MARK: Lengths and arrangements

  @Test(arguments: Kernels.supported) func `rows and columns of every length reduce as one by one`(_ kernels: Kernels) {
    func check<Scalar: NumericScalar & Comparable>(_: Scalar.Type) {
      var generator = Seeded(8)
      let x = Tensor<Scalar>.random([3, 203], using: &generator)
      let values = x.elements
      for length in Array(1...70) + [95, 96, 97, 127, 128, 129, 191, 192, 193, 200] {
        let start = length % 3
        let part = x[0..., start..<(start + length)]
        let lines = (0..<3).map { Array(values[($0 * 203 + start)..<($0 * 203 + start + length)]) }
        func found<Result: TensorScalar>(_ reduction: ck_reduction, _ axis: Int, _: Result.Type) -> [Result] {
          part.reduced(reduction, axes: [axis], keepDimensions: false, to: Result.self, kernels: kernels).elements
        }
        func sum(_ line: [Scalar]) -> Scalar.Sum {
          Tensor<Scalar>(line).cast(to: Scalar.Sum.self).elements.reduce(0) { $0 + $1 }
        }
        let agrees =
          found(ck_sum, 1, Scalar.Sum.self) == lines.map(sum)
          && found(ck_smallest, 1, Scalar.self) == lines.map { $0.min()! }
          && found(ck_largest, 1, Scalar.self) == lines.map { $0.max()! }
          && found(ck_sum, 0, Scalar.Sum.self) == (0..<length).map { i in sum(lines.map { $0[i] }) }
          && found(ck_largest, 0, Scalar.self) == (0..<length).map { i in lines.map { $0[i] }.max()! }
          && part.lines(ck_argument_maximum, axis: 1, single: true, to: Int64.self, kernels: kernels).elements
            == lines.map { Int64($0.firstIndex(of: $0.max()!)!) }
        if !agrees { Issue.record("\(length) of \(Scalar.self)") }
      }
    }
    for type in ElementType.numbers { check(type.number) }
  }

  @Test(arguments: ElementType.allCases) func `elements are reduced wherever they lie`(_ type: ElementType) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      ElementwiseTests.forEachShape(seed: 9) { shape, generator in
        let kernels = Kernels.supported.randomElement(using: &generator)!
        let x = Tensor<Scalar>.randomView(shape, using: &generator)
        let plain = Tensor(shape: shape, scalars: x.elements)
        let axes = shape.indices.filter { _ in Bool.random(using: &generator) }
        func message() -> Comment { "\(x.layout) along \(axes) \(kernels.name)" }
        func reduce<Result: TensorScalar>(_ x: Tensor<Scalar>, _ row: ck_reduction, _: Result.Type) -> Tensor<Result> {
          x.reduced(row, axes: axes, keepDimensions: false, to: Result.self, kernels: kernels)
        }
        #expect(
          disagreement(reduce(x, ck_sum, Scalar.Sum.self), reduce(plain, ck_sum, Scalar.Sum.self)) == nil, message())
        // One by one.
        let kept = shape.indices.filter { !axes.contains($0) }
        var sums: [[Int]: Scalar.Sum] = [:]
        let wide = plain.cast(to: Scalar.Sum.self).elements
        for (index, value) in zip(indices(shape), wide) { sums[kept.map { index[$0] }, default: 0] += value }
        let expected = indices(kept.map { shape[$0] }).map { sums[$0] ?? 0 }
        #expect(reduce(x, ck_sum, Scalar.Sum.self).elements == expected, message())
        guard x.count > 0 else { return }
        for row in [ck_smallest, ck_largest] {
          #expect(
            disagreement(reduce(x, row, Scalar.self), reduce(plain, row, Scalar.self), eitherZero: true) == nil,
            message()
          )
        }
        for axis in shape.indices {
          func lines(_ x: Tensor<Scalar>, _ function: ck_line_function) -> Tensor<Int64> {
            x.lines(function, axis: axis, single: true, to: Int64.self, kernels: kernels)
          }
          func cumulative(_ x: Tensor<Scalar>) -> Tensor<Scalar.Sum> {
            x.lines(ck_cumulative_sum, axis: axis, single: false, to: Scalar.Sum.self, kernels: kernels)
          }
          for function in [ck_argument_minimum, ck_argument_maximum] {
            #expect(disagreement(lines(x, function), lines(plain, function)) == nil, message())
          }
          #expect(disagreement(cumulative(x), cumulative(plain)) == nil, message())
        }
      }
    }
    check(type.scalar)
  }
}
