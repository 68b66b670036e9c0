import Activations
import Tensor

/// One activation with its parameters in one direction and precision, to be compared with exact results.
struct Check {
  enum Precision: String {
    case float
    case double
  }

  let activation: String
  /// The activation with its parameters.
  let title: String
  let direction: Direction
  let precision: Precision
  /// The largest permitted error in ulp.
  let bound: Double
  /// The extent of the check, for the record of earlier runs.
  let extent: String
  let count: Int
  /// Returns a tally for each of the kernels; the closure is called with the number of compared results.
  let run: (_ progress: @escaping @Sendable (Int) -> Void) throws -> [Tally]

  var identifier: String { "\(title) \(direction.rawValue) \(precision.rawValue) \(extent)" }

  static func sweep(
    _ variant: Variant, _ direction: Direction, every: Int, kernels: [Kernels]
  ) -> Check {
    let sweep = Sweep(variant, direction, every: every, kernels: kernels)
    return Check(
      activation: variant.name, title: variant.title, direction: direction, precision: .float,
      bound: direction.bound(variant.definition).float, extent: "every \(every)", count: sweep.inputs.count,
      run: { progress in sweep.run(progress: progress) })
  }
}
