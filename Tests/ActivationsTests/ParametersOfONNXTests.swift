import Tensor
import Testing

@testable import Activations

/// Operators of ONNX by their definitions there.
@Suite struct ParametersOfONNXTests {
  let x = Tensor<Float>([-.infinity, -7, -2.5, -2, -1, -0.0, 0, 0.25, 1, 2, 2.5, 7, .infinity])

  @Test(arguments: Kernels.supported)
  func `HardSigmoid's defaults are Keras 2's hard sigmoid`(kernels: Kernels) throws {
    let (onnx, keras) = (Activation<Float>.hardSigmoid(alpha: 0.2), Activation<Float>.hardSigmoidKeras2)
    #expect(try onnx(x, kernels: kernels) == keras(x, kernels: kernels))
    #expect(try onnx.derivative(at: x, kernels: kernels) == keras.derivative(at: x, kernels: kernels))
    #expect(onnx != keras && onnx.name == "hard_sigmoid")
  }

  @Test(arguments: Kernels.supported)
  func `HardSigmoid's slope is 0 at kinks, and alpha between them down to the smallest numbers`(
    kernels: Kernels
  ) throws {
    let points = Tensor<Float>([-0.5, Float(-0.5).nextUp, 0, Float(1.5).nextDown, 1.5])
    let slopes = try Activation.hardSigmoid(alpha: 0.5, beta: 0.25).derivative(at: points, kernels: kernels)
    #expect(slopes.scalars == [0, 0.5, 0.5, 0.5, 0])
    // The product of alpha and x underflows.
    let tiny = Tensor<Float>([-Float.leastNonzeroMagnitude, 0, .leastNonzeroMagnitude, 0x1p-140])
    #expect(
      try Activation.hardSigmoid(alpha: 0.25, beta: 0).derivative(at: tiny, kernels: kernels).scalars
        == [0, 0, 0.25, 0.25])
    #expect(
      try Activation.hardSigmoid(alpha: -0.25, beta: 0).derivative(at: tiny, kernels: kernels).scalars
        == [-0.25, 0, 0, 0])
    let beside = try Activation.hardSigmoid(alpha: 0.25, beta: 1).derivative(at: tiny, kernels: kernels).scalars
    #expect(beside == [0.25, 0, 0, 0])
  }

  @Test func `NaN gives NaN, also where alpha is 0`() throws {
    let unknown = Tensor<Float>([.nan])
    let all: [Activation<Float>] = [
      .hardSigmoid(alpha: 0.3), .hardSigmoid(alpha: 0), .selu(alpha: 2), .selu(alpha: 0, scale: 0), .relu(threshold: 1),
      .threshold(threshold: 1, value: 0),
    ]
    for activation in all {
      #expect(try activation(unknown).scalar.isNaN, "\(activation)")
      #expect(try activation.derivative(at: unknown).scalar.isNaN, "\(activation)")
    }
  }

  @Test func `Selu is gamma times elu`() throws {
    let points = Tensor<Double>.linspace(-30, 30, count: 121)
    let scaled = 1.3 * elu(points, alpha: 1.7)
    #expect((selu(points, alpha: 1.7, scale: 1.3) - scaled).absolute().max().scalar < 1e-14)
    let slopes = try Activation.selu(alpha: 1.7, scale: 1.3).derivative(at: Tensor<Double>([-0.0, 0, 1e-300, 1]))
    #expect(slopes.isAlmostEqual(to: [2.21, 2.21, 1.3, 1.3], relativeTolerance: 1e-15))
    let (least, small) = (Float.leastNonzeroMagnitude, Float(0x1p-130))
    let extreme = selu(Tensor([-least, -small, -200, least]), alpha: 0x1p66, scale: 0x1p-66).scalars
    #expect(extreme == [-least, -small, -1, 0] && extreme[3].sign == .plus)
  }

  @Test func `ThresholdedRelu is relu with a threshold, 0 at it`() throws {
    for alpha in [1, 2, -2.0] {
      let onnx = Tensor(x.scalars.map { $0 > Float(alpha) ? $0 : 0 })
      #expect(relu(x, threshold: alpha) == onnx)
      #expect(threshold(x, threshold: alpha, value: 0) == onnx)
    }
  }
}
