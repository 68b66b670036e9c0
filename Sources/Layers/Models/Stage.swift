public import Tensor

/// A layer in a model, with its name and whether it is trained.
public struct Stage<Scalar: RealScalar>: Sendable {
  /// The layer.
  public var layer: any Layer<Scalar>
  /// The name, unique in its model. By default, it is Keras's name for the kind of layer, with a number from the second
  /// one on.
  public package(set) var name: String
  /// Whether training changes the layer's weights.
  public var isTrainable: Bool

  /// The penalty for the layer's outputs that is added to the loss, divided by the length of the batch.
  public var activityRegularizer: Regularizer<Scalar>?

  /// - Parameters:
  ///   - layer: the layer.
  ///   - name: the name; the model assigns one if it is empty.
  ///   - isTrainable: whether training changes the layer's weights.
  ///   - activityRegularizer: the penalty for the outputs that is added to the loss.
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
  /// Returns the layer with a name in its model: `Dense(64).named("hidden")`.
  public func named(_ name: String) -> Stage<Scalar> {
    requireName(name, of: "a layer")
    return Stage(self, name: name)
  }

  /// Returns the layer with a penalty for its outputs: `Add().regularized(by: .l2(0.01))`.
  public func regularized(by activityRegularizer: Regularizer<Scalar>) -> Stage<Scalar> {
    Stage(self, activityRegularizer: activityRegularizer)
  }

  /// The layer, excluded from training: `hidden.frozen`.
  public var frozen: Stage<Scalar> { Stage(self, isTrainable: false) }
}

extension Stage {
  /// The layer's weights in Keras's order.
  public var weights: [Weight<Scalar>] { layer.weights }

  /// Returns the same layer with another name.
  public func named(_ name: String) -> Stage {
    requireName(name, of: "a layer")
    var stage = self
    stage.name = name
    return stage
  }

  /// Returns the same layer with a penalty for its outputs.
  public func regularized(by activityRegularizer: Regularizer<Scalar>) -> Stage {
    var stage = self
    stage.activityRegularizer = activityRegularizer
    return stage
  }

  /// The same layer, excluded from training.
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
  /// The layer's name in messages: `Dense "hidden"`.
  var title: String { name.isEmpty ? layer.className : "\(layer.className) \"\(name)\"" }
}

extension Stage: CustomStringConvertible {
  /// The name and the layer: `hidden: Dense(units: 64, activation: relu)`.
  public var description: String {
    (name.isEmpty ? "" : "\(name): ") + layer.description + (isTrainable ? "" : ", frozen")
  }
}
