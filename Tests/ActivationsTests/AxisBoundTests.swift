import Foundation
import Tensor
import Testing

@testable import Activations

/// The bounds that `list` states of activations along axes, beside the same computed in twice the precision.
@Suite struct AxisBoundTests {
  /// Values and gradients of lines, and what their errors are measured by.
  private struct Exact<Wide: BinaryFloatingPoint> {
    var value: [Wide] = []
    var gradient: [Wide] = []
    var valueScale: [Wide]?
    var gradientScale: [Wide]?
  }

  private func exactly<Wide: BinaryFloatingPoint>(
    _ definition: AxisDefinition, _ x: [Wide], _ g: [Wide], _ y: [Wide], _ exp: (Wide) -> Wide,
    _ logOnePlus: (Wide) -> Wide
  ) -> Exact<Wide> {
    func sum(_ terms: [Wide]) -> Wide { terms.reduce(0, +) }
    switch definition {
    case .glu:
      let half = x.count / 2
      let (a, b) = (x.prefix(half), x.suffix(half))
      let gates = b.map { 1 / (1 + exp(-$0)) }
      let slopes = b.map { 1 / (1 + exp($0)) / (1 + exp(-$0)) }
      return Exact(
        value: zip(a, gates).map { $0 * $1 },
        gradient: zip(g, gates).map { $0 * $1 } + (0..<half).map { g[$0] * a[a.startIndex + $0] * slopes[$0] })
    case .softmax, .softmin:
      let signed = definition == .softmin ? x.map { -$0 } : x
      let terms = signed.map { exp($0 - signed.max()!) }
      let total = sum(terms)
      // The pullback is a function of the output, as it is.
      let (mean, size) = (sum(zip(g, y).map { $0 * $1 }), sum(zip(g, y).map { abs($0) * $1 }))
      let sign: Wide = definition == .softmin ? -1 : 1
      return Exact(
        value: terms.map { $0 / total }, gradient: zip(g, y).map { sign * $1 * ($0 - mean) },
        gradientScale: zip(g, y).map { $1 * (abs($0) + size) })
    case .logSoftmax:
      let largest = x.max()!
      // Without the largest term, which is 1, so that the others keep their digits.
      var others = x.map { exp($0 - largest) }
      others.remove(at: x.firstIndex(of: largest)!)
      let total = logOnePlus(sum(others))
      let (mean, size) = (sum(g), sum(g.map { abs($0) }))
      return Exact(
        value: x.map { ($0 - largest) - total }, gradient: zip(g, y).map { $0 - exp($1) * mean },
        gradientScale: zip(g, y).map { abs($0) + exp($1) * size })
    case .hardmax:
      let place = x.firstIndex(of: x.max()!)
      return Exact(value: x.indices.map { $0 == place ? 1 : 0 }, gradient: x.map { _ in 0 })
    case .sparsemax:
      let sorted = x.sorted(by: >)
      var (total, threshold) = (Wide(0), Wide(0))
      for (index, element) in sorted.enumerated() {
        total += element
        let candidate = (total - 1) / Wide(index + 1)
        if element > candidate { threshold = candidate }
      }
      let members = y.indices.filter { y[$0] > 0 }
      let mean = sum(members.map { g[$0] }) / Wide(members.count)
      let size = sum(members.map { abs(g[$0]) }) / Wide(members.count)
      return Exact(
        value: x.map { max($0 - threshold, 0) }, gradient: zip(g, y).map { $1 > 0 ? $0 - mean : 0 },
        valueScale: x.map { _ in 1 }, gradientScale: g.map { abs($0) + size })
    default:
      preconditionFailure("\(definition.name) has no exact results here")
    }
  }

  private func worst<Scalar: RealScalar, Wide: BinaryFloatingPoint>(
    _ found: ArraySlice<Scalar>, _ exact: [Wide], _ scale: [Wide]?
  ) -> Double {
    zip(found, exact).enumerated().reduce(0) { worst, element in
      let (index, (x, y)) = element
      let unit = Wide(max(Scalar(abs(scale?[index] ?? y)), .leastNormalMagnitude).ulp)
      return max(worst, Double(abs(Wide(x) - y) / unit))
    }
  }

  private func check<Scalar: RealScalar, Wide: BinaryFloatingPoint>(
    _ definition: AxisDefinition, _: Scalar.Type, _ bound: (value: Double, slope: Double), _ exp: (Wide) -> Wide,
    _ logOnePlus: (Wide) -> Wide
  ) throws {
    var generator = PhiloxGenerator(seed: 5)
    for length in [2, 6, 62, 300] {
      for spread in [1, 10] as [Scalar] {
        let rows = max(2, 300 / length)
        let x = Tensor<Scalar>.normal([rows, length], standardDeviation: spread, using: &generator)
        let outputs = definition == .glu ? length / 2 : length
        let g = Tensor<Scalar>.normal([rows, outputs], using: &generator)
        for kernels in Kernels.supported {
          for axis in [1, 0] {
            let activation = AxisActivation(definition, .axes([axis]))
            let (input, upstream) = axis == 1 ? (x, g) : (x.transposed.copied(), g.transposed.copied())
            let output = try activation(input, kernels: kernels)
            let gradient = try activation.pullback(upstream, input: input, output: output, kernels: kernels)
            let (values, slopes) =
              axis == 1 ? (output.scalars, gradient.scalars) : (output.transposed.scalars, gradient.transposed.scalars)
            var (value, slope) = (0.0, 0.0)
            for row in 0..<rows {
              let line = values[row * outputs..<(row + 1) * outputs]
              let exact = exactly(
                definition, x[row].scalars.map { Wide($0) }, g[row].scalars.map { Wide($0) }, line.map { Wide($0) },
                exp,
                logOnePlus)
              value = max(value, worst(line, exact.value, exact.valueScale))
              let pulled = slopes[row * length..<(row + 1) * length]
              slope = max(slope, worst(pulled, exact.gradient, exact.gradientScale))
            }
            let what = "\(activation.name) of \(length) in \(Scalar.self), axis \(axis), \(kernels.name)"
            #expect(value <= bound.value, "\(what)")
            #expect(slope <= bound.slope, "the gradient of \(what)")
          }
        }
      }
    }
  }

  @Test(arguments: AxisDefinition.all.indices) func `errors stay within the bounds stated`(index: Int) throws {
    let definition = AxisDefinition.all[index]
    let errors = definition.formula.errors
    let (value, slope) = (try #require(errors.value), try #require(errors.slope))
    try check(
      definition, Float.self, (value.float, slope.float), { Foundation.exp($0 as Double) }, { Foundation.log1p($0) })
    #if arch(x86_64)
      try check(definition, Double.self, (value.double, slope.double), { expl($0) as Float80 }, { log1pl($0) })
    #endif
  }
}
