import Layers
import Tensor
import TestSupport
import Testing

@Suite struct PreprocessingTests {
  @Test func `preprocessing keeps the shape and has gradients`() throws {
    let x = sample([4, 3])
    try checkLayer(Rescaling(scale: 0.5, offset: 2), input: x, output: [4, 3])
    try checkLayer(
      Normalization(), input: x, output: [4, 3], weights: ["mean": [3], "variance": [3], "count": []])
    try checkLayer(
      Normalization(axis: [], invert: true), input: x, output: [4, 3],
      weights: ["mean": [], "variance": [], "count": []])
    try checkLayer(Normalization(mean: [1, 2, 3], variance: [4, 5, 6]), input: x, output: [4, 3])
  }

  @Test func `bytes become numbers from -1 to 1`() throws {
    #expect(try Rescaling(scale: 2.0 / 255, offset: -1)([[0, 255]] as Tensor<Double>) == [[-1, 1]])
  }

  @Test func `adapted to data, it normalises them, and inverted undoes it`() throws {
    var generator = PhiloxGenerator(seed: 4)
    let x = Tensor<Double>.normal([50, 2, 3], mean: 7, standardDeviation: 2, using: &generator)
    for axis in [[], [1], [2], [1, 2]] {
      var layer = Normalization<Double>(axis: axis)
      try layer.adapt(to: x)
      let y = try layer(x)
      let reduced = [0, 1, 2].filter { !axis.contains($0) }
      #expect(y.mean(axis: reduced).absolute().max().scalar < 1e-12)
      #expect((y.variance(axis: reduced) - 1).absolute().max().scalar < 1e-12)
      let inverse = Normalization(axis: axis, mean: layer.mean, variance: layer.variance, invert: true)
      #expect(isClose(try inverse(y), x))
    }
  }

  @Test func `batches of any length give what the whole gives`() throws {
    let x = sample([10, 3])
    var (whole, parts) = (Normalization<Double>(), Normalization<Double>())
    try whole.adapt(to: x)
    try parts.adapt(toBatches: [x[0..<3], x[3..<4], x[4..<10]])
    #expect(isClose(parts.mean, whole.mean))
    #expect(isClose(parts.variance, whole.variance))
  }

  @Test func `a channel that is constant becomes 0`() throws {
    var layer = Normalization<Float>()
    try layer.adapt(to: [[3, 1], [3, 2]])
    #expect(try layer([[3, 1]]) == [[0, -1]])
  }

  @Test func `data that do not fit throw`() throws {
    var layer = Normalization<Float>()
    try layer.adapt(to: .ones([2, 3]))
    var error = #expect(throws: LayerError.self) { try layer(.ones([2, 4])) }
    #expect(
      "\(error!)"
        == "Normalization: the input has the shape [batch, 4]; expected: one to which a mean of [3] fits along the axes [-1]"
    )
    error = #expect(throws: LayerError.self) { try layer.adapt(to: .ones([2, 4])) }
    #expect(error != nil)
  }

  @Test func `arguments that do not fit stop the program`() async {
    await expectMessage(
      "Rescaling: scale is nan and offset 0.0; allowed: finite numbers",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Rescaling<Float>(scale: .nan) })
    await expectMessage(
      "Normalization: the axes are [0]; allowed: axes of at least 1 and negative ones: 0 is the batch axis",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Normalization<Float>(axis: 0) })
    await expectMessage(
      "Normalization: mean and variance have the shapes [2] and [1]; allowed: one shape of at most 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Normalization<Float>(mean: [1, 2], variance: [1])
      })
    await expectMessage(
      "Normalization: the layer was made with a mean and a variance and does not compute them from data",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var layer = Normalization<Float>(mean: 1, variance: 1)
        try layer.adapt(to: .ones([2, 2]))
      })
  }
}
