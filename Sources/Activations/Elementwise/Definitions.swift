internal import CKernels

// Every elementwise activation: names, parameters with defaults and ranges, formula with error bounds, settings that are
// tested, kernel.
extension Definition {
  static let linear = Definition("linear", formula: Formula("x", slope: "1", errors: .exact)) { _ in nil }

  static let relu = Definition(
    "relu",
    [
      Parameter("negative_slope", 0, label: "alpha", aliases: ["alpha"]),
      Parameter("max_value", .infinity, .limit),
      Parameter("threshold", 0),
    ],
    formula: Formula(
      "x for x > threshold, with a max_value min(max(x, 0), max_value)", "negative_slope (x - threshold) otherwise",
      slope: "negative_slope for x < threshold", "1 for threshold < x < max_value", "0 otherwise",
      errors: ErrorBounds(1, slope: 0)),
    settings: [[0.1, 6.5, 0.7], [0.3, .infinity, -1.3]]
  ) { $0 == Arguments(a: 0, b: .infinity, c: 0) ? Kernel(ck_rectifier) : Kernel(ck_relu, $0.a, $0.b, $0.c) }
  static let leakyRelu = Definition(
    "leaky_relu", [Parameter("negative_slope", 0.2, aliases: ["alpha"])],
    formula: Formula(
      "x for x >= 0", "negative_slope x otherwise", slope: "1 for x > 0", "negative_slope otherwise",
      errors: ErrorBounds(0.5, slope: 0)),
    settings: [[0.01], [0.3]]
  ) { Kernel(ck_leaky_relu, $0.a) }
  static let rrelu = Definition(
    "rrelu", [Parameter("lower", 1.0 / 8), Parameter("upper", 1.0 / 3)],
    formula: Formula(
      "x for x >= 0", "(lower + upper) / 2 · x otherwise", slope: "1 for x > 0", "(lower + upper) / 2 otherwise",
      errors: ErrorBounds(1, slope: 0.5)),
    relation: .ascending, settings: [[0.1, 0.3], [0.05, 0.7]]
  ) { Kernel(ck_leaky_relu, $0.a / 2 + $0.b / 2) }
  static let relu6 = Definition(
    "relu6", formula: Formula("min(max(x, 0), 6)", slope: "1 for 0 < x < 6", "0 otherwise", errors: .exact)
  ) { _ in Kernel(ck_relu6) }
  static let hardTanh = Definition(
    "hard_tanh", aliases: ["hardtanh"],
    [Parameter("min_value", -1, aliases: ["min_val"]), Parameter("max_value", 1, aliases: ["max_val"])],
    formula: Formula(
      "min(max(x, min_value), max_value)", slope: "1 for min_value <= x <= max_value", "0 otherwise", errors: .exact),
    settings: [[-0.7, 1.3], [0.1, 6.5], [1.7, -0.3]]
  ) { Kernel(ck_hard_tanh, $0.a, $0.b) }
  static let hardSigmoid = Definition(
    "hard_sigmoid", aliases: ["hardsigmoid"], [Parameter("alpha", 1.0 / 6), Parameter("beta", 0.5)],
    formula: Formula(
      "min(max(alpha x + beta, 0), 1)", slope: "alpha for 0 < alpha x + beta < 1", "0 otherwise",
      errors: ErrorBounds(1, slope: 0.5)),
    settings: [[0.3, 0.7], [-1.7, 0.1]]
  ) {
    switch ($0.a, $0.b) {
    case (1.0 / 6, 0.5): Kernel(ck_hard_sigmoid)
    case (0.2, 0.5): Kernel(ck_hard_sigmoid_keras2)
    default: Kernel(ck_ramp, $0.a, $0.b)
    }
  }
  static let hardSigmoidKeras2 = Definition(
    "hard_sigmoid_keras2",
    formula: Formula(
      "min(max(0.2 x + 0.5, 0), 1)", slope: "0.2 for -2.5 < x < 2.5", "0 otherwise", errors: ErrorBounds(1, slope: 0.5))
  ) { _ in Kernel(ck_hard_sigmoid_keras2) }
  static let hardSilu = Definition(
    "hard_silu", aliases: ["hard_swish", "hardswish"],
    formula: Formula(
      "x hard_sigmoid(x)", slope: "0 for x <= -3", "1 for x >= 3", "(2 x + 3) / 6 otherwise",
      errors: ErrorBounds(1, slope: 2))
  ) { _ in Kernel(ck_hard_silu) }
  static let hardShrink = Definition(
    "hard_shrink", aliases: ["hardshrink"], [Parameter("threshold", 0.5, .nonnegative, aliases: ["lambd"])],
    formula: Formula(
      "x for |x| > threshold", "0 otherwise", slope: "1 for |x| > threshold", "0 otherwise", errors: .exact),
    settings: [[0.3], [1.7]]
  ) { Kernel(ck_hard_shrink, $0.a) }
  static let softShrink = Definition(
    "soft_shrink", aliases: ["softshrink"], [Parameter("threshold", 0.5, .nonnegative, aliases: ["lambd"])],
    formula: Formula(
      "x - threshold for x > threshold", "x + threshold for x < -threshold", "0 otherwise",
      slope: "1 for |x| > threshold", "0 otherwise", errors: ErrorBounds(0.5, slope: 0)),
    settings: [[0.3], [1.7]]
  ) { Kernel(ck_soft_shrink, $0.a) }
  static let threshold = Definition(
    "threshold", [Parameter("threshold"), Parameter("default_value", label: "value", aliases: ["value"])],
    formula: Formula(
      "x for x > threshold", "default_value otherwise", slope: "1 for x > threshold", "0 otherwise", errors: .exact),
    settings: [[0.5, -7], [0.7, 20.1], [-1.3, 0.3]]
  ) { Kernel(ck_threshold, $0.a, $0.b) }
  static let sparsePlus = Definition(
    "sparse_plus",
    formula: Formula(
      "0 for x <= -1", "x for x >= 1", "(x + 1)² / 4 otherwise", slope: "min(max((x + 1) / 2, 0), 1)",
      errors: ErrorBounds(1, slope: 1))
  ) { _ in Kernel(ck_sparse_plus) }
  static let sparseSigmoid = Definition(
    "sparse_sigmoid",
    formula: Formula(
      "min(max((x + 1) / 2, 0), 1)", slope: "1/2 for -1 < x < 1", "0 otherwise", errors: ErrorBounds(0.5, slope: 0))
  ) { _ in Kernel(ck_sparse_sigmoid) }

  static let softsign = Definition(
    "softsign", formula: Formula("x / (1 + |x|)", slope: "1 / (1 + |x|)²", errors: .smooth)
  ) { _ in Kernel(ck_softsign) }
  static let squareplus = Definition(
    "squareplus", [Parameter("b", 4, .nonnegative)],
    formula: Formula("(x + √(x² + b)) / 2", slope: "(1 + x / √(x² + b)) / 2", errors: .smooth),
    settings: [[0.3], [1.7]]
  ) { Kernel(ck_squareplus, $0.a) }

  static let exponential = Definition("exponential", formula: Formula("eˣ", slope: "eˣ", errors: .smooth)) { _ in
    Kernel(ck_exponential)
  }
  static let elu = Definition(
    "elu", [Parameter("alpha", 1)],
    formula: Formula(
      "x for x > 0", "alpha (eˣ - 1) otherwise", slope: "1 for x > 0", "alpha eˣ otherwise", errors: .smooth),
    settings: [[0.3], [1.7]]
  ) { Kernel(ck_elu, $0.a) }
  static let selu = Definition(
    "selu", [Parameter("alpha", 1.6732632423543772), Parameter("scale", 1.0507009873554805, aliases: ["gamma"])],
    formula: Formula(
      "scale x for x > 0", "scale alpha (eˣ - 1) otherwise", slope: "scale for x > 0", "scale alpha eˣ otherwise",
      errors: .smooth),
    relation: .finiteProduct, settings: [[1.7, 1.3], [0.3, 0.7]]
  ) {
    let isOfPaper = $0 == Arguments(a: 1.6732632423543772, b: 1.0507009873554805)
    return isOfPaper ? Kernel(ck_selu) : Kernel(ck_scaled_elu, $0.a, $0.b)
  }
  static let celu = Definition(
    "celu", [Parameter("alpha", 1, .invertible)],
    formula: Formula(
      "x for x > 0", "alpha (e^(x / alpha) - 1) otherwise", slope: "1 for x > 0", "e^(x / alpha) otherwise",
      errors: .smooth),
    settings: [[0.3], [1.7]]
  ) { $0.a == 1 ? Kernel(ck_elu, 1) : Kernel(ck_celu, $0.a) }
  static let sigmoid = Definition(
    "sigmoid", formula: Formula("1 / (1 + e⁻ˣ)", slope: "sigmoid(x) sigmoid(-x)", errors: .smooth)
  ) { _ in Kernel(ck_sigmoid) }
  static let silu = Definition(
    "silu", aliases: ["swish"],
    formula: Formula("x sigmoid(x)", slope: "sigmoid(x) (1 + x sigmoid(-x))", errors: .smoothWithRoot)
  ) { _ in Kernel(ck_silu) }
  static let logSigmoid = Definition(
    "log_sigmoid", aliases: ["logsigmoid"], formula: Formula("-log(1 + e⁻ˣ)", slope: "sigmoid(-x)", errors: .smooth)
  ) { _ in Kernel(ck_log_sigmoid) }
  static let softplus = Definition(
    "softplus", [Parameter("beta", 1, .positive)],
    formula: Formula("log(1 + e^(beta x)) / beta", slope: "sigmoid(beta x)", errors: .smooth), settings: [[0.3], [1.7]]
  ) { $0.a == 1 ? Kernel(ck_softplus) : Kernel(ck_softplus_of_multiple, $0.a) }
  static let mish = Definition(
    "mish",
    formula: Formula(
      "x tanh(softplus(x))", slope: "t + x sigmoid(x) (1 - t²), t = tanh(softplus(x))", errors: .smoothWithRoot)
  ) { _ in Kernel(ck_mish) }
  static let tanh = Definition("tanh", formula: Formula("tanh(x)", slope: "1 - tanh²(x)", errors: .smooth)) { _ in
    Kernel(ck_hyperbolic_tangent)
  }
  static let tanhShrink = Definition(
    "tanh_shrink", aliases: ["tanhshrink"], formula: Formula("x - tanh(x)", slope: "tanh²(x)", errors: .smooth)
  ) { _ in Kernel(ck_tanh_shrink) }
  static let gelu = Definition(
    "gelu", [Parameter("approximate", 0, .flag)],
    formula: Formula(
      "x Φ(x) = x erfc(-x / √2) / 2", "approximate: x (1 + tanh u) / 2, u = √(2/π) (x + 0.044715 x³)",
      slope: "Φ(x) + x e^(-x²/2) / √(2π)",
      "approximate: (1 + tanh u) / 2 + x (1 - tanh² u) √(2/π) (1 + 0.134145 x²) / 2", errors: .smoothWithRoot),
    settings: [[1]]
  ) { $0.a == 0 ? Kernel(ck_gelu) : Kernel(ck_gelu_tanh) }

  /// In the order of activations.h.
  static let all: [Definition] = [
    linear, relu, leakyRelu, rrelu, relu6, hardTanh, hardSigmoid, hardSigmoidKeras2, hardSilu, hardShrink, softShrink,
    threshold, sparsePlus, sparseSigmoid, softsign, squareplus, exponential, elu, selu, celu, sigmoid, silu, logSigmoid,
    softplus, mish, tanh, tanhShrink, gelu,
  ]
}
