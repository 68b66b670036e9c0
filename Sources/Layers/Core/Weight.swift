public import Tensor

/// A tensor that a layer computes with and that training or a file sets: its value, how it begins, and what holds it in bounds.
public struct Weight<Scalar: RealScalar>: Sendable {
  /// Keras's name: `kernel`, `moving_mean`.
  public let name: String
  /// Empty until the weight is built.
  public var value: Tensor<Scalar>
  /// How the value begins.
  public var initializer: Initializer<Scalar>
  /// What is added to the loss for it.
  public var regularizer: Regularizer<Scalar>?
  /// What it is brought back to after every step.
  public var constraint: Constraint<Scalar>?
  /// Whether gradients change it; statistics such as moving means are kept by their layer instead.
  public let isTrainable: Bool

  /// Whether its layer is left as it is while the model is trained.
  package internal(set) var isFrozen = false
  /// The names of the layers that hold it, from the outermost on, while it is visited.
  package internal(set) var scopes: [String] = []
  /// Its number among those of the plan that its layer is written down in. One of an earlier plan does not count.
  var number: (among: Numbering, Int)?
  /// Whether ``build(_:using:)`` has made the value, which may be one without elements.
  private var hasBeenMade = false

  /// A weight that has no value yet; ``build(_:using:)`` draws it.
  /// - Parameters:
  ///   - name: as Keras calls it.
  ///   - initializer: how it begins.
  ///   - regularizer: what is added to the loss for it.
  ///   - constraint: what it is brought back to after every step.
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

  /// A weight that has its value.
  public init(_ name: String, value: Tensor<Scalar>, isTrainable: Bool = true) {
    self.init(name, initializer: .zeros, isTrainable: isTrainable)
    self.value = value
  }

  /// Whether there is a value.
  public var isBuilt: Bool { hasBeenMade || !value.isEmpty }

  /// Draws the value.
  /// - Throws: ``LayerError/weights(layer:expected:found:)`` where initializer, regularizer or constraint are not for such a
  ///   shape, or the machine has not the memory for it.
  public mutating func build(_ shape: [Int], using generator: inout PhiloxGenerator) throws {
    let expected =
      initializer.mismatch(with: shape) ?? regularizer?.mismatch(with: shape) ?? constraint?.mismatch(with: shape)
    if let expected {
      throw LayerError.weights(layer: name, expected: expected, found: "of the shape \(shape)")
    }
    value = initializer(shape, using: &generator)
    hasBeenMade = true
  }

  /// Where it is, by names: `kernel`, within layers `encoder/hidden/kernel`.
  package var path: String { (scopes + [name]).joined(separator: "/") }

}

/// One numbering of weights, which is not another.
final class Numbering: Sendable {}
