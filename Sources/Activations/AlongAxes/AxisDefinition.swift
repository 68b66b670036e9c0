internal import CKernels
internal import Glibc
package import Tensor

/// The description of a built-in activation along axes: the only place that tells its names, its formula with error bounds, the
/// shapes that it takes and its kernels.
package final class AxisDefinition: Definition {
  package let name: String
  package let aliases: [String] = []
  package let parameters: [Parameter]
  package let keras: KerasForm
  package let formula: Formula
  package var isElementwise: Bool { false }

  /// The fewest axes that x may have.
  let leastRank: Int
  let computation: Computation
  /// A line's exact results in Double, where `activations verify` compares with such.
  package let reference: (@Sendable ([Double]) -> [Double])?

  enum Computation: Sendable {
    /// Kernels that keep the shape, given -x where `isNegated`. Without a pullback, the slope is 0.
    case lines(ck_axis_function, pullback: ck_axis_function?, isNegated: Bool = false)
    /// The first half of an axis, let through as far as the second half says.
    case gatedHalves
  }

  init(
    _ name: String, keras: KerasForm = .function, range: Parameter.Range = .axes, leastRank: Int = 1, formula: Formula,
    reference: (@Sendable ([Double]) -> [Double])? = nil, _ computation: Computation
  ) {
    self.name = name
    self.parameters = [Parameter("axis", -1, range, aliases: ["axes", "dim"])]
    self.keras = keras
    self.formula = formula
    self.leastRank = leastRank
    self.reference = reference
    self.computation = computation
  }

  package func example<Scalar: RealScalar>() -> Activation<Scalar> {
    Activation(rule: .alongAxes(AxisActivation(self)))
  }

  /// From the parameter "axis", which is an integer, a list of integers or null for all of them together.
  package func activation<Scalar: RealScalar>(
    _ given: [String: Configuration]
  ) throws(ActivationError) -> Activation<Scalar> {
    let axis = parameters[0]
    let spellings = given.keys.sorted()
    if let stranger = spellings.first(where: { !axis.isCalled($0) }) {
      throw .unknownParameter(activation: name, parameter: stranger, allowed: [axis.name])
    }
    if spellings.count > 1 { throw .repeatedParameter(activation: name, parameters: spellings) }
    guard let (spelling, value) = given.first else { return example() }
    guard let axes = AxisActivation.Axes(value, as: axis.range) else {
      throw .parameterOutOfRange(
        activation: name, parameter: spelling, value: value.description, allowed: axis.range.description)
    }
    return Activation(rule: .alongAxes(AxisActivation(self, axes)))
  }
}

extension AxisDefinition: Hashable {
  package static func == (first: AxisDefinition, second: AxisDefinition) -> Bool { first === second }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension AxisDefinition {
  package static let softmax = AxisDefinition(
    "softmax", keras: .layer("Softmax"), leastRank: 2,  // as Keras, whose softmax alone refuses vectors
    formula: Formula(
      "e^(xᵢ - max x) / Σⱼ e^(xⱼ - max x)", slope: "yᵢ (gᵢ - Σⱼ gⱼ yⱼ)", errors: .probabilities),
    reference: { Exponentials(of: $0).probabilities },
    .lines(ck_softmax, pullback: ck_softmax_pullback))

  package static let softmin = AxisDefinition(
    "softmin", keras: .notThere,
    formula: Formula("softmax(-x)ᵢ", slope: "-yᵢ (gᵢ - Σⱼ gⱼ yⱼ)", errors: .probabilities),
    reference: { Exponentials(of: $0.map(-)).probabilities },
    .lines(ck_softmax, pullback: ck_softmax_pullback, isNegated: true))

  package static let logSoftmax = AxisDefinition(
    "log_softmax",
    formula: Formula("xᵢ - log Σⱼ e^xⱼ", slope: "gᵢ - softmax(x)ᵢ Σⱼ gⱼ", errors: .logarithms),
    reference: { Exponentials(of: $0).logarithms },
    .lines(ck_log_softmax, pullback: ck_log_softmax_pullback))

  package static let sparsemax = AxisDefinition(
    "sparsemax",
    formula: Formula(
      "max(xᵢ - τ, 0), τ such that the sum is 1", slope: "gᵢ - mean of those gⱼ where yⱼ > 0, for yᵢ > 0",
      "0 otherwise", errors: .simplex),
    .lines(ck_sparsemax, pullback: ck_sparsemax_pullback))

  package static let hardmax = AxisDefinition(
    "hardmax", keras: .notThere, range: .axis,
    formula: Formula("1 for the first of the largest xᵢ", "0 otherwise", slope: "0", errors: .exact),
    .lines(ck_hardmax, pullback: nil))

  package static let glu = AxisDefinition(
    "glu", range: .axis,
    formula: Formula(
      "a sigmoid(b), a and b the halves of x", slope: "[g sigmoid(b), g a sigmoid(b) sigmoid(-b)]", errors: .gated),
    .gatedHalves)

  package static let all = [softmax, softmin, logSoftmax, sparsemax, hardmax, glu]
}

extension ErrorBounds {
  /// Of each probability, for lines of up to 10,000.
  fileprivate static let probabilities = ErrorBounds(
    value: Bound(float: 4, double: 4), slope: Bound(float: 8, double: 8), slopeScale: "yᵢ (|gᵢ| + Σⱼ |gⱼ| yⱼ)")
  fileprivate static let logarithms = ErrorBounds(
    value: Bound(float: 1, double: 2), slope: Bound(float: 8, double: 8), slopeScale: "|gᵢ| + softmax(x)ᵢ Σⱼ |gⱼ|")
  fileprivate static let simplex = ErrorBounds(
    value: Bound(float: 2, double: 2), slope: Bound(float: 2, double: 2), valueScale: "1",
    slopeScale: "|gᵢ| + mean |gⱼ|")
  fileprivate static let gated = ErrorBounds(value: Bound(float: 3, double: 4), slope: Bound(float: 6, double: 8))
}

/// The exponentials of a line, less its largest element.
private struct Exponentials {
  private let shifted: [Double]
  private let exponentials: [Double]
  /// The sum without the largest, whose exponential is 1, so that small ones count in the logarithm.
  private let others: Double

  init(of x: [Double]) {
    let top = x.indices.max { x[$0] < x[$1] }!
    let shifted = x.map { $0 - x[top] }
    let exponentials = shifted.map { exp($0) }
    self.shifted = shifted
    self.exponentials = exponentials
    others = exponentials.indices.reduce(0.0) { $1 == top ? $0 : $0 + exponentials[$1] }
  }

  var probabilities: [Double] { exponentials.map { $0 / (1 + others) } }
  var logarithms: [Double] { shifted.map { $0 - log1p(others) } }
}
