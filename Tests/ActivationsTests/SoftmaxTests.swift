import Activations
import Tensor
import Testing

@Suite struct SoftmaxTests {
  @Test(arguments: Fixtures.shared.softmax.indices)
  func `agrees with the exact probabilities, below and above the length from which BLAS sums`(index: Int) throws {
    let row = Fixtures.shared.softmax[index]
    let single = try softmax(Tensor<Float>(row.x.map { Float($0) }).reshaped([1, -1]))
    let double = try softmax(Tensor<Double>(row.x).reshaped([1, -1]))
    for (i, exact) in row.y.enumerated() {
      #expect(ulps(single[at: 0, i], from: exact) <= 4)
      #expect(ulps(double[at: 0, i], from: exact) <= 4)
    }
  }

  @Test(arguments: [3, 70])
  func `along any axis of any layout the values sum to one`(length: Int) throws {
    let x = Tensor<Double>.linspace(-5, 5, count: 4 * length).reshaped([2, length, 2])
    for axis in [1, -2] {
      for view in [x, x.flipped(axis: 1), x.transposed.copied().transposed] {
        let y = try softmax(view, axis: axis)
        #expect(y.shape == x.shape)
        #expect((y.sum(axis: axis) - 1).absolute().max().scalar < 1e-14)
        let moved = try softmax(view.movingAxis(axis, to: -1).copied())
        #expect((y.movingAxis(axis, to: -1) - moved).absolute().max().scalar < 1e-15)
      }
    }
  }

  @Test func `large logits neither overflow nor lose the others`() throws {
    let y = try softmax(Tensor<Float>([[1000, 1000, 0], [-1000, -1000, -2000]]))
    #expect(y.scalars == [0.5, 0.5, 0, 0.5, 0.5, 0])
  }

  @Test func `rank 0 and 1 throw and say what to do`() {
    let error = #expect(throws: ActivationError.self) { try softmax(Tensor<Float>([1, 2, 3])) }
    #expect("\(error!)".contains("reshape [3] to [1, 3]"))
    #expect(throws: ActivationError.rankTooLow(activation: "softmax", shape: [])) { try softmax(Tensor<Float>(1)) }
  }

  /// As Keras, which refuses vectors for softmax alone.
  @Test func `a vector is a line for the others`() throws {
    let x = Tensor<Float>([1, 2, 3])
    let row = x.reshaped([1, 3])
    #expect(try logSoftmax(x) == logSoftmax(row)[0])
    #expect(try softmin(x) == softmin(row)[0])
    #expect(try sparsemax(x) == sparsemax(row)[0])
    for definition in [AxisDefinition.logSoftmax, .softmin, .sparsemax] {
      let activation = AxisActivation(definition)
      let (y, rows) = (try activation(x), try activation(row))
      #expect(try activation.pullback(x, input: x, output: y) == activation.pullback(row, input: row, output: rows)[0])
      let error = #expect(throws: ActivationError.self) { try activation(Tensor<Float>(1)) }
      #expect("\(error!)" == "\(activation.name) works along an axis and takes rank 1 or more, not the shape []")
    }
  }

  @Test func `an axis out of range throws`() {
    let error = #expect(throws: ActivationError.self) { try softmax(Tensor<Float>.ones([2, 2]), axis: 2) }
    #expect("\(error!)" == "softmax along axis 2 of the shape [2, 2]; allowed: -2 to 1")
  }
}
