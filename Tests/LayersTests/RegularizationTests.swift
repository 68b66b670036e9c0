import Activations
import Layers
import Tensor
import TestSupport
import Testing

@Suite struct RegularizationTests {
  @Test func `dropout and noise work in training only`() throws {
    for shape in [[3, 4], [2, 3, 2], [2, 2, 2, 2]] {
      let x = sample(shape)
      try checkLayer(Dropout(0.4), input: x, output: shape, differsInTraining: true)
      try checkLayer(AlphaDropout(0.4), input: x, output: shape, differsInTraining: true)
      try checkLayer(GaussianNoise(0.3), input: x, output: shape, differsInTraining: true)
      try checkLayer(GaussianDropout(0.4), input: x, output: shape, differsInTraining: true)
      try checkLayer(ActivityRegularization(l1: 0.2, l2: 0.3), input: x, output: shape)
    }
    let x = sample([4, 5])
    try checkLayer(Dropout(0), input: x, output: [4, 5])
    try checkLayer(AlphaDropout(0), input: x, output: [4, 5])
    try checkLayer(GaussianNoise(0), input: x, output: [4, 5])
    try checkLayer(GaussianDropout(0), input: x, output: [4, 5])
  }

  @Test func `dropout leaves the expected part and scales it`() throws {
    var generator = PhiloxGenerator(seed: 11)
    let y = try Dropout<Float>(0.2)(.ones([100, 1000]), training: true, using: &generator)
    let dropped = (y .== 0).mean().scalar
    #expect(abs(dropped - 0.2) < 0.005)
    #expect(y.max().scalar == 1.25)
    #expect(((y .== 0) .| (y .== 1.25)).all().scalar)
    let all = try Dropout<Float>(1)(.ones([3, 4]), training: true, using: &generator)
    #expect(all == .zeros([3, 4]))
  }

  @Test func `what is dropped is 0, even where the input is not finite`() throws {
    var generator = PhiloxGenerator(seed: 11)
    let y = try Dropout(1)(Tensor<Float>([[.nan, .infinity]]), training: true, using: &generator)
    #expect(y == [[0, 0]])
  }

  @Test func `a noise shape repeats the mask`() throws {
    var generator = PhiloxGenerator(seed: 12)
    let layer = Dropout<Double>(0.5, noiseShape: [nil, 1, nil])
    let y = try layer(.ones([8, 4, 16]), training: true, using: &generator)
    #expect(y == y[0..., 0..<1].broadcast(to: y.shape))
    #expect(y.min().scalar == 0 && y.max().scalar == 2)
    let samples = try Dropout<Double>(0.5, noiseShape: [nil, 1])(.ones([64, 4]), training: true, using: &generator)
    #expect(samples == samples[0..., 0..<1].broadcast(to: samples.shape))
    let alpha = try AlphaDropout<Double>(0.5, noiseShape: [1, nil])(.ones([64, 9]), training: true, using: &generator)
    #expect(alpha == alpha[0..<1].broadcast(to: alpha.shape))
  }

  @Test func `spatial dropout drops whole channels`() throws {
    func check(_ layer: some Layer<Double>, _ shape: [Int], positions: [Int]) throws {
      var generator = PhiloxGenerator(seed: 12)
      let y = try layer(.ones(shape), training: true, using: &generator)
      #expect(y == y.max(axis: positions, keepDimensions: true).broadcast(to: shape))
      #expect(y.min().scalar == 0 && y.max().scalar == 2)
      #expect(try layer(.ones(shape)) == .ones(shape))
      try checkLayer(layer, input: sample(shape), output: shape, differsInTraining: true)
    }
    try check(SpatialDropout1D<Double>(0.5), [4, 3, 5], positions: [1])
    try check(SpatialDropout2D<Double>(0.5), [4, 2, 2, 5], positions: [1, 2])
    try check(SpatialDropout2D<Double>(0.5, dataFormat: .channelsFirst), [4, 5, 2, 2], positions: [2, 3])
    try check(SpatialDropout3D<Double>(0.5), [3, 2, 1, 2, 4], positions: [1, 2, 3])
    let error = #expect(throws: LayerError.self) { try SpatialDropout1D<Double>(0.5)(.ones([2, 3])) }
    #expect(
      "\(error!)"
        == "SpatialDropout1D: the input has the shape [batch, 3]; expected: one with 2 axes after the batch")
  }

  @Test func `every layer may have a penalty for its outputs`() throws {
    var generator = PhiloxGenerator(seed: 12)
    let x = sample([4, 3])
    let model = Sequential<Double> { Activation(.tanh).regularized(by: .l2(0.25)).named("squashed") }
    let result = try model.pullback(.zeros([4, 3]), at: x, using: &generator)
    let y = try model(x)
    #expect(abs(result.penalty - y.squared().sum().scalar * 0.25 / 4) < 1e-14)
    #expect(isClose(result.input, y * (1 - y * y) * 0.125))
    let within = Sequential<Double> { Dense(2, kernelInitializer: .ones, activityRegularizer: .l1(0.5)) }
    let outside = Sequential<Double> { Dense(2, kernelInitializer: .ones).regularized(by: .l1(0.5)) }
    #expect(
      try within.pullback(.ones([4, 2]), at: x, using: &generator).input
        == outside.pullback(.ones([4, 2]), at: x, using: &generator).input)
  }

  @Test func `alpha dropout keeps mean and variance, the dropped become one value`() throws {
    var generator = PhiloxGenerator(seed: 13)
    let x = Tensor<Double>.normal([200, 1000], using: &generator)
    for rate in [0.05, 0.2, 0.5] {
      let y = try AlphaDropout(rate)(x, training: true, using: &generator)
      #expect(abs(y.mean().scalar) < 0.02, "\(rate)")
      #expect(abs(y.variance().scalar - 1) < 0.02, "\(rate)")
      let a = 1 / ((1 - rate) * (1 + rate * 1.7580993408473766 * 1.7580993408473766)).squareRoot()
      let dropped = -a * 1.7580993408473766 * (1 - rate)
      #expect(abs(((y - dropped).absolute() .< 1e-12).mean().scalar - rate) < 0.01, "\(rate)")
    }
  }

  @Test func `gaussian noise has its standard deviation`() throws {
    var generator = PhiloxGenerator(seed: 14)
    let added = try GaussianNoise(0.5)(Tensor<Double>.ones([200, 500]), training: true, using: &generator)
    #expect(abs(added.mean().scalar - 1) < 0.01)
    #expect(abs(added.standardDeviation().scalar - 0.5) < 0.01)
    let scaled = try GaussianDropout(0.2)(
      Tensor<Double>.filled([200, 500], with: 2), training: true, using: &generator)
    #expect(abs(scaled.mean().scalar - 2) < 0.01)
    #expect(abs(scaled.standardDeviation().scalar - 1) < 0.01)
  }

  /// Mean and variance behind each of 32 layers.
  private func moments(
    _ activation: Activation<Float>, dropout: Double?
  ) throws -> [(mean: Float, variance: Float)] {
    var generator = PhiloxGenerator(seed: 15)
    var x = Tensor<Float>.normal([512, 256], using: &generator)
    return try (0..<32).map { _ in
      var dense = Dense<Float>(256, activation: activation, kernelInitializer: .lecunNormal)
      try dense.build(for: x, using: &generator)
      x = try dense(x)
      if let dropout { x = try AlphaDropout(dropout)(x, training: true, using: &generator) }
      return (x.mean().scalar, x.variance().scalar)
    }
  }

  @Test func `selu normalises itself through 32 layers, with alpha dropout and without; relu does not`() throws {
    for dropout in [nil, 0.05, 0.1] {
      for (layer, moments) in try moments(.selu, dropout: dropout).enumerated() {
        #expect(abs(moments.mean) <= 0.1, "layer \(layer), dropout \(dropout ?? 0)")
        #expect((0.8...1.25).contains(moments.variance), "layer \(layer), dropout \(dropout ?? 0)")
      }
    }
    let rectified = try moments(.relu, dropout: nil).last!
    #expect(rectified.variance < 0.01)
  }

  @Test func `inputs that do not fit the noise shape throw`() {
    let layer = Dropout<Double>(0.5, noiseShape: [nil, 2])
    var error = #expect(throws: LayerError.self) { try layer(.ones([2, 3])) }
    #expect(
      "\(error!)"
        == "Dropout: the input has the shape [batch, 3]; expected: one to which the noise shape [nil, 2] broadcasts")
    var generator = PhiloxGenerator(seed: 0)
    let fixed = AlphaDropout<Double>(0.5, noiseShape: [4, 1])
    error = #expect(throws: LayerError.self) { try fixed(.ones([2, 3]), training: true, using: &generator) }
    #expect(
      "\(error!)"
        == "AlphaDropout: the input has the shape [2, 3]; expected: one to which the noise shape [4, 1] broadcasts")
  }

  @Test func `rates outside their range stop the program`() async {
    await expectMessage(
      "Dropout: the rate is -0.1; allowed: 0...1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Dropout<Float>(-0.1) })
    await expectMessage(
      "Dropout: the rate is 1.1; allowed: 0...1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Dropout<Float>(1.1) })
    await expectMessage(
      "Dropout: the noise shape is [0]; allowed: lengths of at least 1 and nil",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Dropout<Float>(0.5, noiseShape: [0]) })
    await expectMessage(
      "AlphaDropout: the rate is 1.0; allowed: 0..<1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = AlphaDropout<Float>(1) })
    await expectMessage(
      "GaussianNoise: stddev is 1.5; allowed: 0...1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = GaussianNoise<Float>(1.5) })
    await expectMessage(
      "GaussianDropout: the rate is 1.0; allowed: 0..<1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = GaussianDropout<Float>(1) })
    await expectMessage(
      "ActivityRegularization: l1 is -1.0; allowed: finite numbers of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = ActivityRegularization<Float>(l1: -1) })
  }
}
