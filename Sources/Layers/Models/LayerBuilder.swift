public import Activations
public import Tensor

/// Collects the layers of a ``Sequential``.
@resultBuilder
public enum LayerBuilder<Scalar: RealScalar> {
  /// An input's shape or a layer.
  public enum Part {
    case input(Input<Scalar>)
    case stage(Stage<Scalar>)
  }

  public static func buildExpression(_ layer: any Layer<Scalar>) -> [Part] { [.stage(Stage(layer))] }
  public static func buildExpression(_ layer: Activation<Scalar>) -> [Part] { [.stage(Stage(layer))] }
  public static func buildExpression(_ stage: Stage<Scalar>) -> [Part] { [.stage(stage)] }
  public static func buildExpression(_ input: Input<Scalar>) -> [Part] { [.input(input)] }
  public static func buildBlock(_ parts: [Part]...) -> [Part] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [Part]?) -> [Part] { part ?? [] }
  public static func buildEither(first part: [Part]) -> [Part] { part }
  public static func buildEither(second part: [Part]) -> [Part] { part }
  public static func buildArray(_ parts: [[Part]]) -> [Part] { parts.flatMap { $0 } }
}
