import Layers
import Testing

/// What `print` shows of layers, stages and models.
@Suite struct LayerDescriptionTests {
  @Test func `a layer is its name and the parameters that are not its defaults`() {
    #expect("\(Dense<Float>(64))" == "Dense(units: 64)")
    #expect("\(Dense<Float>(64, activation: .relu))" == "Dense(units: 64, activation: relu)")
    #expect(
      "\(Dense<Float>(2, useBias: false, kernelInitializer: .heNormal))"
        == "Dense(units: 2, kernel_initializer: HeNormal, use_bias: false)")
    #expect("\(LeakyReLU<Float>())" == "LeakyReLU()")
    #expect("\(LeakyReLU<Float>(negativeSlope: 0.1))" == "LeakyReLU(negative_slope: 0.1)")
    #expect("\(Dropout<Float>(0.5))" == "Dropout(rate: 0.5)")
    #expect("\(Add<Float>())" == "Add()")
    #expect("\(Scale<Float>())" == "Scale()")
  }

  @Test func `weights are not shown`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = Sequential<Float> {
      Input(64)
      Dense(64, activation: .relu).named("hidden")
      Dense(10).frozen
    }
    try model.build(using: &generator)
    #expect("\(model["hidden"])" == "hidden: Dense(units: 64, activation: relu)")
    #expect("\(model.stages[1])" == "dense: Dense(units: 10), frozen")
    #expect("\(Dropout<Float>(0.5).frozen)" == "Dropout(rate: 0.5), frozen")
    #expect("\(model)" == "Sequential(name: sequential, layers: 2)")
  }
}
