import Layers
import Tensor
import TestSupport
import Testing

@Suite struct ReshapingTests {
  @Test func `layers that move elements have gradients`() throws {
    let x = sample([2, 3, 2, 2])
    try checkLayer(Flatten(), input: x, output: [2, 12])
    try checkLayer(Flatten(dataFormat: .channelsFirst), input: x, output: [2, 12])
    try checkLayer(Flatten(), input: sample([3]), output: [3, 1])
    try checkLayer(Reshape([4, -1]), input: x, output: [2, 4, 3])
    try checkLayer(Reshape([2, 6]), input: x, output: [2, 2, 6])
    try checkLayer(Permute([2, 3, 1]), input: x, output: [2, 2, 2, 3])
    try checkLayer(RepeatVector(3), input: sample([2, 4]), output: [2, 3, 4])
    try checkLayer(Identity(), input: x, output: x.shape)
  }

  @Test func `elements keep their order`() throws {
    let x = Tensor<Float>.arange(12).reshaped([1, 3, 2, 2])
    #expect(try Flatten()(x) == Tensor<Float>.arange(12).reshaped([1, 12]))
    #expect(try Flatten(dataFormat: .channelsFirst)(x).scalars == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    #expect(try Permute([3, 1, 2])(x)[0, 1, 2, 0].scalar == x[0, 2, 0, 1].scalar)
    #expect(try RepeatVector(2)([[1, 2]] as Tensor<Float>) == [[[1, 2], [1, 2]]])
  }

  @Test func `an empty batch stays empty`() throws {
    #expect(try Flatten()(Tensor<Float>.zeros([0, 2, 3])).shape == [0, 6])
    #expect(try Reshape([3, -1])(Tensor<Float>.zeros([0, 2, 3])).shape == [0, 3, 2])
  }

  @Test func `inputs that do not fit throw`() {
    let x = Tensor<Float>.ones([2, 6])
    var error = #expect(throws: LayerError.self) { try Reshape([4])(x) }
    #expect(
      "\(error!)" == "Reshape: the input has the shape [batch, 6]; expected: one of 4 elements per sample, for [4]")
    error = #expect(throws: LayerError.self) { try Reshape([-1, 4])(x) }
    #expect(
      "\(error!)"
        == "Reshape: the input has the shape [batch, 6]; expected: one of a multiple of 4 elements per sample, for [-1, 4]"
    )
    error = #expect(throws: LayerError.self) { try Permute([2, 1])(x) }
    #expect("\(error!)" == "Permute: the input has the shape [batch, 6]; expected: one with 2 axes after the batch")
    error = #expect(throws: LayerError.self) { try RepeatVector(2)(x.reshaped([2, 3, 2])) }
    #expect("\(error!)" == "RepeatVector: the input has the shape [batch, 3, 2]; expected: [batch, features]")
  }

  @Test func `arguments outside their range stop the program`() async {
    await expectMessage(
      "Reshape: the target shape is [-1, -1]; allowed: lengths of at least 0, of a product that can be",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Reshape<Float>([-1, -1]) })
    await expectMessage(
      "Reshape: the target shape is [-2]; allowed: lengths of at least 0, of a product that can be",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Reshape<Float>([-2]) })
    await expectMessage(
      "Permute: the axes are [0, 1]; allowed: 1, 2, … in any order, each once: 0 is the batch axis",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Permute<Float>([0, 1]) })
    await expectMessage(
      "Permute: the axes are []; allowed: 1, 2, … in any order, each once: 0 is the batch axis",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Permute<Float>([]) })
    await expectMessage(
      "RepeatVector: n is 0; allowed: integers of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = RepeatVector<Float>(0) })
  }
}
