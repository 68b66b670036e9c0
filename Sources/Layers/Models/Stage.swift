public import Tensor

/// A layer in its place in a model: under a name, and trained or left as it is.
public struct Stage<Scalar: RealScalar>: Sendable {
  /// What computes.
  public var layer: any Layer<Scalar>
  /// Unique in its model: Keras's name of the kind of layer, numbered from the second on, unless one is given.
  public package(set) var name: String
  /// Whether training changes the layer's weights.
  public var isTrainable: Bool

  /// What is added to the loss for the layer's outputs, divided by the batch's length.
  public var activityRegularizer: Regularizer<Scalar>?

  /// - Parameters:
  ///   - layer: what computes.
  ///   - name: without one, the model gives it.
  ///   - isTrainable: whether gradients change it.
  ///   - activityRegularizer: what is added to the loss for the outputs.
  public init(
    _ layer: any Layer<Scalar>, name: String = "", isTrainable: Bool = true,
    activityRegularizer: Regularizer<Scalar>? = nil
  ) {
    self.layer = layer
    self.name = name
    self.isTrainable = isTrainable
    self.activityRegularizer = activityRegularizer
  }
}

extension Layer {
  /// The layer under a name of its own in a model: `Dense(64).named("hidden")`.
  public func named(_ name: String) -> Stage<Scalar> {
    requireName(name, of: "a layer")
    return Stage(self, name: name)
  }

  /// The layer with a penalty for its outputs: `Add().regularized(by: .l2(0.01))`.
  public func regularized(by activityRegularizer: Regularizer<Scalar>) -> Stage<Scalar> {
    Stage(self, activityRegularizer: activityRegularizer)
  }

  /// The layer as it is left by training: `hidden.frozen`.
  public var frozen: Stage<Scalar> { Stage(self, isTrainable: false) }
}

extension Stage {
  /// The same layer under a name of its own.
  public func named(_ name: String) -> Stage {
    requireName(name, of: "a layer")
    var stage = self
    stage.name = name
    return stage
  }

  /// The same layer with a penalty for its outputs.
  public func regularized(by activityRegularizer: Regularizer<Scalar>) -> Stage {
    var stage = self
    stage.activityRegularizer = activityRegularizer
    return stage
  }

  /// The same layer, left as it is by training.
  public var frozen: Stage {
    var stage = self
    stage.isTrainable = false
    return stage
  }
}

func requireName(_ name: String, of owner: String) {
  require(
    !name.isEmpty && !name.utf8.contains(UInt8(ascii: "/")),
    "\(owner) cannot have the name \"\(name)\": it takes at least one character and no /")
}

extension Stage {
  /// What messages call the layer: `Dense "hidden"`.
  var title: String { name.isEmpty ? layer.className : "\(layer.className) \"\(name)\"" }
}

extension Stage: CustomStringConvertible {
  /// The name and the layer: `hidden: Dense(units: 64, activation: relu)`.
  public var description: String {
    (name.isEmpty ? "" : "\(name): ") + layer.description + (isTrainable ? "" : ", frozen")
  }
}
