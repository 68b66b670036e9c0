/// A layer that consists of other layers: a recurrent layer with its cell, an attention with its projections.
///
/// Keras's files have a group for each part, under the part's name. The layer visits its own weights first, then those of
/// its parts, in their order.
public protocol CompositeLayer<Scalar>: Layer {
  /// The layers that it consists of.
  var parts: [LayerPart<Scalar>] { get }
}

/// A layer within another one.
public struct LayerPart<Scalar: RealScalar>: Sendable {
  /// Keras's name: `cell`, `forward_layer`.
  public let name: String
  /// The layer.
  public let layer: any Layer<Scalar>
  /// Whether training changes the layer's weights, if it changes those of the layer around it.
  public let isTrainable: Bool

  /// - Parameters:
  ///   - name: Keras's name.
  ///   - layer: the layer.
  ///   - isTrainable: whether training changes the layer's weights.
  public init(_ name: String, _ layer: any Layer<Scalar>, isTrainable: Bool = true) {
    self.name = name
    self.layer = layer
    self.isTrainable = isTrainable
  }
}

extension CompositeLayer {
  /// The weights that belong to none of the parts.
  package var ownWeights: [Weight<Scalar>] { weights.dropLast(parts.reduce(0) { $0 + $1.layer.weights.count }) }
}

extension Layer {
  /// Whether training reaches each weight, in the order of a visit: whether neither a part nor a layer of a nested model
  /// around it is frozen.
  /// - Parameter isTrained: whether training reaches this layer.
  package func areTrained(_ isTrained: Bool) -> [Bool] {
    if let model = self as? Model<Scalar> {
      return model.stages.flatMap { $0.layer.areTrained(isTrained && $0.isTrainable) }
    }
    let ofParts = (self as? any CompositeLayer<Scalar>)?.parts.flatMap {
      $0.layer.areTrained(isTrained && $0.isTrainable)
    }
    return [Bool](repeating: isTrained, count: weights.count - (ofParts?.count ?? 0)) + (ofParts ?? [])
  }
}
