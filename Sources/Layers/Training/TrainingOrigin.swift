internal import Tensor

/// A model and its generator before training: what they are again where training is refused.
struct TrainingOrigin<Scalar: RealScalar> {
  /// None where it has not been built for training: the weights alone can have changed.
  let graph: Graph<Scalar>?
  let compilation: Compilation<Scalar>?
  let generator: PhiloxGenerator
}
