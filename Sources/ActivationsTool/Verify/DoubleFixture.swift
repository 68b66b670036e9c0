import Activations
import Foundation
import Tensor

/// Exact values and slopes at difficult and random Doubles, computed by mpmath
/// (Scripts/reference/make_double_fixture.py).
struct DoubleFixture {
  private struct Entry: Codable {
    let title: String
    let first: Int
    let count: Int
  }

  private let entries: [Entry]
  /// [n, 3]: input, value and slope, rounded.
  private let doubles: Tensor<Double>
  /// [n, 2]: the rounding errors of value and slope, in 254ths of the spacing there.
  private let rests: Tensor<Int32>

  init() throws {
    let folder = Bundle.module.bundleURL.appending(path: "Fixtures")
    entries = try JSONDecoder().decode([Entry].self, from: Data(contentsOf: folder.appending(path: "checks.json")))
    doubles = try Tensor(contentsOf: folder.appending(path: "doubles.npy").path)
    rests = try Tensor(contentsOf: folder.appending(path: "rests.npy").path)
  }

  /// Inputs, and results rounded to Double with the rests.
  struct Columns {
    let inputs: Tensor<Double>
    let exact: [Double]
    let rests: [Int32]
  }

  /// - Throws: ``Failure`` if the fixture does not have these parameters.
  func columns(_ variant: Variant, _ direction: Direction) throws -> Columns {
    guard let entry = entries.first(where: { $0.title == variant.title }) else {
      throw Failure(
        "no exact Doubles for \(variant.title): run make_double_fixture.py and build again (CONTRIBUTING.md)")
    }
    let rows = entry.first..<entry.first + entry.count
    let column = direction == .value ? 0 : 1
    return Columns(
      inputs: doubles[rows, 0].copied(), exact: doubles[rows, 1 + column].scalars, rests: rests[rows, column].scalars)
  }

  /// - Throws: ``Failure`` if the fixture does not have these parameters.
  func check(_ variant: Variant, _ direction: Direction, kernels: [Kernels]) throws -> Check {
    let columns = try columns(variant, direction)
    let inputs = columns.inputs
    let activation = variant.activation(Double.self)
    let root = direction == .slope ? variant.reference(for: .double).slopeRoot : nil
    return Check(
      activation: variant.name, title: variant.title, direction: direction, precision: .double,
      bound: direction.bound(variant.definition).double, extent: "fixture", count: inputs.count,
      run: { progress in
        defer { progress(inputs.count) }
        return kernels.map { kernels in
          let computed = direction.compute(activation, inputs, kernels)
          var tally = Tally()
          tally.add(
            inputs: inputs.scalars, exact: columns.exact, rests: columns.rests, computed: computed.scalars,
            direction: direction, root: root)
          return tally
        }
      })
  }
}
