internal import CKernels

// Elementwise comparisons with NumPy's broadcasting; NaN is unequal to everything. The dot distinguishes them from
// `==`, which asks whether two tensors are equal as a whole.

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .&& : LogicalConjunctionPrecedence
infix operator .|| : LogicalDisjunctionPrecedence
infix operator .^ : LogicalDisjunctionPrecedence
prefix operator .!

extension Tensor {
  @_disfavoredOverload
  public static func .== (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_equal, x, y) }
  public static func .== (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_equal, x, y) }
  public static func .== (x: Scalar, y: Tensor) -> Tensor<Bool> { y .== x }
  @_disfavoredOverload
  public static func .!= (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_not_equal, x, y) }
  public static func .!= (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_not_equal, x, y) }
  public static func .!= (x: Scalar, y: Tensor) -> Tensor<Bool> { y .!= x }

  /// `x` where the condition holds, `y` elsewhere; all three broadcast.
  public static func `where`(_ condition: Tensor<Bool>, _ x: Tensor, _ y: Tensor) -> Tensor {
    selection(condition, x, y)
  }

  /// This tensor with another value wherever the condition holds.
  public func replacing(with replacement: Tensor, where condition: Tensor<Bool>) -> Tensor {
    Self.selection(condition, replacement, self)
  }
}

extension Tensor where Scalar: NumericScalar {
  @_disfavoredOverload
  public static func .< (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_less, x, y) }
  public static func .< (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_less, x, y) }
  public static func .< (x: Scalar, y: Tensor) -> Tensor<Bool> { y .> x }
  @_disfavoredOverload
  public static func .<= (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_less_equal, x, y) }
  public static func .<= (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_less_equal, x, y) }
  public static func .<= (x: Scalar, y: Tensor) -> Tensor<Bool> { y .>= x }
  @_disfavoredOverload
  public static func .> (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_less, y, x) }
  public static func .> (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_less, x, y, swapped: true) }
  public static func .> (x: Scalar, y: Tensor) -> Tensor<Bool> { y .< x }
  @_disfavoredOverload
  public static func .>= (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_less_equal, y, x) }
  public static func .>= (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_less_equal, x, y, swapped: true) }
  public static func .>= (x: Scalar, y: Tensor) -> Tensor<Bool> { y .<= x }
}

extension Tensor where Scalar == Bool {
  @_disfavoredOverload
  public static func .&& (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_logical_and, x, y) }
  @_disfavoredOverload
  public static func .|| (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_logical_or, x, y) }
  @_disfavoredOverload
  public static func .^ (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_logical_xor, x, y) }
  public static prefix func .! (x: consuming Tensor) -> Tensor { x.unary(ck_logical_not) }
}

extension Tensor: Equatable {
  /// Whether shapes and all elements are equal. As for elements, NaN is unequal to itself and -0 equals 0.
  public static func == (x: Tensor, y: Tensor) -> Bool {
    x.shape == y.shape && !comparison(ck_not_equal, x, y).any().scalar
  }
}
