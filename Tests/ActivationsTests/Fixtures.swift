import Foundation
import Tensor
import Testing

@testable import Activations

/// A row of the fixtures: an activation with its parameters, and its exact values and slopes at the points of its table.
struct ExactRow: Sendable, CustomTestStringConvertible {
  let name: String
  let parameters: [String: Configuration]
  let points: [Double]
  let values: [Double]
  let slopes: [Double]

  var testDescription: String { "\(name) \(Configuration.object(parameters))" }

  func activation<Scalar>(_: Scalar.Type = Scalar.self) throws -> Activation<Scalar> {
    try Activation(named: name, parameters: parameters)
  }
}

struct Fixtures: Decodable {
  struct Row: Decodable {
    let name: String
    let parameters: [String: Configuration]
  }
  struct Probabilities: Decodable {
    let x: [Double]
    let y: [Double]
  }
  let lines: [Row]
  let curves: [Row]
  let softmax: [Probabilities]

  static let shared: Fixtures = {
    let data = try! Data(contentsOf: url("activations.json"))
    return try! JSONDecoder().decode(Fixtures.self, from: data)
  }()

  static let rows = rows(shared.lines, "lines.npy") + rows(shared.curves, "curves.npy")

  private static func rows(_ rows: [Row], _ file: String) -> [ExactRow] {
    let table = [[Double]](try! Tensor(contentsOf: url(file).path))
    return rows.enumerated().map { index, row in
      ExactRow(
        name: row.name, parameters: row.parameters, points: table[0], values: table[1 + 2 * index],
        slopes: table[2 + 2 * index])
    }
  }

  private static func url(_ file: String) -> URL {
    Bundle.module.url(forResource: file, withExtension: nil, subdirectory: "Fixtures")!
  }
}

extension Kernels: CustomTestStringConvertible {
  public var testDescription: String { name }
}

/// How far a value is from the exact one, in spacings of its type at the exact one, or at `floor` where that is larger. An
/// overflow counts as one spacing from the largest number; NaN is as far as can be where it is not expected.
func ulps<Scalar: RealScalar>(_ value: Scalar, from exact: Double, floor: Double = 0) -> Double {
  if value.isNaN || exact.isNaN { return value.isNaN && exact.isNaN ? 0 : .infinity }
  let rounded = Scalar(exact)
  if value == rounded { return Double(value) == exact ? 0 : abs(Double(value) - exact) / Double(rounded.ulp) }
  if rounded.isInfinite { return value == rounded.nextDown || value == rounded.nextUp ? 1 : .infinity }
  if value.isInfinite { return abs(rounded) == .greatestFiniteMagnitude ? 1 : .infinity }
  return abs(Double(value) - exact) / Double(Scalar(max(abs(exact), floor)).ulp)
}
