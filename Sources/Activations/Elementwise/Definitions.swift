internal import CKernels

// Every elementwise activation: names, parameters with defaults and ranges, settings that are tested, kernel.
extension Definition {
  static let linear = Definition("linear") { _ in nil }

  static let relu = Definition(
    "relu",
    [
      Parameter("negative_slope", 0, label: "alpha", aliases: ["alpha"]),
      Parameter("max_value", .infinity, .limit),
      Parameter("threshold", 0),
    ],
    settings: [[0.1, 6.5, 0.7], [0.3, .infinity, -1.3]]
  ) { $0 == Arguments(a: 0, b: .infinity, c: 0) ? Kernel(ck_rectifier) : Kernel(ck_relu, $0.a, $0.b, $0.c) }
  static let leakyRelu = Definition(
    "leaky_relu", [Parameter("negative_slope", 0.2, aliases: ["alpha"])], settings: [[0.01], [0.3]]
  ) { Kernel(ck_leaky_relu, $0.a) }
  static let rrelu = Definition(
    "rrelu", [Parameter("lower", 1.0 / 8), Parameter("upper", 1.0 / 3)], isRange: true,
    settings: [[0.1, 0.3], [0.05, 0.7]]
  ) { Kernel(ck_leaky_relu, $0.a / 2 + $0.b / 2) }
  static let relu6 = Definition("relu6") { _ in Kernel(ck_relu6) }
  static let hardTanh = Definition(
    "hard_tanh", aliases: ["hardtanh"],
    [Parameter("min_value", -1, aliases: ["min_val"]), Parameter("max_value", 1, aliases: ["max_val"])], isRange: true,
    settings: [[-0.7, 1.3], [0.1, 6.5]]
  ) { Kernel(ck_hard_tanh, $0.a, $0.b) }
  static let hardSigmoid = Definition("hard_sigmoid", aliases: ["hardsigmoid"]) { _ in Kernel(ck_hard_sigmoid) }
  static let hardSigmoidKeras2 = Definition("hard_sigmoid_keras2") { _ in Kernel(ck_hard_sigmoid_keras2) }
  static let hardSilu = Definition("hard_silu", aliases: ["hard_swish", "hardswish"]) { _ in Kernel(ck_hard_silu) }
  static let hardShrink = Definition(
    "hard_shrink", aliases: ["hardshrink"], [Parameter("threshold", 0.5, .nonnegative, aliases: ["lambd"])],
    settings: [[0.3], [1.7]]
  ) { Kernel(ck_hard_shrink, $0.a) }
  static let softShrink = Definition(
    "soft_shrink", aliases: ["softshrink"], [Parameter("threshold", 0.5, .nonnegative, aliases: ["lambd"])],
    settings: [[0.3], [1.7]]
  ) { Kernel(ck_soft_shrink, $0.a) }
  static let threshold = Definition(
    "threshold", [Parameter("threshold"), Parameter("default_value", label: "value", aliases: ["value"])],
    settings: [[0.5, -7], [0.7, 20.1], [-1.3, 0.3]]
  ) { Kernel(ck_threshold, $0.a, $0.b) }
  static let sparsePlus = Definition("sparse_plus") { _ in Kernel(ck_sparse_plus) }
  static let sparseSigmoid = Definition("sparse_sigmoid") { _ in Kernel(ck_sparse_sigmoid) }

  static let softsign = Definition("softsign") { _ in Kernel(ck_softsign) }
  static let squareplus = Definition("squareplus", [Parameter("b", 4, .nonnegative)], settings: [[0.3], [1.7]]) {
    Kernel(ck_squareplus, $0.a)
  }

  static let exponential = Definition("exponential") { _ in Kernel(ck_exponential) }
  static let elu = Definition("elu", [Parameter("alpha", 1)], settings: [[0.3], [1.7]]) { Kernel(ck_elu, $0.a) }
  static let selu = Definition("selu") { _ in Kernel(ck_selu) }
  static let celu = Definition("celu", [Parameter("alpha", 1, .invertible)], settings: [[0.3], [1.7]]) {
    $0.a == 1 ? Kernel(ck_elu, 1) : Kernel(ck_celu, $0.a)
  }
  static let sigmoid = Definition("sigmoid") { _ in Kernel(ck_sigmoid) }
  static let silu = Definition("silu", aliases: ["swish"]) { _ in Kernel(ck_silu) }
  static let logSigmoid = Definition("log_sigmoid", aliases: ["logsigmoid"]) { _ in Kernel(ck_log_sigmoid) }
  static let softplus = Definition("softplus", [Parameter("beta", 1, .positive)], settings: [[0.3], [1.7]]) {
    $0.a == 1 ? Kernel(ck_softplus) : Kernel(ck_softplus_of_multiple, $0.a)
  }
  static let mish = Definition("mish") { _ in Kernel(ck_mish) }
  static let tanh = Definition("tanh") { _ in Kernel(ck_hyperbolic_tangent) }
  static let tanhShrink = Definition("tanh_shrink", aliases: ["tanhshrink"]) { _ in Kernel(ck_tanh_shrink) }
  static let gelu = Definition("gelu", [Parameter("approximate", 0, .flag)], settings: [[1]]) {
    $0.a == 0 ? Kernel(ck_gelu) : Kernel(ck_gelu_tanh)
  }

  /// In the order of activations.h.
  static let all: [Definition] = [
    linear, relu, leakyRelu, rrelu, relu6, hardTanh, hardSigmoid, hardSigmoidKeras2, hardSilu, hardShrink, softShrink,
    threshold, sparsePlus, sparseSigmoid, softsign, squareplus, exponential, elu, selu, celu, sigmoid, silu, logSigmoid,
    softplus, mish, tanh, tanhShrink, gelu,
  ]
}
