extension AxisActivation.Kind {
  var formula: Formula {
    switch self {
    case .softmax:
      Formula("e^(xᵢ - max x) / Σⱼ e^(xⱼ - max x)", slope: "yᵢ (gᵢ - Σⱼ gⱼ yⱼ)", errors: .probabilities)
    case .softmin:
      Formula("softmax(-x)ᵢ", slope: "-yᵢ (gᵢ - Σⱼ gⱼ yⱼ)", errors: .probabilities)
    case .logSoftmax:
      Formula("xᵢ - log Σⱼ e^xⱼ", slope: "gᵢ - softmax(x)ᵢ Σⱼ gⱼ", errors: .logarithms)
    case .sparsemax:
      Formula(
        "max(xᵢ - τ, 0), τ such that the sum is 1", slope: "gᵢ - mean of those gⱼ where yⱼ > 0, for yᵢ > 0",
        "0 otherwise", errors: .simplex)
    case .hardmax:
      Formula("1 for the first of the largest xᵢ", "0 otherwise", slope: "0", errors: .exact)
    case .glu:
      Formula(
        "a sigmoid(b), a and b the halves of x", slope: "[g sigmoid(b), g a sigmoid(b) sigmoid(-b)]",
        errors: .gated)
    }
  }
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
