import Activations
import Layers
import Tensor

/// The layers in configurations, by the names of their types. Types are created on demand: the first use of each costs
/// some microseconds.
func builtInLayers<Scalar: RealScalar>(
  _: Scalar.Type
) -> [(name: String, type: () -> any ConfigurableLayer<Scalar>.Type)] {
  [
    ("Dense", { Dense<Scalar>.self }),
    ("EinsumDense", { EinsumDense<Scalar>.self }),
    ("Activation", { Activation<Scalar>.self }),
    ("ReLU", { ReLU<Scalar>.self }),
    ("LeakyReLU", { LeakyReLU<Scalar>.self }),
    ("PReLU", { PReLU<Scalar>.self }),
    ("ELU", { ELU<Scalar>.self }),
    ("Softmax", { Softmax<Scalar>.self }),
    ("ThresholdedReLU", { ThresholdedReLU<Scalar>.self }),
    ("BatchNormalization", { BatchNormalization<Scalar>.self }),
    ("LayerNormalization", { LayerNormalization<Scalar>.self }),
    ("GroupNormalization", { GroupNormalization<Scalar>.self }),
    ("RMSNormalization", { RMSNormalization<Scalar>.self }),
    ("UnitNormalization", { UnitNormalization<Scalar>.self }),
    ("Normalization", { Normalization<Scalar>.self }),
    ("Rescaling", { Rescaling<Scalar>.self }),
    ("Masking", { Masking<Scalar>.self }),
    ("Dropout", { Dropout<Scalar>.self }),
    ("SpatialDropout1D", { SpatialDropout1D<Scalar>.self }),
    ("SpatialDropout2D", { SpatialDropout2D<Scalar>.self }),
    ("SpatialDropout3D", { SpatialDropout3D<Scalar>.self }),
    ("AlphaDropout", { AlphaDropout<Scalar>.self }),
    ("GaussianDropout", { GaussianDropout<Scalar>.self }),
    ("GaussianNoise", { GaussianNoise<Scalar>.self }),
    ("ActivityRegularization", { ActivityRegularization<Scalar>.self }),
    ("Flatten", { Flatten<Scalar>.self }),
    ("Reshape", { Reshape<Scalar>.self }),
    ("Permute", { Permute<Scalar>.self }),
    ("RepeatVector", { RepeatVector<Scalar>.self }),
    ("Identity", { Identity<Scalar>.self }),
    ("Add", { Add<Scalar>.self }),
    ("Subtract", { Subtract<Scalar>.self }),
    ("Multiply", { Multiply<Scalar>.self }),
    ("Average", { Average<Scalar>.self }),
    ("Maximum", { Maximum<Scalar>.self }),
    ("Minimum", { Minimum<Scalar>.self }),
    ("Concatenate", { Concatenate<Scalar>.self }),
    ("Dot", { Dot<Scalar>.self }),
  ]
}

func isBuiltInLayer<Scalar: RealScalar>(_ layer: any Layer<Scalar>) -> Bool {
  let name = layer.className
  return builtInLayers(Scalar.self).contains { $0.name == name && $0.type() == type(of: layer) as any Any.Type }
}

extension LayerRegistry {
  /// Keras's names of the layers that are known without registration.
  package static var builtInNames: [String] { builtInLayers(Scalar.self).map(\.name) }
}
