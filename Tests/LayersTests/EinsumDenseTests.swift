import Activations
import TestSupport
import Testing

@testable import Layers
@testable import Tensor

@Suite struct EinsumDenseTests {
  @Test func `it computes and has gradients`() throws {
    try checkLayer(
      EinsumDense("ab,bc->ac", outputShape: [3], activation: .tanh, biasAxes: "c"), input: sample([4, 2]),
      output: [4, 3], weights: ["kernel": [2, 3], "bias": [3]])
    try checkLayer(
      EinsumDense("...x,xy->...y", outputShape: [3], activation: .relu), input: sample([2, 2, 3, 2]),
      output: [2, 2, 3, 3], weights: ["kernel": [2, 3]])
    try checkLayer(
      EinsumDense("ab...,bc->ac...", outputShape: [4], biasAxes: "c"), input: sample([2, 3, 2]), output: [2, 4, 2],
      weights: ["kernel": [3, 4], "bias": [4, 1]])
    try checkLayer(
      EinsumDense("abc,cde->abde", outputShape: [nil, 2, 3], activation: .softmax, biasAxes: "be"),
      input: sample([2, 3, 2]), output: [2, 3, 2, 3], weights: ["kernel": [2, 2, 3], "bias": [3, 1, 3]])
    try checkLayer(
      EinsumDense("abc,cd->ad", outputShape: [2]), input: sample([2, 3, 2]), output: [2, 2],
      weights: ["kernel": [2, 2]])
  }

  @Test func `it equals a dense layer`() throws {
    let x = sample([4, 5])
    let kernel = sample([5, 3])
    let dense = Dense(kernel: kernel, bias: [1, 2, 3], activation: .gelu)
    let einsum = EinsumDense(
      "ab,bc->ac", outputShape: [3], activation: .gelu, biasAxes: "c", kernelInitializer: .values(kernel),
      biasInitializer: .values([1, 2, 3]))
    #expect(isClose(try einsum(x), try dense(x)))
  }

  @Test func `initializers count inputs and outputs by the equation`() throws {
    var generator = PhiloxGenerator(seed: 1)
    // 40 inputs and 60 outputs: uniform in ±√(6 / 100).
    var heads = EinsumDense<Double>("abc,cde->abde", outputShape: [nil, 6, 10])
    try heads.build(for: .ones([1, 2, 40]), using: &generator)
    let limit = (6.0 / 100).squareRoot()
    let largest = heads.kernel.absolute().max().scalar
    #expect(largest <= limit && largest > 0.98 * limit)
  }

  @Test func `inputs that do not fit throw`() throws {
    let layer = EinsumDense<Float>("abc,cd->abd", outputShape: [4, 2])
    var error = #expect(throws: LayerError.self) { try layer(.ones([2, 3])) }
    #expect("\(error!)" == "EinsumDense: the input has the shape [batch, 3]; expected: one with the axes abc")
    error = #expect(throws: LayerError.self) { try layer(.ones([2, 3, 5])) }
    #expect(
      "\(error!)" == "EinsumDense: the input has the shape [batch, 3, 5]; expected: one of 4 along the axis b of abc")
    var built = EinsumDense<Float>("...x,xy->...y", outputShape: [4])
    var generator = PhiloxGenerator(seed: 1)
    try built.build(for: .ones([2, 3]), using: &generator)
    error = #expect(throws: LayerError.self) { try built(.ones([2, 5])) }
    #expect(
      "\(error!)"
        == "EinsumDense: the input has the shape [batch, 5]; expected: one of 2 axes for a kernel of [3, 4] and ...x,xy->...y"
    )
  }

  @Test(
    arguments: [
      ("ab,bc", [2], nil), ("ab,bc,cd->ad", [2], nil), ("...ab,bc->ac", [2], nil), ("ab,bc...->ac", [2], nil),
      ("a1,1c->ac", [2], nil), ("aab,bc->ac", [2], nil), ("ab,ac->bc", [2], nil), ("ab,bc->ac", [2, 3], nil),
      ("ab,bc->ac", [0], nil), ("ab,bc->acd", [2, 2], nil), ("ab,bcd->ac", [2], nil), ("ab,bc->ac", [nil], nil),
      ("ab,bc->ac", [2], "b"), ("ab,bc->ac", [2], ""),
    ] as [(String, [Int?], String?)])
  func `equations that are none are refused`(_ equation: String, _ outputShape: [Int?], _ biasAxes: String?) {
    #expect(throws: EinsumDenseTerms.Mistake.self) { try EinsumDenseTerms(equation, outputShape, biasAxes) }
  }

  @Test func `a wrong equation stops the program`() async {
    await expectMessage(
      #"EinsumDense: the equation "ab,bc": it has none of the forms [X],[Y]->[Z], ...[X],[Y]->...[Z] and"#,
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = EinsumDense<Float>("ab,bc", outputShape: [2])
      })
  }
}
