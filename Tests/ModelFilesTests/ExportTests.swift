import ModelFiles
import Testing

@Suite struct ExportTests {
  @Test func `One import gives tensors, activations and layers`() throws {
    let x: Tensor<Float> = [[-1, 2]]
    let model = Sequential<Float> { Dense(kernel: [[1, 0], [0, 1]], activation: .relu) }
    #expect(try model(x) == relu(x))
  }
}
