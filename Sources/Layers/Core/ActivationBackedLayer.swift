public import Activations
internal import Tensor

/// A layer without weights that applies an activation.
public protocol ActivationBackedLayer<Scalar>: Layer {
  /// The activation that the layer applies.
  var activation: Activation<Scalar> { get }
}

extension ActivationBackedLayer {
  /// Unavailable: the parameters of these layers have names.
  @available(
    *, unavailable,
    message: "name the parameter: LeakyReLU(negativeSlope: 0.1), ELU(alpha: 1), ReLU(maxValue: 6), Softmax(axis: -1)"
  )
  public init(_ parameter: Double) { trap("a parameter without its name") }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try activation.outputShape(for: inputShape, layer: className)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x.activated(by: activation) }
}

/// Stops the program unless a number is finite and at least 0 in the layer's precision.
func requireFromZero<Scalar: RealScalar>(
  _ value: Double, _ parameter: String, _ layer: String, _: Scalar.Type, file: StaticString = #fileID,
  line: UInt = #line
) {
  require(
    value >= 0 && Double(Scalar(value)).isFinite,
    "\(layer): \(parameter) is \(value); allowed: finite numbers of at least 0", file: file, line: line)
}
