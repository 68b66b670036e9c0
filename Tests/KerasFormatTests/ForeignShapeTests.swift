import Tensor
import Testing

@testable import KerasFormat
@testable import Layers

/// Shapes that no tensor has, asked of every layer: an error, or the shape of an output.
@Suite struct ForeignShapeTests {
  private static let shapes: [[Int]] = [
    [], [0], [.max], [1 << 62], [1 << 62, 4], [1 << 62, 1 << 62], [1 << 31, 1 << 31, 2], [0, 1 << 62, 4], [3, 0],
    [Int](repeating: 1, count: 31), [Int](repeating: 1, count: 32), [Int](repeating: 2, count: 33),
    [Int](repeating: 1, count: 100),
  ]

  private func layers(_ keras: KerasConfigurations) throws -> [any Layer<Float>] {
    try keras["layers"].sorted { $0.key < $1.key }.map { try readStage($0.value, keras.dialect).layer }
  }

  @Test(arguments: KerasConfigurations.both)
  func `layers tell the output's shape or throw`(_ keras: KerasConfigurations) throws {
    for layer in try layers(keras) {
      for shape in Self.shapes {
        if let output = try? layer.outputShape(for: shape) { #expect(output.allSatisfy { $0 >= 0 }) }
        guard let merging = layer as? any Merge<Float> else { continue }
        for other in Self.shapes {
          guard let output = try? merging.outputShape(forInputs: [shape, other]) else { continue }
          #expect(output.allSatisfy { $0 >= 0 })
        }
      }
    }
  }

  @Test(arguments: KerasConfigurations.both)
  func `models take no shape of which there is no tensor`(_ keras: KerasConfigurations) throws {
    for layer in try layers(keras) {
      for shape in Self.shapes where Layout.resolvedCount(shape) != nil || shape.count > 31 {
        var model = Sequential<Float>([layer])
        model.graph.declaredShapes = [shape]
        let isTensor = shape.count <= 31 && Layout.resolvedCount(shape).map { $0 < 1000 } ?? false
        if isTensor {
          try? model.placeWeights()
        } else {
          #expect(throws: (any Error).self) { try model.placeWeights() }
        }
        _ = model.summary()
      }
    }
  }

  @Test func `what layers make of shapes is a tensor's`() throws {
    func text(_ body: () throws -> [Int]) -> String {
      do { return "\(try body())" } catch { return "\(error)" }
    }
    #expect(
      text { try Flatten<Float>().outputShape(for: [1 << 62, 4]) }
        == "Flatten: the input has the shape [batch, 4611686018427387904, 4]; "
        + "expected: one of no more elements than can be counted")
    #expect(
      text { try Reshape<Float>([-1]).outputShape(for: [1 << 62, 4]) }.hasSuffix(
        "expected: one of no more elements than can be counted"))
    #expect(
      text { try Concatenate<Float>().outputShape(forInputs: [[.max], [1]]) }.hasSuffix(
        "expected: shapes whose lengths along the axis -1 have a sum that can be counted"))
    #expect(
      text { try Add<Float>().outputShape(forInputs: [[1 << 40, 1], [1, 1 << 40]]) }
        == "[1099511627776, 1099511627776]")
    let wide = (Input<Float>(1 << 20, 1), Input<Float>(1, 1 << 20))
    #expect(throws: LayerError.self) { try Functional(inputs: [wide.0, wide.1], outputs: Add()(wide.0, wide.1)) }
    let ones = Tensor<Float>.ones([Int](repeating: 1, count: 32))
    #expect(try PReLU<Float>()(ones).shape == ones.shape)
    #expect(
      text { try Dot<Float>(axes: 1)(ones, ones).shape }.hasSuffix(
        "expected: one of at most 31 axes after the batch"))
    let letters = "bcdefghijklmnopqrstuvwxyzABCDEFGH"
    let einsum = EinsumDense<Float>(
      "ab,\(letters)->a\(letters.dropFirst())", outputShape: [Int?](repeating: 1, count: 32))
    #expect(text { try einsum(Tensor.ones([2, 3])).shape }.hasSuffix("one of at most 31 axes after the batch"))
  }

  @Test func `an equation that leaves no letters for the ellipsis is refused`() throws {
    let (summed, new) = ("abcdefghijklmnopqrstuvwxyzABC", "DEFGHIJKLMNOPQRSTUVWXYZ")
    let layer = EinsumDense<Float>(
      "...\(summed),a\(new)->...\(new)", outputShape: [Int?](repeating: 1, count: new.count))
    #expect(throws: LayerError.self) { try layer.outputShape(for: [Int](repeating: 1, count: summed.count)) }
  }

  @Test func `the initializers of weights are asked for no more axes than a tensor has`() {
    var generator = PhiloxGenerator(seed: 1)
    var weight = Weight<Float>("alpha", initializer: .zeros)
    let error = #expect(throws: LayerError.self) {
      try weight.build([Int](repeating: 1, count: 33), using: &generator)
    }
    #expect(error?.description.hasSuffix("expected: of at most 32 axes") == true)
    #expect(throws: LayerError.self) { try weight.build([0, 1 << 62, 4], using: &generator) }
  }
}
