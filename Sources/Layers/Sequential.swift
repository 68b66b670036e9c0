public import Activations
public import Tensor

/// Layers one after another.
///
///     let network = Sequential<Float> {
///       Dense(kernel: w1, bias: b1, activation: .selu)
///       Dense(kernel: w2, bias: b2)
///       Activation("softmax")
///     }
///     let probabilities = try network(images)
public struct Sequential<Scalar: RealScalar>: Layer {
  public var layers: [any Layer<Scalar>]

  public init(_ layers: [any Layer<Scalar>]) { self.layers = layers }

  public init(@LayerBuilder<Scalar> _ layers: () -> [any Layer<Scalar>]) { self.layers = layers() }

  public func callAsFunction(_ x: consuming Tensor<Scalar>) throws -> Tensor<Scalar> {
    var output = x
    for layer in layers { output = try layer(output) }
    return output
  }
}

/// Collects the layers of a ``Sequential``.
@resultBuilder
public enum LayerBuilder<Scalar: RealScalar> {
  public static func buildExpression(_ layer: any Layer<Scalar>) -> [any Layer<Scalar>] { [layer] }
  public static func buildExpression(_ layer: Activation<Scalar>) -> [any Layer<Scalar>] { [layer] }
  public static func buildBlock(_ parts: [any Layer<Scalar>]...) -> [any Layer<Scalar>] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [any Layer<Scalar>]?) -> [any Layer<Scalar>] { part ?? [] }
  public static func buildEither(first part: [any Layer<Scalar>]) -> [any Layer<Scalar>] { part }
  public static func buildEither(second part: [any Layer<Scalar>]) -> [any Layer<Scalar>] { part }
  public static func buildArray(_ parts: [[any Layer<Scalar>]]) -> [any Layer<Scalar>] { parts.flatMap { $0 } }
}
