import Foundation
import Tensor
import Testing

/// Written as in a program that imports Foundation too.
@Suite struct FreeFunctionTests {
  @Test func `functions are those of single numbers`() {
    let x: Tensor<Double> = [[0.25, 1, 2.5], [4, 9.75, 100]]
    let y: Tensor<Double> = [1, -2, 3]
    #expect(exp(x) == x.exp() && log(x) == x.log() && sqrt(x) == x.squareRoot())
    #expect(sin(x) == x.sin() && cos(x) == x.cos() && floor(x) == x.floor() && ceil(x) == x.ceil())
    #expect(abs(y - x) == (y - x).absolute() && pow(x, 3) == x.power(3) && pow(x, y) == x.power(y))
    #expect([2.5, -3].reduce(1) { max($0, abs($1)) } == 3)
    #expect((2 * exp(-x) + sqrt(abs(x))).shape == [2, 3])
    #expect(max(1, 2) == 2 && abs(-1.5) == 1.5 && exp(0.0) == 1, "those of numbers are as they were")
  }

  @Test func `of integers they are Floats`() {
    let x: Tensor<Int32> = [1, 4, 9]
    let root: Tensor<Float> = sqrt(x)
    #expect(root == [1, 2, 3])
    #expect(abs(-x) == x)
  }
}
