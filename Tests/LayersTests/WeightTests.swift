import Layers
import Tensor
import Testing

/// Gradients of weights within a step.
@Suite struct WeightTests {
  /// Clipping by the norm multiplies by 1 / NaN: no weight may look as if its gradient had been 0.
  @Test func `a gradient that is not finite is not hidden by clipping`() {
    let optimizer = Optimizer<Float>.custom("own", slots: []) { value, gradient, _, step in
      value.add(gradient, scaledBy: Float(-step.learningRate))
    }
    var state = OptimizerState(optimizer.with(clipping: .globalNorm(1)))
    var (value, gradient) = (Tensor<Float>.ones([2]), Tensor<Float>([.nan, 1]))
    state.beginStep()
    state.addGradientNorm(of: &gradient, at: 0)
    state.update(&value, gradient: &gradient, at: 0)
    state.endStep()
    #expect(value.isNaN.all().scalar)
  }
}
