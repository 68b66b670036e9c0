internal import CKernels

// Elementwise comparisons with NumPy's broadcasting; NaN is unequal to everything. The dot distinguishes them from
// `==`, which asks whether two tensors are equal as a whole.

extension Tensor {
  /// Whether each two elements are equal; shapes broadcast.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func .== (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_equal, x, y) }
  /// Whether each element and a value are equal.
  public static func .== (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_equal, x, y) }
  /// Whether a value and each element are equal.
  public static func .== (x: Scalar, y: Tensor) -> Tensor<Bool> { y .== x }
  /// Whether each two elements differ; NaN differs from everything; shapes broadcast.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func .!= (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_not_equal, x, y) }
  /// Whether each element and a value differ; NaN differs from everything.
  public static func .!= (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_not_equal, x, y) }
  /// Whether a value and each element differ; NaN differs from everything.
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

extension Tensor where Scalar: NumericScalar & Comparable {
  /// Whether each element is smaller than the other one; false for NaN; shapes broadcast.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func .< (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_less, x, y) }
  /// Whether each element is smaller than a number; false for NaN.
  public static func .< (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_less, x, y) }
  /// Whether a number is smaller than each element; false for NaN.
  public static func .< (x: Scalar, y: Tensor) -> Tensor<Bool> { y .> x }
  /// Whether each element is at most the other one; false for NaN; shapes broadcast.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func .<= (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_less_equal, x, y) }
  /// Whether each element is at most a number; false for NaN.
  public static func .<= (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_less_equal, x, y) }
  /// Whether a number is at most each element; false for NaN.
  public static func .<= (x: Scalar, y: Tensor) -> Tensor<Bool> { y .>= x }
  /// Whether each element is larger than the other one; false for NaN; shapes broadcast.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func .> (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_less, y, x) }
  /// Whether each element is larger than a number; false for NaN.
  public static func .> (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_less, x, y, swapped: true) }
  /// Whether a number is larger than each element; false for NaN.
  public static func .> (x: Scalar, y: Tensor) -> Tensor<Bool> { y .< x }
  /// Whether each element is at least the other one; false for NaN; shapes broadcast.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func .>= (x: Tensor, y: Tensor) -> Tensor<Bool> { comparison(ck_less_equal, y, x) }
  /// Whether each element is at least a number; false for NaN.
  public static func .>= (x: Tensor, y: Scalar) -> Tensor<Bool> { comparison(ck_less_equal, x, y, swapped: true) }
  /// Whether a number is at least each element; false for NaN.
  public static func .>= (x: Scalar, y: Tensor) -> Tensor<Bool> { y .<= x }
}

extension Tensor where Scalar == Bool {
  /// Whether both elements are true; shapes broadcast.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func .& (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_logical_and, x, y) }
  /// Whether at least one of two elements is true; shapes broadcast.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func .| (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_logical_or, x, y) }
  /// Whether exactly one of two elements is true; shapes broadcast.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func .^ (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_logical_xor, x, y) }
  /// True where the element is false.
  public static prefix func .! (x: consuming Tensor) -> Tensor { x.unary(ck_logical_not) }
}

extension Tensor: Equatable {
  /// Whether shapes and all elements are equal; elements are compared by `.==`. As for elements, NaN is unequal to itself
  /// and -0 equals 0. A literal is a tensor: `x == 1` asks whether `x` is the tensor of rank 0 that holds 1, and
  /// `x .== 1` where its elements are 1.
  public static func == (x: Tensor, y: Tensor) -> Bool {
    x.shape == y.shape && !comparison(ck_not_equal, x, y).any().scalar
  }
}
