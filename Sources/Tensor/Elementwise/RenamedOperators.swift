// Former names, for one version.

infix operator .&& : LogicalConjunctionPrecedence
infix operator .|| : LogicalDisjunctionPrecedence

extension Tensor where Scalar == Bool {
  /// Whether both elements are true.
  @available(*, deprecated, renamed: ".&")
  public static func .&& (x: consuming Tensor, y: consuming Tensor) -> Tensor { x .& y }
  /// Whether at least one of two elements is true.
  @available(*, deprecated, renamed: ".|")
  public static func .|| (x: consuming Tensor, y: consuming Tensor) -> Tensor { x .| y }
}

extension Tensor {
  /// The elements moved along several axes at once, in one copy.
  @available(*, deprecated, renamed: "rolled(by:axis:)")
  public func rolled(by shifts: [Int], axes: [Int]) -> Tensor { rolled(by: shifts, axis: axes) }
}
