import Tensor
import Testing

@testable import Activations

@Suite struct IntegerTests {
  let x = Tensor<Int32>([-4, -1, 0, 1, 7])

  @Test func `pieces of lines keep integers`() {
    #expect(linear(x) == x)
    #expect(relu(x).scalars == [0, 0, 0, 1, 7])
    #expect(relu(x, alpha: 2, maxValue: 5, threshold: 1).scalars == [-10, -4, -2, 0, 5])
    #expect(relu(x, threshold: -2).scalars == [0, -1, 0, 1, 7])
    #expect(relu(x, maxValue: 5, threshold: -2).scalars == [0, 0, 0, 1, 5])
    #expect(relu6(x).scalars == [0, 0, 0, 1, 6])
    #expect(hardTanh(x).scalars == [-1, -1, 0, 1, 1])
    #expect(hardTanh(x, minValue: -3, maxValue: 2).scalars == [-3, -1, 0, 1, 2])
    #expect(hardTanh(x, minValue: 3, maxValue: -2).scalars == [-2, -2, -2, -2, -2])
    #expect(threshold(x, threshold: 0, value: 9).scalars == [9, 9, 9, 1, 7])
    #expect(relu(Tensor<Int64>([.min, .max])).scalars == [0, .max])
  }

  @Test func `limits outside the element type are limits all the same`() {
    let x = Tensor<UInt8>([0, 1, 200])
    #expect(relu(x).scalars == [0, 1, 200])
    #expect(hardTanh(x).scalars == [0, 1, 1])
    #expect(hardTanh(x, minValue: -5, maxValue: -2).scalars == [0, 0, 0])
    #expect(relu(x, maxValue: 1000).scalars == [0, 1, 200])
    #expect(relu(x, threshold: 1000).scalars == [0, 0, 0])
    #expect(threshold(x, threshold: -1, value: 3).scalars == [0, 1, 200])
  }

  @Test func `everything else is converted to Float first`() throws {
    let reals = x.cast(to: Float.self)
    let y: Tensor<Float> = sigmoid(x)
    #expect(y == sigmoid(reals))
    #expect(leakyRelu(x) == leakyRelu(reals))
    #expect(gelu(Tensor<UInt8>([3])) == gelu(Tensor<Float>([3])))
    #expect(try Activation<Double>.tanh(x) == tanh(x.cast(to: Double.self)))
    #expect(try Activation<Float>.relu(x) == relu(reals))
    #expect(try softmax(x.reshaped([1, 5])) == softmax(reals.reshaped([1, 5])))
    #expect(try glu(Tensor<UInt8>([1, 2])) == glu(Tensor<Float>([1, 2])))
  }

  @Test func `values know which of them keep integers`() {
    func integers(_ activation: Activation<Float>) -> [Int32]? { activation.integers(x)?.scalars }
    #expect(integers(.relu) == [0, 0, 0, 1, 7])
    #expect(integers(.relu(maxValue: 5, threshold: 1)) == [0, 0, 0, 0, 5])
    #expect(integers(.relu(alpha: 2)) == nil)
    #expect(integers(.relu(maxValue: 5.5)) == nil)
    #expect(integers(.relu(alpha: 0.1)) == nil)
    #expect(integers(.relu6) == [0, 0, 0, 1, 6])
    #expect(integers(.hardTanh) == [-1, -1, 0, 1, 1])
    #expect(integers(.threshold(threshold: 0, value: 9)) == [9, 9, 9, 1, 7])
    #expect(integers(.threshold(threshold: 0, value: 9.5)) == nil)
    #expect(integers(.linear) == x.scalars)
    #expect(integers(.sigmoid) == nil)
    #expect(integers(.softmax) == nil)
    #expect(Activation<Float>.threshold(threshold: 0, value: 300).integers(Tensor<UInt8>([1])) == nil)
  }
}
