public import Activations
import Tensor

// The layers that keep their input's mask, as in Keras. Of the others, merging layers join their inputs' masks; layers
// that move or reduce axes, and custom layers, drop it.

extension Activation { public var keepsMask: Bool { true } }
extension ActivationBackedLayer { public var keepsMask: Bool { true } }
extension PReLU { public var keepsMask: Bool { true } }
extension Dense { public var keepsMask: Bool { true } }
extension Identity { public var keepsMask: Bool { true } }

extension BatchNormalization { public var keepsMask: Bool { true } }
extension LayerNormalization { public var keepsMask: Bool { true } }
extension GroupNormalization { public var keepsMask: Bool { true } }
extension UnitNormalization { public var keepsMask: Bool { true } }
extension Normalization { public var keepsMask: Bool { true } }
extension Rescaling { public var keepsMask: Bool { true } }

extension Dropout { public var keepsMask: Bool { true } }
extension SpatialDropout { public var keepsMask: Bool { true } }
extension AlphaDropout { public var keepsMask: Bool { true } }
extension GaussianDropout { public var keepsMask: Bool { true } }
extension GaussianNoise { public var keepsMask: Bool { true } }
extension ActivityRegularization { public var keepsMask: Bool { true } }
