import Foundation
import Testing

@testable import Layers
@testable import Tensor

// What every layer is to fulfil.

/// Checks a layer on an input: its output's shape, its weights, that it takes inputs which do not lie contiguous, that the same
/// generator gives the same in training, and its gradients against finite differences.
func checkLayer(
  _ layer: some Layer<Double>, input: Tensor<Double>, output: [Int], weights: [String: [Int]] = [:],
  differsInTraining: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var generator = PhiloxGenerator(seed: 1)
  var layer = layer
  #expect(
    try layer.outputShape(for: Array(input.shape.dropFirst())) == Array(output.dropFirst()),
    sourceLocation: sourceLocation)
  try layer.build(for: input, using: &generator)
  #expect(layer.isBuilt, sourceLocation: sourceLocation)
  let shapes = layer.weights.map { ($0.path, $0.value.shape) }
  #expect(Dictionary(shapes) { first, _ in first } == weights, sourceLocation: sourceLocation)
  #expect(shapes.count == weights.count, "two weights with the path of one", sourceLocation: sourceLocation)
  layer.forEachWeight { weight in
    let noise = Tensor<Double>.uniform(weight.value.shape, in: 0.1..<0.6, using: &generator)
    weight.value = weight.value + noise
  }

  let used = try layer(input)
  #expect(used.shape == output, sourceLocation: sourceLocation)
  let strided = input.transposed.copied().transposed
  #expect(isClose(try layer(strided), used), sourceLocation: sourceLocation)

  let training = generator
  var (first, second) = (training, training)
  let trained = try layer(input, training: true, using: &first)
  #expect(try layer(input, training: true, using: &second) == trained, sourceLocation: sourceLocation)
  #expect((trained != used) == differsInTraining, sourceLocation: sourceLocation)
  if differsInTraining && layer.weights.isEmpty {
    #expect(try layer(input, training: true, using: &first) != trained, sourceLocation: sourceLocation)
  }
  try checkGradients(of: layer, [input], sourceLocation: sourceLocation)
}

func isClose(_ x: Tensor<Double>, _ y: Tensor<Double>, _ tolerance: Double = 1e-12) -> Bool {
  x.shape == y.shape && (x.isEmpty || ((x - y).absolute() - y.absolute() * tolerance).max().scalar <= tolerance)
}

/// A forward computation by a generator of its own, and what follows from the gradients by the outputs.
func run<L: Layer>(
  _ layer: L, _ inputs: [Tensor<L.Scalar>], training: Bool, _ upstream: (([[Int]]) -> [Tensor<L.Scalar>])? = nil
) throws -> Pullback<L.Scalar> {
  let shapes = try layer.outputShapes(for: inputs.map { Array($0.shape.dropFirst()) }).map { [inputs[0].shape[0]] + $0 }
  var generator = PhiloxGenerator(seed: 5)
  return try layer.pullback(
    upstream?(shapes) ?? shapes.map { .ones($0) }, at: inputs, training: training, using: &generator)
}

/// Compares gradients by inputs and trained weights with finite differences, to a relative 1e-6.
func checkGradients<SomeLayer: Layer<Double>>(
  of layer: SomeLayer, _ inputs: [Tensor<Double>], training: Bool = true,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var random = PhiloxGenerator(seed: 3)
  let shapes = try layer.outputShapes(for: inputs.map { Array($0.shape.dropFirst()) })
  let upstream = shapes.map { Tensor<Double>.normal([inputs[0].shape[0]] + $0, using: &random) }
  func loss(_ layer: SomeLayer, _ inputs: [Tensor<Double>]) throws -> Double {
    let result = try run(layer, inputs, training: training)
    return zip(result.outputs, upstream).reduce(result.penalty) { $0 + ($1.0 * $1.1).sum().scalar }
  }
  func slope(at position: Int, _ x: Tensor<Double>, _ loss: (Tensor<Double>) throws -> Double) rethrows -> Double {
    func shifted(by distance: Double) throws -> Double {
      var values = x.scalars
      values[position] += distance
      return try loss(Tensor(shape: x.shape, scalars: values))
    }
    let step = 1e-4
    let (near, far) = (
      try shifted(by: step) - shifted(by: -step), try shifted(by: 2 * step) - shifted(by: -2 * step)
    )
    return (8 * near - far) / (12 * step)
  }
  func compare(
    _ gradient: Tensor<Double>, _ x: Tensor<Double>, _ name: String, _ loss: (Tensor<Double>) throws -> Double
  )
    throws
  {
    #expect(gradient.shape == x.shape, "\(name)", sourceLocation: sourceLocation)
    let values = gradient.scalars
    for position in values.indices {
      let expected = try slope(at: position, x, loss)
      #expect(
        abs(values[position] - expected) <= 1e-6 * max(1, abs(expected)), "\(name) \(position)",
        sourceLocation: sourceLocation)
    }
  }

  let result = try run(layer, inputs, training: training) { _ in upstream }
  for index in inputs.indices {
    try compare(result.inputs[index], inputs[index], "input \(index)") { x in
      var inputs = inputs
      inputs[index] = x
      return try loss(layer, inputs)
    }
  }
  for (index, weight) in layer.weights.enumerated() where weight.isTrainable {
    let gradient = result.weights[result.weights.places[index]]
    try compare(gradient ?? .zeros(weight.value.shape), weight.value, weight.name) { value in
      var layer = layer
      var position = 0
      layer.forEachWeight {
        if position == index { $0.value = value }
        position += 1
      }
      return try loss(layer, inputs)
    }
  }
}

/// Numbers without ties, some of them negative, none near a kink at 0 or ±1.
func sample(_ shape: [Int], seed: UInt64 = 7) -> Tensor<Double> {
  var generator = PhiloxGenerator(seed: seed)
  let sizes = Tensor<Double>.uniform(shape, in: 0.1..<0.9, using: &generator)
  let signs = Tensor<Double>.normal(shape, using: &generator).sign()
  return sizes * signs
}
