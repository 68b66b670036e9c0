import Activations
import KerasFormat
import Layers
import Tensor
import TestSupport
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
    #expect("\(error!)" == "Dense: the input has the shape [batch, 3]; expected: [batch, …, 2]")
  }

  @Test func `weights that do not fit stop the program`() async {
    await expectMessage(
      "Dense: the kernel is [inputs, units], not [2]",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Dense(kernel: Tensor<Float>.ones([2])) })
    await expectMessage(
      "Dense: the bias is [3] for a kernel of [2, 3], not [2]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Dense(kernel: Tensor<Float>.ones([2, 3]), bias: Tensor<Float>.ones([2]))
      })
  }

  @Test func `layers follow one another`() throws {
    let network = Sequential<Double> {
      Dense(kernel: kernel, activation: .relu())
      Dense(kernel: kernel.transposed)
    }
    let x: Tensor<Double> = [[1, 0]]
    #expect(try network(x).scalars == [14, 32])
  }

  @Test func `an activation in the layer is the activation after it, to the bit`() throws {
    let x = Tensor<Double>.linspace(-1, 1, count: 8).reshaped([4, 2])
    for activation in Activation<Double>.catalog where activation.name != "glu" {
      let within = try Dense(kernel: kernel, bias: bias, activation: activation)(x)
      let after = Sequential<Double> {
        Dense(kernel: kernel, bias: bias)
        activation
      }
      #expect(try after(x).scalars == within.scalars, "\(activation)")
    }
  }

  @Test func `an activation is a value, a literal or a function`() throws {
    let x: Tensor<Double> = [[1, 1]]
    let expected = try Dense(kernel: kernel, bias: bias, activation: .silu)(x)
    #expect(try Dense(kernel: kernel, bias: bias, activation: "silu")(x) == expected)
    #expect(try Dense(kernel: kernel, bias: bias, activation: Activation(named: "swish"))(x) == expected)
    #expect(try Dense(kernel: kernel, bias: bias, activation: { silu($0) })(x) == expected)
    #expect(try Dense(kernel: kernel, bias: bias, activation: silu)(x) == expected)
    let own = try Dense(kernel: kernel, bias: bias) { x in x * sigmoid(x) }(x)
    #expect((own - expected).absolute().max().scalar < 1e-14)
    let network = Sequential<Double> {
      Dense(kernel: kernel, bias: bias)
      Activation("silu")
      Activation(.linear)
      Activation.elu(alpha: 0.3)
    }
    #expect(try network(x) == elu(expected, alpha: 0.3))
  }

  @Test func `the layer's slope is 0.3 by default, the function's 0.2`() throws {
    let x: Tensor<Float> = [-1, 2]
    #expect(try LeakyReLU()(x).scalars == [-0.3, 2])
    #expect(leakyRelu(x).scalars == [-0.2, 2])
    #expect(try LeakyReLU(negativeSlope: 0.5)(x).scalars == [-0.5, 2])
    let network = Sequential<Float> { LeakyReLU() }
    #expect(try network(x).scalars == [-0.3, 2])
  }

  @Test func `a negative slope of the layer stops the program`() async {
    await expectMessage(
      "LeakyReLU: negativeSlope is -0.1; allowed: finite numbers of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = LeakyReLU<Float>(negativeSlope: -0.1) })
  }
}
