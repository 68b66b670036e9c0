public import Tensor

extension Activation {
  /// Probabilities along the last axis; see ``softmax(_:axis:)``.
  public static var softmax: Self { softmax() }
  /// Probabilities along an axis; see ``softmax(_:axis:)``.
  public static func softmax(axis: some Axes = -1) -> Self { alongAxes(.softmax, axis) }

  /// softmax(-x) along the last axis; see ``softmin(_:axis:)``.
  public static var softmin: Self { softmin() }
  /// softmax(-x) along an axis; see ``softmin(_:axis:)``.
  public static func softmin(axis: some Axes = -1) -> Self { alongAxes(.softmin, axis) }

  /// The logarithms of probabilities along the last axis; see ``logSoftmax(_:axis:)``.
  public static var logSoftmax: Self { logSoftmax() }
  /// The logarithms of probabilities along an axis; see ``logSoftmax(_:axis:)``.
  public static func logSoftmax(axis: some Axes = -1) -> Self { alongAxes(.logSoftmax, axis) }

  /// Probabilities of which many are 0, along the last axis; see ``sparsemax(_:axis:)``.
  public static var sparsemax: Self { sparsemax() }
  /// Probabilities of which many are 0, along an axis; see ``sparsemax(_:axis:)``.
  public static func sparsemax(axis: some Axes = -1) -> Self { alongAxes(.sparsemax, axis) }

  /// 1 for the largest element along the last axis; see ``hardmax(_:axis:)``.
  public static var hardmax: Self { hardmax() }
  /// 1 for the largest element along an axis; see ``hardmax(_:axis:)``.
  public static func hardmax(axis: Int = -1) -> Self { alongAxes(.hardmax, axis) }

  /// A gated linear unit, which halves the last axis; see ``glu(_:axis:)``.
  public static var glu: Self { glu() }
  /// A gated linear unit, which halves an axis; see ``glu(_:axis:)``.
  public static func glu(axis: Int = -1) -> Self { alongAxes(.glu, axis) }

  private static func alongAxes(_ definition: AxisDefinition, _ axes: some Axes) -> Self {
    Self(rule: .alongAxes(AxisActivation(definition, axes)))
  }
}

extension AxisActivation: CustomStringConvertible {
  package var description: String {
    switch axes {
    case .all: "\(name.camelCased) over all axes"
    case .axes([-1]): name.camelCased
    case .axes(let axes) where axes.count == 1: "\(name.camelCased)(axis: \(axes[0]))"
    case .axes(let axes): "\(name.camelCased)(axis: \(axes))"
    }
  }
}
