internal import Tensor

/// A model and its generator before training: what they are again where training is refused.
struct TrainingOrigin<Scalar: RealScalar> {
  let graph: Graph<Scalar>
  let compilation: Compilation<Scalar>?
  let generator: PhiloxGenerator

  init(_ model: some Model<Scalar>, _ generator: PhiloxGenerator) {
    graph = model.graph
    compilation = model.compilation
    self.generator = generator
  }
}
