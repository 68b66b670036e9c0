public import Tensor

/// A custom function and, if gradients are to flow through it, its pullback. Equal by identity.
final class CustomActivation<Scalar: RealScalar>: Sendable {
  typealias Function = @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  typealias Pullback = @Sendable (_ upstream: Tensor<Scalar>, _ input: Tensor<Scalar>) throws -> Tensor<Scalar>

  let name: String
  private let function: Function
  private let pullbackFunction: Pullback?

  init(name: String, function: @escaping Function, pullback: Pullback?) {
    self.name = name
    self.function = function
    self.pullbackFunction = pullback
  }

  var hasPullback: Bool { pullbackFunction != nil }

  func callAsFunction(_ x: consuming Tensor<Scalar>) throws(ActivationError) -> Tensor<Scalar> {
    try result(of: function, x, shape: x.shape)
  }

  func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>
  ) throws(ActivationError) -> Tensor<Scalar> {
    guard let pullbackFunction else { throw .pullbackMissing(activation: name) }
    return try result(of: { try pullbackFunction($0, input) }, upstream, shape: input.shape)
  }

  private func result(
    of function: Function, _ x: consuming Tensor<Scalar>, shape: [Int]
  ) throws(ActivationError) -> Tensor<Scalar> {
    let result: Tensor<Scalar>
    do {
      result = try function(x)
    } catch let error as ActivationError {
      throw error
    } catch {
      throw .failed(activation: name, reason: "\(error)")
    }
    guard result.shape == shape else {
      throw .shapeChanged(activation: name, shape: shape, result: result.shape)
    }
    return result
  }
}

extension CustomActivation: Hashable {
  static func == (first: CustomActivation, second: CustomActivation) -> Bool { first === second }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension Activation {
  /// A custom activation: a function from a tensor to one of the same shape.
  ///
  /// ```swift
  /// let cubed = Activation<Float>.custom("cubed", { $0 * $0 * $0 }, pullback: { upstream, x in upstream * 3 * x * x })
  /// ```
  ///
  /// It is equal to its copies only. Calling it throws ``ActivationError`` if the function changes the shape, or if it throws: an error
  /// of another type becomes ``ActivationError/failed(activation:reason:)``.
  /// - Parameter name: its name in errors and files.
  /// - Parameter function: computes its value.
  /// - Parameter pullback: turns the gradient with respect to the output, and the input, into the gradient with respect to the input.
  ///   Without it no gradients flow through, and ``pullback(_:input:output:)`` throws.
  public static func custom(
    _ name: String, _ function: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>,
    pullback: (@Sendable (_ upstream: Tensor<Scalar>, _ input: Tensor<Scalar>) throws -> Tensor<Scalar>)? = nil
  ) -> Self {
    Self(rule: .custom(CustomActivation(name: name, function: function, pullback: pullback)))
  }

  /// A custom activation without a name: `Activation { x in x * sigmoid(x) }`.
  public init(_ function: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>) {
    self = .custom("custom", function)
  }
}
