import Foundation
import KerasFormat
import Testing

@testable import Layers
@testable import Tensor

/// A convolution as Keras computed it: see make_convolutions.py.
struct KerasConvolution: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let model: Configuration
  let input: [Int]
  let weights: [[Int]]
  let output: [Int]
  let upstream: [Int]
  let inputGradient: [Int]
  let weightGradients: [[Int]]

  var testDescription: String { name }

  /// The shapes of the tensors in the order of the script.
  var shapes: [[Int]] { [input] + weights + [output, upstream, inputGradient] + weightGradients }

  static let all: [KerasConvolution] = try! jsonFixture("convolutions")

  /// The tensors of every case, in the order of ``shapes``.
  static let tensors: [String: [Tensor<Double>]] = {
    let url = Bundle.module.url(forResource: "convolutions", withExtension: "npy", subdirectory: "Fixtures")!
    let numbers = try! Tensor<Double>(contentsOf: url.path).scalars
    var place = 0
    var tensors: [String: [Tensor<Double>]] = [:]
    for convolution in all {
      tensors[convolution.name] = convolution.shapes.map { shape in
        let count = shape.reduce(1, *)
        defer { place += count }
        return Tensor(shape: shape, scalars: Array(numbers[place..<place + count]))
      }
    }
    precondition(place == numbers.count)
    return tensors
  }()

  func check<Scalar: RealScalar>(_: Scalar.Type, within bound: Double) throws {
    var tensors = Self.tensors[name]![...]
    let input = tensors.removeFirst()
    let values = weights.map { _ in tensors.removeFirst() }
    let (output, upstream, inputGradient) = (tensors.removeFirst(), tensors.removeFirst(), tensors.removeFirst())
    var model: Model<Scalar> = try readModel(configuration: model)
    var generator = PhiloxGenerator(seed: 0)
    try model.build(for: input.cast(to: Scalar.self), using: &generator)
    try #require(model.weights.map(\.value.shape) == weights)
    var rest = values[...]
    model.forEachWeight { $0.value = rest.removeFirst().cast(to: Scalar.self) }

    /// The largest error, in parts of the largest element; of what is almost zero, in parts of 1.
    func error(_ found: Tensor<Scalar>, _ expected: Tensor<Double>) -> Double {
      guard found.shape == expected.shape else { return .infinity }
      return (found.cast(to: Double.self) - expected).absolute().max().scalar
        / Swift.max(expected.absolute().max().scalar, 1)
    }
    let inferred = try model(input.cast(to: Scalar.self))
    let result = try run(model, [input.cast(to: Scalar.self)], training: true) { _ in
      [upstream.cast(to: Scalar.self)]
    }
    #expect(error(inferred, output) <= bound)
    #expect(error(result.output, output) <= bound)
    #expect(error(result.inputs[0], inputGradient) <= bound)
    for (place, expected) in Swift.zip(result.weights.places, tensors) {
      let gradient = try #require(result.weights[place])
      #expect(error(gradient, expected) <= bound, "\(place)")
    }
  }
}

@Suite struct KerasConvolutionTests {
  @Test(arguments: KerasConvolution.all)
  func `a convolution of doubles computes what Keras's does`(_ convolution: KerasConvolution) throws {
    try convolution.check(Double.self, within: 1e-12)
  }

  @Test(arguments: KerasConvolution.all)
  func `a convolution of floats computes what Keras's does`(_ convolution: KerasConvolution) throws {
    try convolution.check(Float.self, within: 1e-5)
  }
}
