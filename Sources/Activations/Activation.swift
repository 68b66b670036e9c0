internal import CKernels
public import Tensor

/// An activation function with its parameters: a value that is called on tensors, compared, stored and named.
///
///     let f = Activation<Float>.relu(alpha: 0.1)
///     let y = try f(x)
///
/// Elementwise activations take any shape; those along an axis (`softmax`) throw when the tensor does not have it.
public struct Activation<Scalar: RealScalar>: Hashable, Sendable {
  let rule: Rule

  enum Rule: Hashable, Sendable {
    case linear
    case elementwise(name: String, function: UInt32, parameters: [Double])
    case softmax(axis: Int)
  }

  static func elementwise(_ name: String, _ function: ck_function, _ parameters: [Double] = []) -> Self {
    Self(rule: .elementwise(name: name, function: function.rawValue, parameters: parameters))
  }

  /// Keras's identifier.
  public var name: String {
    switch rule {
    case .linear: "linear"
    case .elementwise(let name, _, _): name
    case .softmax: "softmax"
    }
  }

  /// The activation of every element, or along its axis; in x's own storage where nobody else holds it.
  public func callAsFunction(_ x: consuming Tensor<Scalar>) throws(ActivationError) -> Tensor<Scalar> {
    switch rule {
    case .linear:
      return x
    case .elementwise(_, let function, let parameters):
      return x.unary(
        ck_function(function),
        ck_parameters(a: parameters.at(0), b: parameters.at(1), c: parameters.at(2)))
    case .softmax(let axis):
      return try AxisActivation(.softmax, .axes([axis]))(x)
    }
  }
}

extension [Double] {
  fileprivate func at(_ index: Int) -> Double { index < count ? self[index] : 0 }
}

extension Activation: CustomStringConvertible {
  public var description: String { name }
}
