import Activations
import Foundation
import TestSupport
import Testing

@testable import Layers
@testable import Tensor

@Suite struct ConvolutionTests {
  private func built<L: Layer>(_ layer: L, _ inputShape: [Int], seed: UInt64 = 4) throws -> L {
    var layer = layer
    var generator = PhiloxGenerator(seed: seed)
    _ = try layer.outputShape(for: inputShape)
    try layer.build(inputShape: inputShape, using: &generator)
    layer.forEachWeight { weight in
      weight.value = weight.value + .normal(weight.value.shape, using: &generator) * 0.1
    }
    return layer
  }

  @Test func `an edge is where neighbours differ`() throws {
    var edges = Conv2D<Double>(1, kernelSize: [1, 2], activation: .relu)
    edges.kernelWeight.value = Tensor(shape: [1, 2, 1, 1], scalars: [-1, 1])
    edges.biasWeight!.value = [-1]
    let image = Tensor<Double>(shape: [1, 2, 4, 1], scalars: [0, 0, 5, 5, 1, 3, 3, 0])
    #expect(try edges(image).scalars == [0, 4, 0, 1, 0, 0])
  }

  static let layers: [(any Layer<Double>, [Int])] = [
    (Conv1D(3, kernelSize: 3, padding: .causal, dilationRate: 2, activation: .tanh), [5, 2]),
    (Conv2D(4, kernelSize: [3, 2], strides: [2, 1], padding: .same, groups: 2, activation: .gelu), [4, 3, 2]),
    (Conv3D(2, kernelSize: 2, activation: .softplus), [3, 2, 3, 1]),
    (Conv1DTranspose(3, kernelSize: 4, strides: 3, activation: .tanh), [3, 2]),
    (Conv2DTranspose(2, kernelSize: 3, strides: 2, padding: .same, activation: .silu), [2, 3, 2]),
    (Conv2DTranspose(2, kernelSize: 1, strides: 2, outputPadding: [1], activation: .silu), [2, 2, 2]),
    (Conv3DTranspose(1, kernelSize: 2, padding: .same), [2, 2, 2, 2]),
    (DepthwiseConv1D(kernelSize: 3, strides: 2, depthMultiplier: 2, activation: .tanh), [6, 2]),
    (DepthwiseConv2D(kernelSize: 3, strides: 2, padding: .same, activation: .selu), [4, 3, 2]),
    (SeparableConv1D(3, kernelSize: 2, padding: .causal, activation: .tanh), [4, 2]),
    (SeparableConv2D(3, kernelSize: 2, depthMultiplier: 2, activation: .elu(alpha: 0.5)), [3, 3, 2]),
    (Conv2D(2, kernelSize: 2, dataFormat: .channelsFirst, activation: "softmax"), [2, 3, 3]),
  ]

  @Test(arguments: layers.indices) func `gradients are those of finite differences`(_ index: Int) throws {
    let (layer, inputShape) = Self.layers[index]
    func check(_ layer: some Layer<Double>) throws {
      try checkGradients(of: try built(layer, inputShape), [sample([2] + inputShape)])
    }
    try check(layer)
  }

  @Test(arguments: layers.indices) func `a sample's output is the same alone, to the bit`(_ index: Int) throws {
    let (layer, inputShape) = Self.layers[index]
    func check(_ layer: some Layer<Double>) throws {
      let layer = try built(layer, inputShape)
      let x = sample([5] + inputShape)
      let y = try layer(x)
      for row in 0..<5 { #expect(try layer(x[row..<row + 1]) == y[row..<row + 1]) }
    }
    try check(layer)
  }

  @Test(arguments: layers.indices) func `a tensor of other strides gives the same`(_ index: Int) throws {
    let (layer, inputShape) = Self.layers[index]
    func check(_ layer: some Layer<Double>) throws {
      let layer = try built(layer, inputShape)
      let x = sample([3] + inputShape)
      let axes = Array((0...inputShape.count).reversed())
      #expect(try layer(x.permuted(axes).copied().permuted(axes)) == layer(x))
    }
    try check(layer)
  }

  @Test func `a model computes what its layers do one by one`() throws {
    for (layer, inputShape) in Self.layers {
      var generator = PhiloxGenerator(seed: 6)
      var model = Sequential<Double> {
        Input(shape: inputShape)
        layer
        BatchNormalization<Double>(movingMeanInitializer: .randomNormal(), movingVarianceInitializer: .ones)
        Activation<Double>.relu()
      }
      try model.build(using: &generator)
      let x = sample([3] + inputShape)
      let plain = try model.graph.computation(.inference, [inputShape], isDifferentiated: false, .init(isFused: false))
      plain.setInput(0, x)
      try plain.infer()
      #expect(isClose(try model(x), plain.output(0), 1e-12), "\(layer)")
    }
  }

  @Test func `batch normalisation of the channels becomes the weights of the convolution before it`() throws {
    for layer in [
      Conv2D<Double>(4, kernelSize: 3, padding: .same) as any Layer<Double>,
      Conv2DTranspose<Double>(4, kernelSize: 2, strides: 2), DepthwiseConv2D<Double>(kernelSize: 3, depthMultiplier: 2),
      SeparableConv2D<Double>(4, kernelSize: 3, useBias: false),
    ] {
      var generator = PhiloxGenerator(seed: 6)
      var model = Sequential<Double> {
        Input(shape: [4, 4, 2])
        layer
        BatchNormalization<Double>()
        Activation<Double>.relu()
      }
      try model.build(using: &generator)
      let plan = try model.graph.computation(.inference, [[4, 4, 2]], isDifferentiated: false).plan
      #expect(plan.steps.count == (layer is SeparableConv2D<Double> ? 2 : 1), "\(layer)")
    }
  }

  @Test(arguments: [true, false]) func `the sum at the end of a residual block is added up in the convolution`(
    _ hasProjection: Bool
  ) throws {
    let input = Input<Double>(5, 4, 3)
    let x = Activation<Double>.tanh(input)
    let inner = Conv2D<Double>(3, kernelSize: 3, padding: .same, activation: .relu)(x)
    let outer = BatchNormalization<Double>()(Conv2D<Double>(3, kernelSize: 3, padding: .same)(inner))
    let passed = hasProjection ? Conv2D<Double>(3, kernelSize: 1)(x) : x
    var model = try Functional(
      inputs: input, outputs: Activation<Double>.softsign(Add<Double>()([passed, outer])))
    var generator = PhiloxGenerator(seed: 6)
    try model.build(using: &generator)
    let images = sample([3, 5, 4, 3])
    let plain = try model.graph.computation(.inference, [[5, 4, 3]], isDifferentiated: false, .init(isFused: false))
    plain.setInput(0, images)
    try plain.infer()
    let expected = plain.output(0)
    let plan = try model.graph.computation(.inference, [[5, 4, 3]], isDifferentiated: false).plan
    #expect(plan.steps.count == (hasProjection ? 4 : 3))
    for _ in 0..<3 { #expect(isClose(try model(images), expected, 1e-12)) }
    for row in 0..<3 { #expect(try model(images[row..<row + 1]) == model(images)[row..<row + 1]) }
  }

  @Test func `a convolution takes memory for its output, not for a copy of the windows`() async {
    await #expect(processExitsWith: .success) {
      func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }!
        return Int(line.split(whereSeparator: { $0 == " " || $0 == "\t" })[1])! * 1024
      }
      var layer = Conv2D<Float>(4, kernelSize: 7, padding: .same, activation: .relu)
      let x = Tensor<Float>.ones([1, 512, 512, 8])
      var generator = PhiloxGenerator(seed: 2)
      try layer.build(for: x, using: &generator)
      let before = try peak()
      _ = try layer(x)
      let (output, unfolded) = (512 * 512 * 4 * 4, 512 * 512 * 49 * 8 * 4)
      let asked = try peak() - before
      #expect(asked < output + 32 << 20 && asked < unfolded / 8)
    }
  }

  @Test func `inputs that do not fit throw before anything is computed`() throws {
    func text<L: Layer>(_ layer: L, _ shape: [Int]) -> String {
      do {
        _ = try layer.outputShape(for: shape)
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(
      text(Conv2D<Float>(3, kernelSize: 5), [4, 9, 2])
        == "Conv2D: the input has the shape [batch, 4, 9, 2]; expected: spatial axes at least as long as the windows, [5, 5]"
    )
    #expect(
      text(Conv2D<Float>(3, kernelSize: 3, dilationRate: 4), [8, 9, 2])
        == "Conv2D: the input has the shape [batch, 8, 9, 2]; expected: spatial axes at least as long as the windows, [9, 9]"
    )
    #expect(
      text(Conv1D<Float>(3, kernelSize: 2), [4, 4, 2])
        == "Conv1D: the input has the shape [batch, 4, 4, 2]; expected: [batch, …, channels]")
    #expect(
      text(Conv2D<Float>(4, kernelSize: 2, groups: 2), [4, 4, 3])
        == "Conv2D: the input has the shape [batch, 4, 4, 3]; expected: a number of channels that the 2 groups divide")
    #expect(
      text(try built(Conv2D<Double>(4, kernelSize: 2, dataFormat: .channelsFirst), [3, 4, 4]), [2, 4, 4])
        == "Conv2D: the input has the shape [batch, 2, 4, 4]; expected: [batch, 3, …, …]")
    #expect(
      text(Conv1DTranspose<Float>(3, kernelSize: 2, strides: Int.max), [3, 2])
        == "Conv1DTranspose: the input has the shape [batch, 3, 2]; expected: spatial axes of at least 1, whose output has at least 1 too"
    )
    #expect(
      text(Conv2D<Float>(3, kernelSize: Int.max, padding: .same, dilationRate: 2), [4, 4, 2]).hasPrefix(
        "Conv2D: the input"))
    #expect(
      text(DepthwiseConv2D<Float>(kernelSize: 1, depthMultiplier: .max), [4, 4, 2])
        == "DepthwiseConv2D: the input has the shape [batch, 4, 4, 2]; expected: fewer channels")
  }

  @Test func `arguments that Keras refuses stop the program`() async {
    await expectMessage(
      "Conv2D: kernelSize is [3, 3, 3]; allowed: one or 2 integers of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Conv2D<Float>(3, kernelSize: [3, 3, 3])
      })
    await expectMessage(
      "Conv1D: strides is 0; allowed: an integer of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Conv1D<Float>(3, kernelSize: 3, strides: 0)
      })
    await expectMessage(
      "Conv2D: strides are [2, 2] and dilationRate is [3, 3]; allowed: one of them greater than 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Conv2D<Float>(3, kernelSize: 3, strides: 2, dilationRate: 3)
      })
    await expectMessage(
      "Conv2D: filters are 3 in 2 groups; allowed: at least 1 of each, and as many filters in each group",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Conv2D<Float>(3, kernelSize: 3, groups: 2)
      })
    await expectMessage(
      "Conv2D: the padding is causal; allowed: valid and same, causal in one dimension alone",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Conv2D<Float>(3, kernelSize: 3, padding: .causal)
      })
    await expectMessage(
      "Conv2DTranspose: outputPadding is [2, 2] with strides of [2, 2]; allowed: less than the strides",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Conv2DTranspose<Float>(3, kernelSize: 3, strides: 2, outputPadding: [2])
      })
  }
}
