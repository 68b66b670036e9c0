import Activations
import Tensor

/// The layers that configurations name by the names of their types.
func builtInLayers<Scalar: RealScalar>(_: Scalar.Type) -> [any ConfigurableLayer<Scalar>.Type] {
  [
    Dense<Scalar>.self, EinsumDense<Scalar>.self, Activation<Scalar>.self,
    ReLU<Scalar>.self, LeakyReLU<Scalar>.self, PReLU<Scalar>.self, ELU<Scalar>.self, Softmax<Scalar>.self,
    ThresholdedReLU<Scalar>.self,
    BatchNormalization<Scalar>.self, LayerNormalization<Scalar>.self, RMSNormalization<Scalar>.self,
    UnitNormalization<Scalar>.self, Normalization<Scalar>.self, Rescaling<Scalar>.self,
    Dropout<Scalar>.self, AlphaDropout<Scalar>.self, GaussianDropout<Scalar>.self, GaussianNoise<Scalar>.self,
    ActivityRegularization<Scalar>.self,
    Flatten<Scalar>.self, Reshape<Scalar>.self, Permute<Scalar>.self, RepeatVector<Scalar>.self,
    Identity<Scalar>.self,
    Add<Scalar>.self, Subtract<Scalar>.self, Multiply<Scalar>.self, Average<Scalar>.self, Maximum<Scalar>.self,
    Minimum<Scalar>.self, Concatenate<Scalar>.self, Dot<Scalar>.self,
  ]
}

func isBuiltInLayer<Scalar: RealScalar>(_ layer: any Layer<Scalar>) -> Bool {
  builtInLayers(Scalar.self).contains { $0 == type(of: layer) as any Any.Type }
}
