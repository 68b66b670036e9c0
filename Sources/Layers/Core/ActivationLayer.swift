public import Activations
internal import Tensor

/// An activation is a layer without weights: `Activation("relu")`, `Activation.elu(alpha: 0.3)`.
extension Activation: Layer {
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try outputShape(for: inputShape, layer: "\(className) \(name)")
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x.activated(by: self) }
}

extension Activation {
  /// The shape of a sample's output if the activation is the layer's only or last step.
  func outputShape(for inputShape: [Int], layer: @autoclosure () -> String) throws -> [Int] {
    do throws(ActivationError) {
      // The batch may have any length.
      return Array(try resultShape(for: [2] + inputShape).dropFirst())
    } catch {
      throw LayerError.inputShape(
        layer: layer(), expected: error.expectedShape, found: batchDescription(inputShape))
    }
  }
}

extension ActivationError {
  fileprivate var expectedShape: String {
    switch self {
    case .rankTooLow: "[batch, …] with an axis after the batch"
    case .axisOutOfRange(_, let axis, _): "one with the axis \(axis)"
    case .axisRepeated(_, let axes, _): "one in which the axes \(axes) differ"
    case .oddLength(_, let axis, _): "one of even length along the axis \(axis)"
    default: "\(self)"
    }
  }
}
