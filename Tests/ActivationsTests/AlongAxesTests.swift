import Activations
import Foundation
import Tensor
import Testing

@Suite struct AlongAxesErrorTests {
  let x = Tensor<Float>.ones([2, 3])

  private func text(_ body: () throws -> Tensor<Float>) -> String {
    do {
      return "no error but \(try body().shape)"
    } catch {
      return "\(error)"
    }
  }

  @Test func `vectors for softmax and rank 0 throw and say what to do`() {
    let line = Tensor<Float>([1, 2, 3])
    #expect(
      text { try softmax(line) }
        == "softmax normalises along an axis of a batch and takes rank 2 or more; reshape [3] to [1, 3]")
    #expect(text { try softmin(Tensor<Float>(1)) }.hasPrefix("softmin works along an axis"))
    #expect(text { try logSoftmax(Tensor<Float>(1)) }.hasPrefix("log_softmax works along an axis"))
    #expect(text { try sparsemax(Tensor<Float>(1)) }.hasPrefix("sparsemax works along an axis"))
    #expect(text { try hardmax(Tensor<Float>(1)) }.hasPrefix("hardmax works along an axis"))
    #expect(text { try glu(Tensor<Float>(1)) } == "glu works along an axis and takes rank 1 or more, not the shape []")
  }

  @Test func `axes out of range and repeated axes throw`() {
    #expect(
      text { try softmax(x, axis: 2) } == "softmax along axis 2 of the shape [2, 3]; allowed: -2 to 1")
    #expect(
      text { try sparsemax(x, axis: [0, -3]) } == "sparsemax along axis -3 of the shape [2, 3]; allowed: -2 to 1")
    #expect(
      text { try logSoftmax(x, axis: [1, -1]) }
        == "log_softmax along the axes [1, -1] of the shape [2, 3]: each of the axes -2 to 1 may be named once, "
        + "and 1 and -1 are the same")
  }

  @Test func `an odd axis cannot be halved`() {
    #expect(text { try glu(x) } == "glu along axis -1 of the shape [2, 3]: the length there must be even, not 3")
  }

  @Test func `a mask must broadcast to the tensor`() {
    #expect(
      text { try softmax(x, mask: Tensor<Bool>([true, false])) }
        == "softmax of the shape [2, 3] with a mask of the shape [2]: the mask must broadcast to the tensor's shape")
  }
}
