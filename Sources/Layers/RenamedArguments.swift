import Tensor

// Former names, for one version.

extension Loss {
  @available(*, deprecated, renamed: "dice(axis:)")
  public static func dice(axes: [Int]?) -> Self { axes.map { dice(axis: $0) } ?? dice }
  @available(*, deprecated, renamed: "tversky(alpha:beta:axis:)")
  public static func tversky(alpha: Double = 0.5, beta: Double = 0.5, axes: [Int]?) -> Self {
    axes.map { tversky(alpha: alpha, beta: beta, axis: $0) } ?? tversky(alpha: alpha, beta: beta)
  }
}

extension Traced {
  @available(*, deprecated, renamed: "sum(axis:keepDimensions:)")
  public func sum(axes: [Int], keepDimensions: Bool = false) throws -> Traced {
    try sum(axis: axes, keepDimensions: keepDimensions)
  }
  @available(*, deprecated, renamed: "mean(axis:keepDimensions:)")
  public func mean(axes: [Int], keepDimensions: Bool = false) throws -> Traced {
    try mean(axis: axes, keepDimensions: keepDimensions)
  }
}
