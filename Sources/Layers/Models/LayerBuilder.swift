public import Activations
public import Tensor

/// Collects the layers of a ``Sequential``.
@resultBuilder
public enum LayerBuilder<Scalar: RealScalar> {
  /// An input's shape or a layer.
  public enum Part {
    /// Samples of this shape.
    case input(Input<Scalar>)
    /// A layer with its name and settings.
    case stage(Stage<Scalar>)
  }

  /// A layer.
  public static func buildExpression(_ layer: any Layer<Scalar>) -> [Part] { [.stage(Stage(layer))] }
  /// An activation as a layer.
  public static func buildExpression(_ layer: Activation<Scalar>) -> [Part] { [.stage(Stage(layer))] }
  /// A layer under a name, or frozen.
  public static func buildExpression(_ stage: Stage<Scalar>) -> [Part] { [.stage(stage)] }
  /// The shape of samples.
  public static func buildExpression(_ input: Input<Scalar>) -> [Part] { [.input(input)] }
  /// Layers one after another.
  public static func buildBlock(_ parts: [Part]...) -> [Part] { parts.flatMap { $0 } }
  /// Layers of a condition without an alternative.
  public static func buildOptional(_ part: [Part]?) -> [Part] { part ?? [] }
  /// Layers under a condition.
  public static func buildEither(first part: [Part]) -> [Part] { part }
  /// Layers of the alternative.
  public static func buildEither(second part: [Part]) -> [Part] { part }
  /// Layers of a loop.
  public static func buildArray(_ parts: [[Part]]) -> [Part] { parts.flatMap { $0 } }
}
