import Tensor
import TestSupport
import Testing

@testable import Layers

@Suite struct MergingTests {
  @Test func `merging layers have gradients`() throws {
    let (a, b, c) = (sample([2, 3, 2]), sample([2, 3, 2], seed: 8), sample([2, 3, 2], seed: 9))
    let row = sample([2, 2], seed: 10)
    for inputs in [[a], [a, b], [a, b, c], [a, row], [row, a, b]] {
      try checkGradients(of: Add(), inputs)
      try checkGradients(of: Multiply(), inputs)
      try checkGradients(of: Average(), inputs)
      try checkGradients(of: Maximum(), inputs)
      try checkGradients(of: Minimum(), inputs)
    }
    try checkGradients(of: Subtract(), [a, b])
    try checkGradients(of: Subtract(), [row, a])
    try checkGradients(of: Concatenate(), [a, b, sample([2, 3, 1])])
    try checkGradients(of: Concatenate(axis: 1), [a, sample([2, 2, 2])])
    try checkGradients(of: Dot(axes: 1), [a, b])
    try checkGradients(of: Dot(axes: (2, 1)), [a, sample([2, 2, 4])])
    try checkGradients(of: Dot(axes: -1, normalize: true), [row, sample([2, 2], seed: 12)])
    try checkGradients(of: Dot(axes: (1, -1), normalize: true), [a, sample([2, 3], seed: 12)])
  }

  @Test func `they work alone, on tensors and on lists of them`() throws {
    let a: Tensor<Double> = [[1, 2], [3, 4]]
    let b: Tensor<Double> = [[10, 20], [30, 40]]
    #expect(try Add()(a, b) == [[11, 22], [33, 44]])
    #expect(try Add()([a, b, b]) == [[21, 42], [63, 84]])
    #expect(try Add()([a]) == a)
    #expect(try Subtract()(a, b) == [[-9, -18], [-27, -36]])
    #expect(try Multiply()(a, b, b) == [[100, 800], [2700, 6400]])
    #expect(try Average()(a, b) == [[5.5, 11], [16.5, 22]])
    #expect(try Maximum()(a, 3 - a) == [[2, 2], [3, 4]])
    #expect(try Minimum()(a, 3 - a) == [[1, 1], [0, -1]])
    #expect(try Concatenate()(a, b[0..., 0..<1]) == [[1, 2, 10], [3, 4, 30]])
    #expect(try Dot(axes: 1)(a, b) == [[50], [250]])
    #expect(a == [[1, 2], [3, 4]] && b == [[10, 20], [30, 40]])
  }

  @Test func `samples of several ranks broadcast, batches do not`() throws {
    let x = Tensor<Double>.arange(0, 12).reshaped([2, 3, 2])
    let row: Tensor<Double> = [[100, 200], [300, 400]]
    let y = try Add()(x, row)
    #expect(y[0, 2] == [104, 205] && y[1, 0] == [306, 407])
    #expect(try Add()(row, x) == y)
    let error = #expect(throws: LayerError.self) { try Add()(x, row[0..<1]) }
    #expect("\(error!)" == "Add: the inputs have the shapes [2, 3, 2], [1, 2]; expected: batches of one size")
  }

  @Test func `equal extremes share the gradient, NaN gives NaN`() throws {
    let layer = Maximum<Double>()
    let a = Tensor<Double>([[1, 2, .nan]])
    let b: Tensor<Double> = [[1, 3, 0]]
    let result = try run(layer, [a, b], training: true) { _ in [[[8, 8, 8]]] }
    #expect(result.output[0, 2].scalar.isNaN)
    let gradients = result.inputs
    #expect(gradients[0][0, 0..<2] == [4, 0] && gradients[1][0, 0..<2] == [4, 8])
    #expect(gradients[0][0, 2].scalar.isNaN)
  }

  @Test func `inputs that do not fit throw`() {
    let (a, b) = (Tensor<Float>.ones([2, 3]), Tensor<Float>.ones([2, 4]))
    var error = #expect(throws: LayerError.self) { try Multiply()(a, b) }
    #expect(
      "\(error!)"
        == "Multiply: the inputs have the shapes [batch, 3], [batch, 4]; expected: shapes whose axes agree or have the length 1"
    )
    error = #expect(throws: LayerError.self) { try Subtract()([a]) }
    #expect("\(error!)" == "Subtract takes 2 inputs, not 1")
    error = #expect(throws: LayerError.self) { try Add()([] as [Tensor<Float>]) }
    #expect("\(error!)" == "Add takes one input, not 0")
    error = #expect(throws: LayerError.self) { try Concatenate(axis: 1)(a, b.reshaped([2, 2, 2])) }
    #expect(
      "\(error!)"
        == "Concatenate: the inputs have the shapes [batch, 3], [batch, 2, 2]; expected: shapes that agree except along the axis 1"
    )
    error = #expect(throws: LayerError.self) { try Dot(axes: 1)(a, b) }
    #expect(
      "\(error!)"
        == "Dot: the inputs have the shapes [batch, 3], [batch, 4]; expected: shapes of one length along the axes 1 and 1"
    )
  }

  @Test func `the batch axis stops the program`() async {
    await expectMessage(
      "Concatenate: the axes are [0]; allowed: axes of at least 1 and negative ones: 0 is the batch axis",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Concatenate<Float>(axis: 0) })
    await expectMessage(
      "Dot: the axes are [0, 1]; allowed: axes of at least 1 and negative ones: 0 is the batch axis",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Dot<Float>(axes: (0, 1)) })
  }
}
