import Activations
import Layers
import Tensor
import Testing

@Suite struct DenseTests {
  let kernel: Tensor<Double> = [[1, 2, 3], [4, 5, 6]]
  let bias: Tensor<Double> = [0.5, -20, 1]

  @Test func `multiplies, adds and activates`() throws {
    let x: Tensor<Double> = [[1, 1], [0, 2]]
    #expect(try Dense(kernel: kernel)(x).scalars == [5, 7, 9, 8, 10, 12])
    #expect(try Dense(kernel: kernel, bias: bias)(x).scalars == [5.5, -13, 10, 8.5, -10, 13])
    #expect(try Dense(kernel: kernel, bias: bias, activation: .relu())(x).scalars == [5.5, 0, 10, 8.5, 0, 13])
  }

  @Test func `takes any number of leading axes`() throws {
    let x = Tensor<Double>.arange(0, 12).reshaped([2, 3, 2])
    let y = try Dense(kernel: kernel, bias: bias, activation: .selu)(x)
    #expect(y.shape == [2, 3, 3])
    let rows = try Dense(kernel: kernel, bias: bias, activation: .selu)(x.reshaped([6, 2]))
    #expect((y.reshaped([6, 3]) - rows).absolute().max().scalar < 1e-14)
  }

  @Test func `does not change its input`() throws {
    let x: Tensor<Double> = [[1, 1]]
    _ = try Dense(kernel: kernel, bias: bias, activation: .relu())(x)
    #expect(x.scalars == [1, 1])
  }

  @Test func `an input that does not fit throws`() {
    let error = #expect(throws: LayerError.self) { try Dense(kernel: kernel)(Tensor<Double>.ones([4, 3])) }
    #expect("\(error!)" == "Dense: the input has the shape [4, 3], expected is […, 2]")
  }

  @Test func `weights that do not fit stop the program`() async {
    await #expect(processExitsWith: .failure) { _ = Dense(kernel: Tensor<Float>.ones([2])) }
    await #expect(processExitsWith: .failure) {
      _ = Dense(kernel: Tensor<Float>.ones([2, 3]), bias: Tensor<Float>.ones([2]))
    }
  }

  @Test func `layers follow one another`() throws {
    let network = Sequential<Double> {
      Dense(kernel: kernel, activation: .relu())
      Dense(kernel: kernel.transposed)
    }
    let x: Tensor<Double> = [[1, 0]]
    #expect(try network(x).scalars == [14, 32])
  }
}
