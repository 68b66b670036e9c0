public import Tensor

// The activations whose results are integers where x and the parameters are: they keep the element type.

/// Rectified linear unit of integers; see ``Activation/relu(alpha:maxValue:threshold:)``. With an alpha, results below the
/// threshold wrap around where the element type cannot represent them. Alpha, and beside it the threshold, must be representable
/// in the element type.
public func relu<Scalar: NumericScalar & FixedWidthInteger>(
  _ x: Tensor<Scalar>, alpha: Int = 0, maxValue: Int? = nil, threshold: Int = 0
) -> Tensor<Scalar> {
  require(maxValue ?? 0 >= 0, "relu: maxValue is \(maxValue ?? 0); allowed: integers of at least 0, or none")
  if alpha == 0 && threshold == 0 { return x.clamped(to: 0, maxValue) }
  let passing = x.isAbove(threshold)
  var below = Tensor<Scalar>(0)
  if alpha != 0 {
    guard let alpha = Scalar(exactly: alpha), let threshold = Scalar(exactly: threshold) else {
      trap("relu: alpha is \(alpha) and threshold \(threshold); allowed: integers of \(Scalar.elementType.name)")
    }
    below = (x - threshold) * alpha
  }
  return .where(passing, maxValue == nil ? x : x.clamped(to: 0, maxValue), below)
}

/// Rectified linear unit of integers that ends at 6; see ``Activation/relu6``.
public func relu6<Scalar: NumericScalar & FixedWidthInteger>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> {
  x.clamped(to: 0, 6)
}

/// Integers limited to a range; see ``Activation/hardTanh(minValue:maxValue:)``.
public func hardTanh<Scalar: NumericScalar & FixedWidthInteger>(
  _ x: consuming Tensor<Scalar>, minValue: Int = -1, maxValue: Int = 1
) -> Tensor<Scalar> {
  x.clamped(to: minValue, maxValue)
}

/// Integers above a threshold, a constant up to it; see ``Activation/threshold(threshold:value:)``. The value must be representable
/// in the element type.
public func threshold<Scalar: NumericScalar & FixedWidthInteger>(
  _ x: Tensor<Scalar>, threshold: Int, value: Int
) -> Tensor<Scalar> {
  guard let constant = Scalar(exactly: value) else {
    trap("threshold: value is \(value); allowed: integers of \(Scalar.elementType.name)")
  }
  return .where(x.isAbove(threshold), x, Tensor(constant))
}

extension Tensor where Scalar: NumericScalar & FixedWidthInteger {
  /// A limit that the element type cannot represent is reached by no element, or by every one.
  fileprivate consuming func clamped(to lowest: Int, _ highest: Int?) -> Tensor {
    let lower = Scalar(clamping: lowest)
    guard let upper = highest.map({ Scalar(clamping: $0) }) else { return clamped(lower...) }
    return clamped(Swift.min(lower, upper)...upper)
  }

  fileprivate func isAbove(_ threshold: Int) -> Tensor<Bool> {
    if threshold < Int(clamping: Scalar.min) { return Tensor<Bool>(repeating: true, shape: shape) }
    return self .> Scalar(clamping: threshold)
  }
}

extension Activation {
  /// The activation of integers, converted to this activation's element type first.
  /// - Throws: ``ActivationError`` as with reals: elementwise activations never.
  public func callAsFunction<Integer: NumericScalar & FixedWidthInteger>(
    _ x: Tensor<Integer>
  ) throws(ActivationError) -> Tensor<Scalar> {
    try self(x.cast(to: Scalar.self))
  }

  /// The activation of integers as integers, if its results are integers; otherwise `nil`.
  package func integers<Integer: NumericScalar & FixedWidthInteger>(_ x: Tensor<Integer>) -> Tensor<Integer>? {
    guard case .elementwise(let activation) = rule else { return nil }
    return activation.definition.integers(activation.arguments)?(x)
  }
}

/// What an activation does to integers.
enum IntegerForm: Sendable {
  case identity
  case rectified(maxValue: Int? = nil, threshold: Int = 0)
  case limited(Int, Int)
  case replaced(upTo: Int, with: Int)

  /// Nil if the element type cannot represent the constant that replaces elements.
  func callAsFunction<Integer: NumericScalar & FixedWidthInteger>(_ x: Tensor<Integer>) -> Tensor<Integer>? {
    switch self {
    case .identity: x
    case .rectified(let maxValue, let limit): relu(x, maxValue: maxValue, threshold: limit)
    case .limited(let lowest, let highest): hardTanh(x, minValue: lowest, maxValue: highest)
    case .replaced(let limit, let value):
      Integer(exactly: value) == nil ? nil : threshold(x, threshold: limit, value: value)
    }
  }
}
