import Activations
import Tensor

/// An elementwise activation as `verify` and `bench` know it, with exact results.
struct Subject: Sendable {
  /// Keras's identifier; the form of gelu by tanh has a name of its own.
  let name: String
  private let facts: ActivationFacts
  /// Parameters that are the same in all settings.
  private let fixed: [String: Configuration]
  /// Parameters to verify, in the activation's order: first the defaults, which are none where they stand for numbers that the
  /// element types do not hold.
  let settings: [[Double]]
  let reference: @Sendable ([Double]) -> any Reference

  private init(
    _ name: String, of activation: String? = nil, _ fixed: [String: Configuration] = [:],
    settings: [[Double]] = [[]], reference: @escaping @Sendable ([Double]) -> any Reference
  ) {
    self.name = name
    facts = certain { () throws(ActivationError) in try ActivationFacts.named(activation ?? name) }
    self.fixed = fixed
    self.settings = settings
    self.reference = reference
  }

  /// Keras's names of the parameters in a setting that has some.
  var parameterNames: [String] { facts.parameters.map(\.name) }

  /// The largest error that is allowed, in ulp.
  func bound(_ direction: Direction) -> ErrorBounds.Bound {
    let errors = facts.formula.errors
    guard let bound = direction == .value ? errors.value : errors.slope else { trap("\(name) has no error bound") }
    return bound
  }

  /// The activation with parameters of one setting.
  func activation<Scalar: RealScalar>(_ setting: [Double]) -> Activation<Scalar> {
    var parameters = fixed
    for (parameter, value) in zip(parameterNames, setting) {
      parameters[parameter] = value == .infinity ? .null : .number(value)
    }
    return certain { () throws(ActivationError) in try Activation(named: facts.name, parameters: parameters) }
  }

  /// The name here of what `list` knows under this name or another: silu for swish.
  static func canonicalName(_ name: String) -> String {
    if all.contains(where: { $0.name == name }) { return name }
    return (try? ActivationFacts.named(name).name) ?? name
  }

  /// `elu(alpha: 0.3)`.
  func title(_ setting: [Double]) -> String {
    if setting.isEmpty { return name }
    let list = zip(parameterNames, setting).map { "\($0): \($1)" }.joined(separator: ", ")
    return "\(name)(\(list))"
  }

  static let all: [Subject] = [
    Subject("linear") { _ in LinearReference() },
    Subject(
      "relu", settings: [[0, .infinity, 0], [0.1, 6.5, 0.7], [0.3, .infinity, -1.3]]
    ) { RectifierReference(slopeBelow: $0[0], largest: $0[1], threshold: $0[2]) },
    Subject("leaky_relu", settings: [[0.2], [0.01], [0.37]]) { LeakyRectifierReference(slopeBelow: $0[0]) },
    // Pairs whose mean is a Float where both of them are.
    Subject("rrelu", settings: [[0.125, 1.0 / 3], [0.125, 0.3], [0.25, 0.7]]) {
      LeakyRectifierReference(slopeBelow: ($0[0] + $0[1]) / 2)
    },
    Subject("relu6") { _ in ClampReference(smallest: 0, largest: 6, slopeAtEnds: 0) },
    Subject("elu", settings: [[1], [0.3], [1.7]]) { ExponentialUnitReference.elu(alpha: $0[0]) },
    Subject("selu", settings: [[], [1.7, 1.3], [0.3, 0.7]]) {
      $0.isEmpty ? ExponentialUnitReference.selu : .selu(alpha: $0[0], scale: $0[1])
    },
    Subject("celu", settings: [[1], [0.3], [1.7]]) { ExponentialUnitReference.celu(alpha: $0[0]) },
    Subject("gelu") { _ in GELUReference() },
    Subject("gelu_tanh", of: "gelu", ["approximate": true]) { _ in TanhGELUReference() },
    Subject("sigmoid") { _ in SigmoidReference() },
    Subject("silu") { _ in SiLUReference() },
    Subject("tanh") { _ in HyperbolicTangentReference() },
    Subject("softplus", settings: [[1], [0.3], [1.7]]) { SoftplusReference(beta: $0[0]) },
    Subject("softsign") { _ in SoftsignReference() },
    Subject("exponential") { _ in ExponentialReference() },
    Subject("hard_sigmoid", settings: [[], [0.3, 0.7], [-1.7, 0.1]]) {
      $0.isEmpty ? RampReference(end: 3) as any Reference : ClampedLineReference(slope: $0[0], offset: $0[1])
    },
    Subject("hard_sigmoid_keras2") { _ in RampReference(end: 2.5) },
    Subject("hard_silu") { _ in HardSiLUReference() },
    Subject("mish") { _ in MishReference() },
    Subject("log_sigmoid") { _ in LogSigmoidReference() },
    Subject("hard_tanh", settings: [[-1, 1], [-0.3, 1.7], [-2.5, 0.7]]) {
      ClampReference(smallest: $0[0], largest: $0[1], slopeAtEnds: 1)
    },
    Subject("hard_shrink", settings: [[0.5], [0.3], [1.7]]) { HardShrinkReference(threshold: $0[0]) },
    Subject("soft_shrink", settings: [[0.5], [0.3], [1.7]]) { SoftShrinkReference(threshold: $0[0]) },
    Subject("tanh_shrink") { _ in TanhShrinkReference() },
    Subject("threshold", settings: [[0.5, -1], [0.3, 1.7], [-0.7, 0.1]]) {
      ThresholdReference(threshold: $0[0], replacement: $0[1])
    },
    Subject("squareplus", settings: [[4], [0.3], [1.7]]) { SquareplusReference(b: $0[0]) },
    Subject("sparse_plus") { _ in SparsePlusReference() },
    Subject("sparse_sigmoid") { _ in RampReference(end: 1) },
  ]
}

/// What throws for names, parameters and shapes that do not occur here.
func certain<Result>(_ body: () throws(ActivationError) -> Result) -> Result {
  do { return try body() } catch { trap("\(error)") }
}
