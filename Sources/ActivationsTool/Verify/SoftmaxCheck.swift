import Activations
import Foundation
import Tensor

/// Softmax, softmin and log softmax of random rows beside the same in Double.
struct SoftmaxCheck {
  static let kinds: [AxisActivation.Kind] = [.softmax, .softmin, .logSoftmax]

  /// Rows of every length have this many elements together, but one row at least.
  private static let elements = 20_000
  private static let lengths = [1, 2, 3, 7, 10, 31, 63, 64, 65, 100, 128, 255, 256, 257, 1000, 4096, 10_000]

  let kind: AxisActivation.Kind
  /// How many times the random rows are drawn.
  let rounds: Int
  let kernels: [Kernels]

  static func checks(_ kind: AxisActivation.Kind, rounds: Int, kernels: [Kernels]) -> Check {
    let check = SoftmaxCheck(kind: kind, rounds: rounds, kernels: kernels)
    let name = AxisActivation(kind).name
    guard let bound = bound(kind) else { trap("\(name) has no error bound") }
    let count = lengths.reduce(0) { $0 + $1 * max(1, elements / $1) } * 2 * rounds
    return Check(
      activation: name, title: name, direction: .value, precision: .float, bound: bound.float,
      extent: "rows, \(rounds) times", count: count, run: { try check.run(progress: $0) })
  }

  private static func bound(_ kind: AxisActivation.Kind) -> ErrorBounds.Bound? {
    ActivationFacts.all.first { $0.name == AxisActivation(kind).name }?.formula.errors.value
  }

  private func run(progress: (Int) -> Void) throws -> [Tally] {
    var generator = PhiloxGenerator(seed: 17)
    var tallies = kernels.map { _ in Tally() }
    for _ in 0..<rounds {
      for length in Self.lengths {
        let rows = Tensor<Float>.normal(
          [max(1, Self.elements / length), length], standardDeviation: 10, using: &generator)
        let exact = exactly(rows)
        for (x, axis) in [(rows, 1), (rows.transposed.copied(), 0)] {
          for (k, kernels) in kernels.enumerated() {
            let y = try AxisActivation(kind, .axes([axis]))(x, kernels: kernels)
            tallies[k].add(inputs: rows.scalars, exact: exact, computed: (axis == 0 ? y.transposed : y).scalars)
          }
          progress(rows.count)
        }
      }
    }
    return tallies
  }

  private func exactly(_ rows: Tensor<Float>) -> [Double] {
    rows.flatMap { row in
      let x = row.scalars.map { kind == .softmin ? -Double($0) : Double($0) }
      let top = x.indices.max { x[$0] < x[$1] }!
      let shifted = x.map { $0 - x[top] }
      let exponentials = shifted.map { exp($0) }
      // Without the largest, whose exponential is 1, so that small ones count in the logarithm.
      let others = exponentials.indices.reduce(0.0) { $1 == top ? $0 : $0 + exponentials[$1] }
      return kind == .logSoftmax
        ? shifted.map { $0 - log1p(others) } : exponentials.map { $0 / (1 + others) }
    }
  }
}
