public import Activations

/// An activation is a layer without weights: `Activation("relu")`, `Activation.elu(alpha: 0.3)`.
extension Activation: Layer {}
