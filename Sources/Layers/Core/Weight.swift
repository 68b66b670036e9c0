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
  package var isFrozen = false
  /// The layer in its model; none before that is trained.
  var owner: String?
  /// The gradient of the loss, its memory kept from step to step.
  package private(set) var gradient: Tensor<Scalar>?
  /// Whether this step has written the gradient.
  private var hasGradient = false
  /// Whether ``build(_:using:)`` has made the value, which may be one without elements.
  private var hasBeenMade = false

  /// A weight that has no value yet; ``build(_:using:)`` draws it.
  /// - Parameter regularizer: what is added to the loss for it.
  /// - Parameter constraint: what it is brought back to after every step.
  /// - Parameter isTrainable: whether gradients change it.
  /// - Parameter initializer: how it begins.
  /// - Parameter name: as Keras calls it.
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

  /// Adds to the gradient of this step. Traps for a gradient that has not the value's shape.
  public mutating func addGradient(_ gradient: consuming Tensor<Scalar>) {
    require(
      gradient.shape == value.shape,
      "\(title): a gradient of the shape \(gradient.shape) for a weight of the shape \(value.shape)")
    if hasGradient {
      self.gradient! += gradient
    } else {
      self.gradient = gradient
      hasGradient = true
    }
  }

  /// Traps where the step has made no gradient.
  func requireGradient() {
    require(
      hasGradient || hasDescended,
      "\(title): the pullback of its layer has added no gradient; a weight that is not trained is one with isTrainable: false"
    )
  }

  /// What messages call the weight: `Dense "hidden": kernel`.
  private var title: String { owner.map { "\($0): \(name)" } ?? name }

  /// Lets `body` write the gradient into its memory: with `beta` 0 over what stands there, with 1 added to it.
  package mutating func accumulateGradient(_ body: (inout Tensor<Scalar>, _ beta: Scalar) throws -> Void) rethrows {
    var sum = gradient ?? Tensor(uninitialized: value.shape)
    gradient = nil
    try body(&sum, hasGradient ? 1 : 0)
    gradient = sum
    hasGradient = true
  }

  /// Hands value and gradient of this step to a regularizer or an optimizer, a gradient of zeros where the step wrote none. What
  /// they leave is the gradient from then on.
  package mutating func update(_ body: (inout Tensor<Scalar>, inout Tensor<Scalar>) throws -> Void) rethrows {
    var gradient = self.gradient ?? .zeros(value.shape)
    self.gradient = nil
    // Not by a factor: what an earlier step left may be NaN.
    if !hasGradient { gradient.assign(.zeros([]).broadcast(to: value.shape)) }
    try body(&value, &gradient)
    self.gradient = gradient
    hasGradient = true
  }

  /// The next step begins.
  /// - Parameter descentRate: the rate of a step that takes gradients off the weight as they are made; see ``descend(_:)``.
  package mutating func clearGradient(descentRate: Scalar?) {
    hasGradient = false
    hasDescended = false
    self.descentRate = descentRate
  }

  /// Whether the layer takes the gradient off by ``descend(_:)`` where it may, and nothing reads the weight afterwards.
  package var mayDescend = false

  /// The rate of plain gradient descent, where this step needs the gradient for nothing else. A layer that does not need the
  /// weight any more may then take the gradient off it without making it: see ``descend(_:)``.
  package private(set) var descentRate: Scalar?

  /// Lets `body` take descentRate · gradient off the value.
  package mutating func descend(_ body: (inout Tensor<Scalar>) throws -> Void) rethrows {
    try body(&value)
    hasDescended = true
  }

  /// Whether the step has been taken.
  package private(set) var hasDescended = false

  /// Training ends.
  package mutating func releaseGradient() {
    gradient = nil
    hasGradient = false
  }
}
