import Activations
import KerasFormat
import TestSupport
import Testing

@testable import Layers
@testable import Tensor

@Suite struct RectifierTests {
  @Test func `rectifiers keep the shape and have gradients`() throws {
    for shape in [[3, 4], [2, 3, 2], [2, 2, 2, 2]] {
      let x = sample(shape)
      try checkLayer(ReLU(), input: x, output: shape)
      try checkLayer(ReLU(maxValue: 0.95, negativeSlope: 0.2, threshold: 0.05), input: x, output: shape)
      try checkLayer(LeakyReLU(), input: x, output: shape)
      try checkLayer(ELU(alpha: 0.3), input: x, output: shape)
      try checkLayer(ThresholdedReLU(theta: 0.05), input: x, output: shape)
      try checkLayer(PReLU(), input: x, output: shape, weights: ["alpha": Array(shape.dropFirst())])
      try checkLayer(
        PReLU(sharedAxes: [-1]), input: x, output: shape, weights: ["alpha": shape.dropFirst().dropLast() + [1]])
      try checkLayer(Softmax(), input: x, output: shape)
      try checkLayer(Softmax(axis: 1), input: x, output: shape)
      try checkLayer(Activation.gelu, input: x, output: shape)
    }
    try checkLayer(Softmax(axis: [1, 2]), input: sample([2, 3, 2]), output: [2, 3, 2])
    try checkLayer(Activation.glu, input: sample([2, 4]), output: [2, 2])
  }

  @Test func `rectifiers are their activations, to the bit`() throws {
    let x = sample([4, 5])
    #expect(try ReLU(maxValue: 0.5)(x) == relu(x, maxValue: 0.5))
    #expect(try ReLU(negativeSlope: 0.1, threshold: 0.2)(x) == relu(x, alpha: 0.1, threshold: 0.2))
    #expect(try LeakyReLU()(x) == leakyRelu(x, negativeSlope: 0.3))
    #expect(try ELU()(x) == elu(x))
    #expect(try ThresholdedReLU()(x * 2) == threshold(x * 2, threshold: 1, value: 0))
    #expect(try Softmax()(x) == softmax(x))
    #expect(try PReLU(alphaInitializer: .constant(0.25))(x) == leakyRelu(x, negativeSlope: 0.25))
  }

  @Test func `a mask leaves out what softmax is not to see`() throws {
    let x: Tensor<Double> = [[1, 2, 3], [4, 5, 6]]
    let mask: Tensor<Bool> = [[true, true, false], [false, false, false]]
    let y = try Softmax()(x, mask: mask)
    let expected: Tensor<Double> = try softmax([[1, 2]] as Tensor<Double>)
    #expect(y[0, 0..<2] == expected[0])
    #expect(y[0, 2].scalar == 0)
    #expect(y[1] == .zeros([3]))
    #expect(throws: ActivationError.self) { try Softmax()(x, mask: [true, false]) }
  }

  @Test func `inputs that do not fit throw`() throws {
    let vector = Tensor<Double>.ones([3])
    var error = #expect(throws: LayerError.self) { try Softmax()(vector) }
    #expect(
      "\(error!)" == "Softmax: the input has the shape [batch]; expected: [batch, …] with an axis after the batch")
    error = #expect(throws: LayerError.self) { try Softmax(axis: 3)(Tensor<Double>.ones([2, 3])) }
    #expect("\(error!)" == "Softmax: the input has the shape [batch, 3]; expected: one with the axis 3")
    error = #expect(throws: LayerError.self) { try PReLU(sharedAxes: [2])(Tensor<Double>.ones([2, 3])) }
    #expect("\(error!)" == "PReLU: the input has the shape [batch, 3]; expected: one with the axis 2")
    var layer = PReLU<Double>()
    var generator = PhiloxGenerator(seed: 0)
    try layer.build(for: .ones([2, 3]), using: &generator)
    error = #expect(throws: LayerError.self) { try layer(.ones([2, 4])) }
    #expect("\(error!)" == "PReLU: the input has the shape [batch, 4]; expected: [batch, 3]")
    error = #expect(throws: LayerError.self) {
      try (Activation<Double>.glu as any Layer<Double>).outputShape(for: [3])
    }
    #expect(
      "\(error!)"
        == "Activation glu: the input has the shape [batch, 3]; expected: one of even length along the axis -1")
  }

  @Test func `parameters outside their range stop the program`() async {
    await expectMessage(
      "ReLU: maxValue is -1.0; allowed: finite numbers of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = ReLU<Float>(maxValue: -1) })
    await expectMessage(
      "ReLU: negativeSlope is -1.0; allowed: finite numbers of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = ReLU<Float>(negativeSlope: -1) })
    await expectMessage(
      "ReLU: threshold is nan; allowed: finite numbers of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = ReLU<Float>(threshold: .nan) })
    await expectMessage(
      "ThresholdedReLU: theta is -1.0; allowed: finite numbers of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = ThresholdedReLU<Float>(theta: -1) })
    await expectMessage(
      "PReLU: the axes are [0]; allowed: axes of at least 1 and negative ones: 0 is the batch axis",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = PReLU<Float>(sharedAxes: [0]) })
    await expectMessage(
      "Softmax: the axes are all; allowed: an axis and a list of axes",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Softmax<Float>(axis: .all) })
  }
}
