import Activations
import Tensor

/// Compares activations along axes of random rows with the same in Double.
struct LineCheck {
  static let definitions = AxisDefinition.all.filter { $0.reference != nil }

  /// The number of elements in all rows of a length, but at least one row.
  private static let elements = 20_000
  private static let lengths = [1, 2, 3, 7, 10, 31, 63, 64, 65, 100, 128, 255, 256, 257, 1000, 4096, 10_000]

  let definition: AxisDefinition
  let reference: @Sendable ([Double]) -> [Double]
  /// The number of times that random rows are drawn.
  let rounds: Int
  let kernels: [Kernels]

  static func all(rounds: Int, kernels: [Kernels]) -> [Check] {
    let count = lengths.reduce(0) { $0 + $1 * max(1, elements / $1) } * 2 * rounds
    return AxisDefinition.all.compactMap { definition in
      guard let reference = definition.reference else { return nil }
      let check = LineCheck(definition: definition, reference: reference, rounds: rounds, kernels: kernels)
      return Check(
        activation: definition.name, title: definition.name, direction: .value, precision: .float,
        bound: Direction.value.bound(definition).float, extent: "rows, \(rounds) times", count: count,
        run: { try check.run(progress: $0) })
    }
  }

  private func run(progress: (Int) -> Void) throws -> [Tally] {
    var generator = PhiloxGenerator(seed: 17)
    var tallies = kernels.map { _ in Tally() }
    for _ in 0..<rounds {
      for length in Self.lengths {
        let rows = Tensor<Float>.normal(
          [max(1, Self.elements / length), length], standardDeviation: 10, using: &generator)
        let exact = rows.rows.flatMap { row in reference(row.scalars.map { Double($0) }) }
        for (x, axis) in [(rows, 1), (rows.transposed.copied(), 0)] {
          for (k, kernels) in kernels.enumerated() {
            let y = try AxisActivation(definition, .axes([axis]))(x, kernels: kernels)
            tallies[k].add(inputs: rows.scalars, exact: exact, computed: (axis == 0 ? y.transposed : y).scalars)
          }
          progress(rows.count)
        }
      }
    }
    return tallies
  }
}
