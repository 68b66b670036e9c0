public import Tensor

/// A tensor that a layer uses and that training or a file sets, with its initializer, regularizer and constraint.
public struct Weight<Scalar: RealScalar>: Sendable {
  /// Keras's name: `kernel`, `moving_mean`.
  public let name: String
  /// The current value; empty until the weight is built.
  public var value: Tensor<Scalar>
  /// The initializer that draws the first value.
  public var initializer: Initializer<Scalar>
  /// The penalty that is added to the loss.
  public var regularizer: Regularizer<Scalar>?
  /// The constraint that is restored after every step.
  public var constraint: Constraint<Scalar>?
  /// Whether gradients change it. Statistics such as moving means are updated by their layer instead.
  public let isTrainable: Bool

  /// Whether training leaves the weight's layer unchanged.
  package internal(set) var isFrozen = false
  /// The names of the layers that contain it, outermost first, during a visit.
  package internal(set) var scopes: [String] = []
  /// The weight's number in the plan that describes its layer. A number from an earlier plan is ignored.
  var number: (among: Numbering, Int)?
  /// Whether ``build(_:using:)`` has created the value, which may have no elements.
  private var hasBeenMade = false

  /// Creates a weight without a value; ``build(_:using:)`` draws it.
  /// - Parameters:
  ///   - name: Keras's name.
  ///   - initializer: the initializer that draws the first value.
  ///   - regularizer: the penalty that is added to the loss.
  ///   - constraint: the constraint that is restored after every step.
  ///   - isTrainable: whether gradients change it.
  public init(
    _ name: String, initializer: Initializer<Scalar>, regularizer: Regularizer<Scalar>? = nil,
    constraint: Constraint<Scalar>? = nil, isTrainable: Bool = true
  ) {
    self.name = name
    self.value = .zeros([0])
    self.initializer = initializer
    self.regularizer = regularizer
    self.constraint = constraint
    self.isTrainable = isTrainable
  }

  /// Creates a weight with a value.
  public init(_ name: String, value: Tensor<Scalar>, isTrainable: Bool = true) {
    self.init(name, initializer: .zeros, isTrainable: isTrainable)
    self.value = value
  }

  /// Whether there is a value.
  public var isBuilt: Bool { hasBeenMade || !value.isEmpty }

  /// Draws the value.
  /// - Throws: ``LayerError/weights(layer:expected:found:)`` if the initializer, regularizer or constraint does not
  ///   accept the shape, or the machine does not have the memory for it.
  public mutating func build(_ shape: [Int], using generator: inout PhiloxGenerator) throws {
    let expected =
      initializer.mismatch(with: shape) ?? regularizer?.mismatch(with: shape) ?? constraint?.mismatch(with: shape)
    if let expected {
      throw LayerError.weights(layer: name, expected: expected, found: "of the shape \(shape)")
    }
    value = initializer(shape, using: &generator)
    hasBeenMade = true
  }

  /// The path of names: `kernel`, or `encoder/hidden/kernel` within layers.
  package var path: String { (scopes + [name]).joined(separator: "/") }

}

/// The identity of a numbering of weights.
final class Numbering: Sendable {}
