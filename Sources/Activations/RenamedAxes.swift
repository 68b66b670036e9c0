public import Tensor

// Former names, for one version.

@available(*, deprecated, renamed: "softmax(_:axis:)")
public func softmax<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axes: [Int]
) throws(ActivationError) -> Tensor<Scalar.Real> { try softmax(x, axis: axes) }

@available(*, deprecated, renamed: "softmax(_:mask:axis:)")
public func softmax<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, mask: Tensor<Bool>, axes: [Int]
) throws(ActivationError) -> Tensor<Scalar.Real> { try softmax(x, mask: mask, axis: axes) }

@available(*, deprecated, renamed: "softmin(_:axis:)")
public func softmin<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axes: [Int]
) throws(ActivationError) -> Tensor<Scalar.Real> { try softmin(x, axis: axes) }

@available(*, deprecated, renamed: "logSoftmax(_:axis:)")
public func logSoftmax<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axes: [Int]
) throws(ActivationError) -> Tensor<Scalar.Real> { try logSoftmax(x, axis: axes) }

@available(*, deprecated, renamed: "sparsemax(_:axis:)")
public func sparsemax<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axes: [Int]
) throws(ActivationError) -> Tensor<Scalar.Real> { try sparsemax(x, axis: axes) }

extension Activation {
  @available(*, deprecated, renamed: "softmax(axis:)")
  public static func softmax(axes: [Int]) -> Self { softmax(axis: axes) }
  @available(*, deprecated, renamed: "softmin(axis:)")
  public static func softmin(axes: [Int]) -> Self { softmin(axis: axes) }
  @available(*, deprecated, renamed: "logSoftmax(axis:)")
  public static func logSoftmax(axes: [Int]) -> Self { logSoftmax(axis: axes) }
  @available(*, deprecated, renamed: "sparsemax(axis:)")
  public static func sparsemax(axes: [Int]) -> Self { sparsemax(axis: axes) }
}
