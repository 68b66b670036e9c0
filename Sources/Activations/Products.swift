package import Tensor

// What a dense layer needs of its activation.

extension Activation {
  /// Whether the slope follows from the output: ``pullback(_:input:output:)`` may be given the output as the input too.
  package var pullsBackFromOutput: Bool {
    switch rule {
    case .elementwise(let activation):
      activation.kernel == nil || Self.namesOfSignKeeping.contains(name) && hasDefaults || name == "exponential"
    case .alongAxes(let activation): activation.kind != .glu
    case .custom: false
    }
  }

  /// Zero and what lies beyond a kink stay what they are.
  private static var namesOfSignKeeping: Set<String> { ["relu", "relu6", "leaky_relu"] }

  /// Whether gradients pass through: not where a custom activation was made without a pullback.
  public var hasPullback: Bool {
    guard case .custom(let activation) = rule else { return true }
    return activation.hasPullback
  }

  /// result = f(x · matrix + bias).
  /// - Throws: what calling the activation throws.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func apply(
    toProductOf x: Tensor<Scalar>, _ matrix: Tensor<Scalar>, bias: Tensor<Scalar>?, into result: inout Tensor<Scalar>
  ) throws(ActivationError) {
    Tensor.product(x, matrix, bias: bias, epilogue: epilogue ?? .identity, into: &result)
    if epilogue == nil { try apply(to: &result) }
  }

  /// The same, and preactivation = x · matrix + bias.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func apply(
    toProductOf x: Tensor<Scalar>, _ matrix: Tensor<Scalar>, bias: Tensor<Scalar>?,
    preactivation: inout Tensor<Scalar>, into result: inout Tensor<Scalar>
  ) throws(ActivationError) {
    if let epilogue {
      Tensor.product(x, matrix, bias: bias, epilogue: epilogue, preactivation: &preactivation, into: &result)
    } else {
      Tensor.product(x, matrix, bias: bias, into: &preactivation)
      result = try self(preactivation)
    }
  }

  /// The shape of the activation's value.
  package func resultShape(for shape: [Int]) throws(ActivationError) -> [Int] {
    guard case .alongAxes(let activation) = rule else { return shape }
    return try activation.resultShape(shape)
  }
}
