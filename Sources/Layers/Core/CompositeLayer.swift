/// A layer that consists of other layers: a recurrent layer with its cell, an attention with its projections.
///
/// Keras's files have a group for each part, under the part's name. The layer visits its own weights first, then those of
/// its parts, in their order.
public protocol CompositeLayer<Scalar>: Layer {
  /// The layers that it consists of, with Keras's names: `cell`, `forward_layer`.
  var parts: [(name: String, layer: any Layer<Scalar>)] { get }
}

extension CompositeLayer {
  /// The weights that belong to none of the parts.
  package var ownWeights: [Weight<Scalar>] { weights.dropLast(parts.reduce(0) { $0 + $1.layer.weights.count }) }
}
