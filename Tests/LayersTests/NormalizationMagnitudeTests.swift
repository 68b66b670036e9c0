import Tensor
import Testing

@testable import Layers

/// Samples whose squares leave the range of Float, beside the same ones in Double.
@Suite struct NormalizationMagnitudeTests {
  private static let rows: [[Double]] = [[1, 2, 3, 4], [-2, 0, 5, 1], [3, -3, 1, 6]]
  static let magnitudes = [1e20, 5e37, 1e30, 1e-25, 1e-37, 1]

  private func check<L32: Layer<Float>, L64: Layer<Double>>(
    _ layer: L32, _ exact: L64, _ magnitude: Double, training: Bool = false, tolerance: Double = 1e-6
  ) throws {
    // A sample of ordinary numbers between them is not touched by the others.
    var rows = Self.rows.map { $0.map { $0 * magnitude } }
    rows[1] = Self.rows[1]
    let (x, y) = (
      Tensor<Float>(rows.map { $0.map { Float($0) } }), Tensor<Double>(rows.map { $0.map { Double(Float($0)) } })
    )
    let upstream = Tensor<Double>([[1, -2, 0.5, 3], [0.25, 1, 2, -1], [2, 1, -1, 0.5]])
    func run<L: Layer>(_ layer: L, _ x: Tensor<L.Scalar>, _ g: Tensor<L.Scalar>) throws -> [Tensor<L.Scalar>] {
      var layer = layer
      var generator = PhiloxGenerator(seed: 1)
      try layer.build(inputShape: [4], using: &generator)
      let result = try layer.pullback(g, at: x, training: training, using: &generator)
      return [result.output, result.input]
    }
    let found = try run(layer, x, upstream.cast(to: Float.self))
    let expected = try run(exact, y, upstream)
    for (name, f, e) in [("output", found[0], expected[0]), ("gradient", found[1], expected[1])] {
      for row in 0..<3 {
        let scale = e[row].absolute().max().scalar
        // Below the smallest normal number, Float has fewer digits.
        let least = scale * tolerance + Double(Float.leastNonzeroMagnitude)
        if scale > Double(Float.greatestFiniteMagnitude) { continue }
        let error = (f[row].cast(to: Double.self) - e[row]).absolute().max().scalar
        #expect(error <= least, "\(name) of row \(row) at \(magnitude): \(f[row]) instead of \(e[row])")
      }
    }
  }

  @Test(arguments: magnitudes, [0, 1e-3]) func `layer normalisation`(magnitude: Double, epsilon: Double) throws {
    for training in [false, true] {
      try check(
        LayerNormalization<Float>(epsilon: epsilon), LayerNormalization<Double>(epsilon: epsilon), magnitude,
        training: training)
    }
  }

  @Test(arguments: magnitudes, [0, 1e-6]) func `root mean squares`(magnitude: Double, epsilon: Double) throws {
    for training in [false, true] {
      try check(
        RMSNormalization<Float>(epsilon: epsilon), RMSNormalization<Double>(epsilon: epsilon), magnitude,
        training: training)
    }
  }

  @Test(arguments: magnitudes) func `unit normalisation`(magnitude: Double) throws {
    try check(UnitNormalization<Float>(), UnitNormalization<Double>(), magnitude)
  }

  @Test(arguments: magnitudes) func `batch normalisation in training`(magnitude: Double) throws {
    try check(BatchNormalization<Float>(), BatchNormalization<Double>(), magnitude, training: true)
  }

  @Test func `the values of numbers near the largest`() throws {
    var layer = LayerNormalization<Float>()
    var generator = PhiloxGenerator(seed: 1)
    try layer.build(inputShape: [4], using: &generator)
    for factor in [1e20, 5e37, 8e37] as [Float] {
      let y = try layer(Tensor<Float>([[1, 2, 3, 4]]) * factor)
      #expect((y - Tensor<Float>([[-1.3416407, -0.4472136, 0.4472136, 1.3416407]])).absolute().max().scalar < 1e-6)
    }
    let ends = try layer(Tensor<Float>([[-3.4e38, 3.4e38, 3.4e38, -3.4e38]]))
    #expect(ends == [[-1, 1, 1, -1]])
    let unit = try UnitNormalization<Float>()(Tensor([[3e38, 3e38, 3e38, 3e38]]))
    #expect(unit == [[0.5, 0.5, 0.5, 0.5]])
  }
}
