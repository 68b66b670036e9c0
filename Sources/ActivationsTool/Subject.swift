import CKernels
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
  fileprivate let kernel: @Sendable ([Double]) -> (ck_function, ck_parameters)

  fileprivate init(
    _ name: String, _ parameterNames: [String] = [], _ settings: [[Double]] = [[]],
    row: @escaping @Sendable ([Double]) -> (ck_function, ck_parameters),
    reference: @escaping @Sendable ([Double]) -> any Reference
  ) {
    self.name = name
    self.parameterNames = parameterNames
    self.settings = settings
    self.kernel = row
    self.reference = reference
  }

  fileprivate init(
    _ name: String, _ function: ck_function, _ parameterNames: [String] = [], _ settings: [[Double]] = [[]],
    reference: @escaping @Sendable ([Double]) -> any Reference
  ) {
    self.init(
      name, parameterNames, settings,
      row: { values in
        let padded = values + [0, 0, 0]
        return (function, ck_parameters(a: padded[0], b: padded[1], c: padded[2]))
      }, reference: reference)
  }

  func row(_ setting: [Double]) -> Row {
    let (function, parameters) = kernel(setting)
    return Row(function: function, parameters: parameters)
  }

  /// `elu(alpha: 0.3)`.
  func title(_ setting: [Double]) -> String {
    if setting.isEmpty { return name }
    let list = zip(parameterNames, setting).map { "\($0): \($1)" }.joined(separator: ", ")
    return "\(name)(\(list))"
  }

  static let all: [Subject] = [
    Subject(
      "relu", ["alpha", "max_value", "threshold"],
      [[0, .infinity, 0], [0.1, 6.5, 0.7], [0.3, .infinity, -1.3]],
      row: { p in
        let isPlain = p == [0, .infinity, 0]
        return (isPlain ? ck_rectifier : ck_relu, ck_parameters(a: p[0], b: p[1], c: p[2]))
      },
      reference: { RectifierReference(slopeBelow: $0[0], largest: $0[1], threshold: $0[2]) }),
    Subject("leaky_relu", ck_leaky_relu, ["negative_slope"], [[0.2], [0.01], [0.37]]) {
      LeakyRectifierReference(slopeBelow: $0[0])
    },
    Subject("relu6", ck_relu6) { _ in ClampReference(smallest: 0, largest: 6, slopeAtEnds: 0) },
    Subject("elu", ck_elu, ["alpha"], [[1], [0.3], [1.7]]) { ExponentialUnitReference.elu(alpha: $0[0]) },
    Subject("selu", ck_selu) { _ in ExponentialUnitReference.selu },
    Subject("celu", ck_celu, ["alpha"], [[1], [0.3], [1.7]]) { ExponentialUnitReference.celu(alpha: $0[0]) },
    Subject("gelu", ck_gelu) { _ in GELUReference() },
    Subject("gelu_tanh", ck_gelu_tanh) { _ in TanhGELUReference() },
    Subject("sigmoid", ck_sigmoid) { _ in SigmoidReference() },
    Subject("silu", ck_silu) { _ in SiLUReference() },
    Subject("tanh", ck_hyperbolic_tangent) { _ in HyperbolicTangentReference() },
    Subject(
      "softplus", ["beta"], [[1], [0.3], [1.7]],
      row: { p in (p == [1] ? ck_softplus : ck_softplus_of_multiple, ck_parameters(a: p[0], b: 0, c: 0)) },
      reference: { SoftplusReference(beta: $0[0]) }),
    Subject("softsign", ck_softsign) { _ in SoftsignReference() },
    Subject("exponential", ck_exponential) { _ in ExponentialReference() },
    Subject("hard_sigmoid", ck_hard_sigmoid) { _ in RampReference(end: 3) },
    Subject("hard_sigmoid_keras2", ck_hard_sigmoid_keras2) { _ in RampReference(end: 2.5) },
    Subject("hard_silu", ck_hard_silu) { _ in HardSiLUReference() },
    Subject("mish", ck_mish) { _ in MishReference() },
    Subject("log_sigmoid", ck_log_sigmoid) { _ in LogSigmoidReference() },
    Subject("hard_tanh", ck_hard_tanh, ["min_value", "max_value"], [[-1, 1], [-0.3, 1.7], [-2.5, 0.7]]) {
      ClampReference(smallest: $0[0], largest: $0[1], slopeAtEnds: 1)
    },
    Subject("hard_shrink", ck_hard_shrink, ["threshold"], [[0.5], [0.3], [1.7]]) {
      HardShrinkReference(threshold: $0[0])
    },
    Subject("soft_shrink", ck_soft_shrink, ["threshold"], [[0.5], [0.3], [1.7]]) {
      SoftShrinkReference(threshold: $0[0])
    },
    Subject("tanh_shrink", ck_tanh_shrink) { _ in TanhShrinkReference() },
    Subject("threshold", ck_threshold, ["threshold", "value"], [[0.5, -1], [0.3, 1.7], [-0.7, 0.1]]) {
      ThresholdReference(threshold: $0[0], replacement: $0[1])
    },
    Subject("squareplus", ck_squareplus, ["b"], [[4], [0.3], [1.7]]) { SquareplusReference(b: $0[0]) },
    Subject("sparse_plus", ck_sparse_plus) { _ in SparsePlusReference() },
    Subject("sparse_sigmoid", ck_sparse_sigmoid) { _ in RampReference(end: 1) },
  ]
}

/// A row of the kernels with its parameters.
struct Row: Sendable {
  let function: ck_function
  let parameters: ck_parameters

  func value<Scalar: RealScalar>(_ x: consuming Tensor<Scalar>, kernels: Kernels = .best) -> Tensor<Scalar> {
    x.unary(function, parameters, kernels: kernels)
  }

  func pullback<Scalar: RealScalar>(
    _ upstream: consuming Tensor<Scalar>, at x: Tensor<Scalar>, kernels: Kernels = .best
  ) -> Tensor<Scalar> {
    .pullback(function, upstream, at: x, parameters, kernels: kernels)
  }
}
