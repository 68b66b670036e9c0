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
    ("Conv1D", { Conv1D<Scalar>.self }),
    ("Conv2D", { Conv2D<Scalar>.self }),
    ("Conv3D", { Conv3D<Scalar>.self }),
    ("Conv1DTranspose", { Conv1DTranspose<Scalar>.self }),
    ("Conv2DTranspose", { Conv2DTranspose<Scalar>.self }),
    ("Conv3DTranspose", { Conv3DTranspose<Scalar>.self }),
    ("DepthwiseConv1D", { DepthwiseConv1D<Scalar>.self }),
    ("DepthwiseConv2D", { DepthwiseConv2D<Scalar>.self }),
    ("SeparableConv1D", { SeparableConv1D<Scalar>.self }),
    ("SeparableConv2D", { SeparableConv2D<Scalar>.self }),
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
    ("MaxPooling1D", { MaxPooling1D<Scalar>.self }),
    ("MaxPooling2D", { MaxPooling2D<Scalar>.self }),
    ("MaxPooling3D", { MaxPooling3D<Scalar>.self }),
    ("AveragePooling1D", { AveragePooling1D<Scalar>.self }),
    ("AveragePooling2D", { AveragePooling2D<Scalar>.self }),
    ("AveragePooling3D", { AveragePooling3D<Scalar>.self }),
    ("GlobalMaxPooling1D", { GlobalMaxPooling1D<Scalar>.self }),
    ("GlobalMaxPooling2D", { GlobalMaxPooling2D<Scalar>.self }),
    ("GlobalMaxPooling3D", { GlobalMaxPooling3D<Scalar>.self }),
    ("GlobalAveragePooling1D", { GlobalAveragePooling1D<Scalar>.self }),
    ("GlobalAveragePooling2D", { GlobalAveragePooling2D<Scalar>.self }),
    ("GlobalAveragePooling3D", { GlobalAveragePooling3D<Scalar>.self }),
    ("AdaptiveMaxPooling1D", { AdaptiveMaxPooling1D<Scalar>.self }),
    ("AdaptiveMaxPooling2D", { AdaptiveMaxPooling2D<Scalar>.self }),
    ("AdaptiveMaxPooling3D", { AdaptiveMaxPooling3D<Scalar>.self }),
    ("AdaptiveAveragePooling1D", { AdaptiveAveragePooling1D<Scalar>.self }),
    ("AdaptiveAveragePooling2D", { AdaptiveAveragePooling2D<Scalar>.self }),
    ("AdaptiveAveragePooling3D", { AdaptiveAveragePooling3D<Scalar>.self }),
    ("ZeroPadding1D", { ZeroPadding1D<Scalar>.self }),
    ("ZeroPadding2D", { ZeroPadding2D<Scalar>.self }),
    ("ZeroPadding3D", { ZeroPadding3D<Scalar>.self }),
    ("Cropping1D", { Cropping1D<Scalar>.self }),
    ("Cropping2D", { Cropping2D<Scalar>.self }),
    ("Cropping3D", { Cropping3D<Scalar>.self }),
    ("UpSampling1D", { UpSampling1D<Scalar>.self }),
    ("UpSampling2D", { UpSampling2D<Scalar>.self }),
    ("UpSampling3D", { UpSampling3D<Scalar>.self }),
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
