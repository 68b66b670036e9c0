import Tensor
import Testing

@testable import Layers

/// Gradients of weights within a step.
@Suite struct WeightTests {
  @Test func `what a regularizer adds where the layer added nothing reaches the optimizer`() {
    var weight = Weight<Float>("kernel", value: [1, 2])
    for _ in 0..<2 {
      weight.clearGradient(descentRate: nil)
      weight.update { value, gradient in gradient += value }
      var seen: Tensor<Float>?
      weight.update { _, gradient in seen = gradient.copied() }
      #expect(seen == [1, 2])
    }
  }

  @Test func `a step without a gradient has one of zeros, whatever the step before left`() throws {
    var weight = Weight<Float>("kernel", initializer: .ones)
    var generator = PhiloxGenerator(seed: 1)
    try weight.build([3], using: &generator)
    weight.addGradient(Tensor([.nan, .infinity, 1]))
    weight.clearGradient(descentRate: nil)
    weight.update { _, gradient in #expect(gradient == .zeros([3])) }
  }

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
