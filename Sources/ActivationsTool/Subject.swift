import Activations
import Tensor

/// An elementwise activation as `verify` and `bench` know it.
struct Subject: Sendable {
  /// Keras's identifier; the form of gelu by tanh has a name of its own.
  let name: String
  /// Keras's names of the parameters.
  let parameterNames: [String]
  /// Parameters to verify: first the defaults.
  let settings: [[Double]]
  let reference: @Sendable ([Double]) -> any Reference

  private init(
    _ name: String, _ parameterNames: [String] = [], _ settings: [[Double]] = [[]],
    reference: @escaping @Sendable ([Double]) -> any Reference
  ) {
    self.name = name
    self.parameterNames = parameterNames
    self.settings = settings
    self.reference = reference
  }

  /// The activation with parameters of one setting.
  func activation<Scalar: RealScalar>(_ setting: [Double]) -> Activation<Scalar> {
    var parameters: [String: Configuration] = [:]
    for (parameter, value) in zip(parameterNames, setting) {
      parameters[parameter] = value == .infinity ? .null : .number(value)
    }
    var identifier = name
    if name == "gelu_tanh" {
      identifier = "gelu"
      parameters["approximate"] = true
    }
    return certain { () throws(ActivationError) in try Activation(named: identifier, parameters: parameters) }
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
      "relu", ["alpha", "max_value", "threshold"],
      [[0, .infinity, 0], [0.1, 6.5, 0.7], [0.3, .infinity, -1.3]]
    ) { RectifierReference(slopeBelow: $0[0], largest: $0[1], threshold: $0[2]) },
    Subject("leaky_relu", ["negative_slope"], [[0.2], [0.01], [0.37]]) { LeakyRectifierReference(slopeBelow: $0[0]) },
    // Pairs whose mean is a Float where both of them are.
    Subject("rrelu", ["lower", "upper"], [[0.125, 1.0 / 3], [0.125, 0.3], [0.25, 0.7]]) {
      LeakyRectifierReference(slopeBelow: ($0[0] + $0[1]) / 2)
    },
    Subject("relu6") { _ in ClampReference(smallest: 0, largest: 6, slopeAtEnds: 0) },
    Subject("elu", ["alpha"], [[1], [0.3], [1.7]]) { ExponentialUnitReference.elu(alpha: $0[0]) },
    Subject("selu") { _ in ExponentialUnitReference.selu },
    Subject("celu", ["alpha"], [[1], [0.3], [1.7]]) { ExponentialUnitReference.celu(alpha: $0[0]) },
    Subject("gelu") { _ in GELUReference() },
    Subject("gelu_tanh") { _ in TanhGELUReference() },
    Subject("sigmoid") { _ in SigmoidReference() },
    Subject("silu") { _ in SiLUReference() },
    Subject("tanh") { _ in HyperbolicTangentReference() },
    Subject("softplus", ["beta"], [[1], [0.3], [1.7]]) { SoftplusReference(beta: $0[0]) },
    Subject("softsign") { _ in SoftsignReference() },
    Subject("exponential") { _ in ExponentialReference() },
    Subject("hard_sigmoid") { _ in RampReference(end: 3) },
    Subject("hard_sigmoid_keras2") { _ in RampReference(end: 2.5) },
    Subject("hard_silu") { _ in HardSiLUReference() },
    Subject("mish") { _ in MishReference() },
    Subject("log_sigmoid") { _ in LogSigmoidReference() },
    Subject("hard_tanh", ["min_value", "max_value"], [[-1, 1], [-0.3, 1.7], [-2.5, 0.7]]) {
      ClampReference(smallest: $0[0], largest: $0[1], slopeAtEnds: 1)
    },
    Subject("hard_shrink", ["threshold"], [[0.5], [0.3], [1.7]]) { HardShrinkReference(threshold: $0[0]) },
    Subject("soft_shrink", ["threshold"], [[0.5], [0.3], [1.7]]) { SoftShrinkReference(threshold: $0[0]) },
    Subject("tanh_shrink") { _ in TanhShrinkReference() },
    Subject("threshold", ["threshold", "value"], [[0.5, -1], [0.3, 1.7], [-0.7, 0.1]]) {
      ThresholdReference(threshold: $0[0], replacement: $0[1])
    },
    Subject("squareplus", ["b"], [[4], [0.3], [1.7]]) { SquareplusReference(b: $0[0]) },
    Subject("sparse_plus") { _ in SparsePlusReference() },
    Subject("sparse_sigmoid") { _ in RampReference(end: 1) },
  ]
}

/// What throws for names, parameters and shapes that do not occur here.
func certain<Result>(_ body: () throws(ActivationError) -> Result) -> Result {
  do { return try body() } catch { trap("\(error)") }
}
