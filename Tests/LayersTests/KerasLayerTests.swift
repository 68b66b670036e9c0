import Foundation
import KerasFormat
import Testing

@testable import Layers
@testable import Tensor

/// A layer as Keras computed it: see make_layers.py.
private struct KerasCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Numbers: Decodable {
    let shape: [Int]
    let values: [Double]
    var tensor: Tensor<Double> { Tensor(shape: shape, scalars: values) }
  }
  struct KerasWeight: Decodable {
    let name: String
    let before: Numbers
    let after: Numbers
    let gradient: Numbers?
  }
  let name: String
  let training: Bool
  let inputs: [Numbers]
  let upstream: Numbers
  let output: Numbers
  let gradients: [Numbers]
  let weights: [KerasWeight]

  var testDescription: String { name }

  static let all: [KerasCase] = {
    let url = Bundle.module.url(forResource: "layers", withExtension: "json", subdirectory: "Fixtures")!
    return try! JSONDecoder().decode([KerasCase].self, from: Data(contentsOf: url))
  }()
}

private let layers: [String: any Layer<Double>] = [
  "ReLU": ReLU(),
  "ReLU with parameters": ReLU(maxValue: 1.2, negativeSlope: 0.1, threshold: 0.3),
  "LeakyReLU": LeakyReLU(),
  "ELU": ELU(alpha: 0.3),
  "PReLU": PReLU(),
  "PReLU with shared axes": PReLU(sharedAxes: [1, 2]),
  "Softmax": Softmax(),
  "Softmax over axes": Softmax(axis: [1, 2]),
  "BatchNormalization": BatchNormalization(),
  "BatchNormalization in use": BatchNormalization(),
  "BatchNormalization along axis 1": BatchNormalization(axis: 1, momentum: 0.7, epsilon: 1e-2, scale: false),
  "BatchNormalization without weights": BatchNormalization(center: false, scale: false),
  "LayerNormalization": LayerNormalization(),
  "LayerNormalization over axes": LayerNormalization(axis: [1, 2], epsilon: 1e-2),
  "GroupNormalization": GroupNormalization(groups: 2),
  "GroupNormalization along axis 1": GroupNormalization(groups: 3, axis: 1, epsilon: 1e-2),
  "GroupNormalization of single channels": GroupNormalization(groups: -1, scale: false),
  "RMSNormalization": RMSNormalization(),
  "RMSNormalization over axes": RMSNormalization(axis: [1, 2], epsilon: 1e-2),
  "UnitNormalization": UnitNormalization(),
  "UnitNormalization over axes": UnitNormalization(axis: [1, 2]),
  "EinsumDense": EinsumDense("ab,bc->ac", outputShape: [3], activation: .tanh, biasAxes: "c"),
  "EinsumDense of the last axis": EinsumDense("...x,xy->...y", outputShape: [3], biasAxes: "y"),
  "EinsumDense with an ellipsis on the right": EinsumDense("ab...,bc->ac...", outputShape: [2], biasAxes: "c"),
  "EinsumDense into heads": EinsumDense(
    "abc,cde->abde", outputShape: [nil, 2, 3], activation: .silu, biasAxes: "de"),
  "EinsumDense out of heads": EinsumDense("abde,dec->abc", outputShape: [nil, 2], biasAxes: "c"),
  "EinsumDense that sums": EinsumDense("abc,cd->ad", outputShape: [2]),
  "Flatten": Flatten(),
  "Flatten with channels first": Flatten(dataFormat: .channelsFirst),
  "Reshape": Reshape([-1, 2]),
  "Permute": Permute([3, 1, 2]),
  "RepeatVector": RepeatVector(3),
  "Identity": Identity(),
  "Rescaling": Rescaling(scale: 0.5, offset: -1.5),
  "Normalization": Normalization(),
  "Normalization with given numbers": Normalization(axis: [1, 2], mean: [1, -2], variance: [4, 0.25], invert: true),
  "Add": Add(),
  "Add of several ranks": Add(),
  "Subtract": Subtract(),
  "Multiply": Multiply(),
  "Average": Average(),
  "Maximum": Maximum(),
  "Minimum": Minimum(),
  "Concatenate": Concatenate(),
  "Concatenate along axis 1": Concatenate(axis: 1),
  "Dot": Dot(axes: 1),
  "Dot of matrices": Dot(axes: (2, 1)),
  "Dot of unit vectors": Dot(axes: -1, normalize: true),
  "BatchNormalization of volumes": BatchNormalization(axis: 1),
  "BatchNormalization of volumes along axis -2": BatchNormalization(axis: -2),
  "BatchNormalization of images in use": BatchNormalization(axis: 1),
  "LayerScale": LayerScale(3, initialValue: 0.5),
  "StochasticDepth in use": StochasticDepth(0.25),
  "CustomScaleLayer": CustomScaleLayer(scale: 0.17),
]

@Suite struct KerasLayerTests {
  @Test(arguments: KerasCase.all)
  fileprivate func `a layer computes what Keras's does`(_ keras: KerasCase) throws {
    let layer = try #require(layers[keras.name])
    try check(layer, keras)
  }

  private func check(_ layer: some Layer<Double>, _ keras: KerasCase) throws {
    var layer = layer
    let inputs = keras.inputs.map(\.tensor)
    let shapes = inputs.map { Array($0.shape.dropFirst()) }
    _ = try layer.outputShapes(for: shapes)
    var generator = PhiloxGenerator(seed: 0)
    try layer.build(inputShapes: shapes, using: &generator)
    let names = layer.weights.map(\.name)
    try #require(names == keras.weights.map(\.name))
    #expect(layer.weights.map(\.value.shape) == keras.weights.map(\.before.shape))
    var values = keras.weights.map(\.before.tensor)[...]
    layer.forEachWeight { $0.value = values.removeFirst() }

    let result = try run(layer, inputs, training: keras.training) { _ in [keras.upstream.tensor] }
    layer.update(result.statistics)
    let gradients = result.inputs
    #expect(isClose(result.output, keras.output.tensor))
    try #require(gradients.count == keras.gradients.count)
    for (gradient, expected) in zip(gradients, keras.gradients) { #expect(isClose(gradient, expected.tensor)) }
    for (weight, expected) in zip(layer.weights, keras.weights) {
      #expect(isClose(weight.value, expected.after.tensor), "\(weight.name)")
      #expect(weight.isTrainable == (expected.gradient != nil), "\(weight.name)")
      if let gradient = expected.gradient {
        #expect(isClose(try #require(result.weights[weight.name]), gradient.tensor), "\(weight.name)")
      }
    }
  }
}
