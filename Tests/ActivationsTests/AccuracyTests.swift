import Tensor
import Testing

@testable import Activations

@Suite struct AccuracyTests {
  @Test(arguments: Fixtures.rows, Kernels.supported)
  func `Float: values and slopes within their bounds`(row: ExactRow, kernels: Kernels) throws {
    try check(row, kernels, Float.self, \.float)
  }

  @Test(arguments: Fixtures.rows, Kernels.supported)
  func `Double: values and slopes within their bounds`(row: ExactRow, kernels: Kernels) throws {
    try check(row, kernels, Double.self, \.double)
  }

  @Test func `no bound is above 1 ulp in Float and 2 in Double, of slopes 2 and 4`() {
    for definition in ElementwiseDefinition.all {
      let errors = definition.formula.errors
      #expect(errors.value!.float <= 1 && errors.value!.double <= 2)
      #expect(errors.slope!.float <= 2 && errors.slope!.double <= 4)
    }
  }

  /// Half of the curves' points, nearly all of the lines': the others are between two Floats, or beyond the largest.
  private static let leastFloats = 90

  /// The positions of the points that a type holds.
  private func held<Scalar: RealScalar>(_ points: [Double], _: Scalar.Type) -> [Int] {
    points.indices.filter { points[$0].isNaN || Double(Scalar(points[$0])) == points[$0] }
  }

  private func check<Scalar: RealScalar>(
    _ row: ExactRow, _ kernels: Kernels, _: Scalar.Type, _ precision: KeyPath<ErrorBounds.Bound, Double>
  ) throws {
    let errors = try BuiltIn.definition(named: row.name).formula.errors
    let activation = try row.activation(Scalar.self)
    let held = held(row.points, Scalar.self)
    try #require(held.count >= (Scalar.self == Double.self ? row.points.count : Self.leastFloats), "points are missing")
    let x = Tensor(held.map { Scalar(row.points[$0]) })
    let values = try activation(x, kernels: kernels).scalars
    let slopes = try activation.derivative(at: x, kernels: kernels).scalars
    let floor = errors.leastSlope ?? 0
    var (worstValue, worstSlope) = ("", "")
    var (valueError, slopeError) = (errors.value![keyPath: precision], errors.slope![keyPath: precision])
    for (position, index) in held.enumerated() {
      let (point, value, slope) = (row.points[index], row.values[index], row.slopes[index])
      let ofValue = ulps(values[position], from: value)
      if ofValue > valueError {
        valueError = ofValue
        worstValue = "\(ofValue) ulp: f(\(point)) = \(values[position]), not \(value)"
      }
      let ofSlope = ulps(slopes[position], from: slope, floor: floor)
      if ofSlope > slopeError {
        slopeError = ofSlope
        worstSlope = "\(ofSlope) ulp: f'(\(point)) = \(slopes[position]), not \(slope)"
      }
    }
    #expect(worstValue.isEmpty, "\(activation) on \(kernels.name): \(worstValue)")
    #expect(worstSlope.isEmpty, "\(activation) on \(kernels.name): \(worstSlope)")
  }

  @Test func `every elementwise activation has its exact results, with its default parameters and with others`() throws
  {
    let rows = try Fixtures.rows.map { try $0.activation(Float.self) }
    let missing = Variant.all.filter { !rows.contains($0.activation()) }.map(\.title)
    #expect(missing == [], "these have no fixture: run make_activations.py (CONTRIBUTING.md)")
  }

  @Test(arguments: Kernels.supported)
  func `exact zeros have the sign of the exact result, at zeros and at infinities`(kernels: Kernels) throws {
    let points: [Float] = [-0.0, 0, -.infinity, .infinity]
    var zeros = 0
    for variant in Variant.all {
      let reference = variant.reference(for: .float)
      let values = try variant.activation(Float.self)(Tensor(points), kernels: kernels).scalars
      for (x, value) in Swift.zip(points, values) {
        let exact = reference.value(Double(x))
        guard exact == 0 else { continue }
        zeros += 1
        #expect(value == 0 && value.sign == exact.sign, "\(variant.title) at \(x): \(value) instead of \(exact)")
      }
    }
    #expect(zeros >= 90)
  }

  @Test func `slopes keep their digits where values saturate`() throws {
    let slope = try Activation<Float>.sigmoid.derivative(at: Tensor([17])).scalar
    #expect(abs(slope - 4.1399374e-8) < 1e-14)
    let elu = try Activation<Float>.elu.derivative(at: Tensor([-17])).scalar
    #expect(abs(elu - 4.1399376e-8) < 1e-14)
  }
}
