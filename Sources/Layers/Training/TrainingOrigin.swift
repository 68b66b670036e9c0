internal import Tensor

/// A model and its generator before training, to be restored if training is rejected.
struct TrainingOrigin<Scalar: RealScalar> {
  /// `nil` if the model was not built for this training: only the weights can have changed.
  let graph: Graph<Scalar>?
  let compilation: Compilation<Scalar>?
  let generator: PhiloxGenerator
}
