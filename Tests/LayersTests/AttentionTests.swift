import CKernels
import KerasFormat
import TestSupport
import Testing

@testable import Layers
@testable import Tensor

@Suite struct AttentionTests {
  private static let layers: [any AttentionLayer<Double>] = [
    MultiHeadAttention(numHeads: 2, keyDim: 3, valueDim: 2, useCausalMask: true),
    MultiHeadAttention(numHeads: 2, keyDim: 3, dropout: 0.4, useBias: false, units: [2, 3]),
    MultiHeadAttention(
      numHeads: 1, keyDim: 3, useGate: true, slidingWindow: 2, returnAttentionScores: true,
      kernelRegularizer: .l2(0.1), activityRegularizer: .l2(0.1)),
    GroupQueryAttention(headDim: 2, numQueryHeads: 4, numKeyValueHeads: 2),
    GroupQueryAttention(headDim: 2, numQueryHeads: 2, numKeyValueHeads: 1, dropout: 0.3, useGate: true),
    Attention(useScale: true, dropout: 0.3), Attention(useCausalMask: true), Attention(scoreMode: .concat),
    Attention(useScale: true, scoreMode: .concat, returnAttentionScores: true), AdditiveAttention(),
    AdditiveAttention(useScale: false, dropout: 0.2),
  ]

  private func built<SomeLayer: Layer>(_ layer: SomeLayer, _ inputs: [Tensor<SomeLayer.Scalar>]) throws -> SomeLayer {
    var (layer, generator) = (layer, PhiloxGenerator(seed: 1))
    try layer.build(inputShapes: inputs.map { Array($0.shape.dropFirst()) }, using: &generator)
    return layer
  }

  @Test(arguments: layers.indices) func `gradients are those of finite differences`(_ number: Int) throws {
    func check(_ layer: some Layer<Double>) throws {
      let inputs = [sample([2, 3, 4]), sample([2, 4, 4], seed: 8)]
      try checkGradients(of: built(layer, inputs), inputs)
      try checkGradients(
        of: built(layer, [inputs[0], inputs[1], inputs[1] * 2]), [inputs[0], inputs[1], inputs[1] * 2])
    }
    try check(Self.layers[number])
  }

  @Test(arguments: [false, true]) func `blocks give what all scores at once give`(_ isCausal: Bool) throws {
    var generator = PhiloxGenerator(seed: 2)
    let x = Tensor<Float>.normal([2, 330, 24], using: &generator)
    var layer = try built(MultiHeadAttention<Float>(numHeads: 3, keyDim: 8, useCausalMask: isCausal), [x, x])
    let upstream = Tensor<Float>.normal([2, 330, 24], using: &generator)
    let inBlocks = try run(layer, [x, x], training: true) { _ in [upstream] }
    layer.returnAttentionScores = true
    let atOnce = try run(layer, [x, x], training: true) { [upstream, .zeros($0[1])] }
    func distance(_ x: Tensor<Float>, _ y: Tensor<Float>) -> Double {
      x.cast(to: Double.self).distance(from: y.cast(to: Double.self))
    }
    #expect(distance(inBlocks.output, atOnce.outputs[0]) < 1e-5)
    for (first, second) in zip(inBlocks.inputs, atOnce.inputs) { #expect(distance(first, second) < 1e-5) }
    for place in inBlocks.weights.places where "\(place)" != "key/bias" {
      // What is added to all scores of a query changes nothing: the gradient by the keys' bias is 0.
      let (first, second) = (inBlocks.weights[place]!, atOnce.weights[place]!)
      let size = second.absolute().max().scalar
      #expect((first - second).absolute().max().scalar <= 1e-5 * max(size, 1), "\(place)")
    }
    #expect(try layer.computed([x, x], training: false, using: &generator)[0].shape == [2, 330, 24])
  }

  @Test func `results are the same bits in any batch and on any number of threads`() throws {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    var generator = PhiloxGenerator(seed: 3)
    let x = Tensor<Float>.normal([5, 300, 16], using: &generator)
    let layer = try built(GroupQueryAttention<Float>(headDim: 8, numQueryHeads: 4, numKeyValueHeads: 2), [x, x])
    let upstream = Tensor<Float>.normal([5, 300, 16], using: &generator)
    Threads.count = 1
    let alone = try run(layer, [x, x], training: true) { _ in [upstream] }
    for count in [2, 3, 7] {
      Threads.count = count
      let shared = try run(layer, [x, x], training: true) { _ in [upstream] }
      #expect(shared.output == alone.output && shared.inputs == alone.inputs)
      #expect(shared.weights.places.allSatisfy { shared.weights[$0] == alone.weights[$0] })
    }
    for rows in [0..<1, 1..<3, 2..<5] {
      #expect(try layer(x[rows], x[rows]) == alone.output[rows])
    }
  }

  @Test func `padding changes nothing`() throws {
    var generator = PhiloxGenerator(seed: 4)
    let short = Tensor<Float>.normal([2, 5, 6], using: &generator)
    let long = Tensor.concatenated([short, .zeros([2, 290, 6])], axis: 1)
    for layer in [
      MultiHeadAttention<Float>(numHeads: 2, keyDim: 4),
      GroupQueryAttention(headDim: 3, numQueryHeads: 2, numKeyValueHeads: 1),
      Attention(useScale: true),
    ] as [any AttentionLayer<Float>] {
      let x = Input<Float>(shape: [5, 6])
      var model = try Functional(inputs: x, outputs: layer([Masking()(x), Masking()(x)]))
      try model.build(using: &generator)
      let y = Input<Float>(shape: [295, 6])
      let behind = Masking<Float>()(y)
      let longer = try Functional(inputs: y, outputs: model.stages.last!.layer([behind, behind]))
      #expect(try longer(long).split(lengths: [5, 290], axis: 1)[0] == model(short))
    }
  }

  @Test func `the scores of 4096 steps are never there all at once`() async {
    await #expect(processExitsWith: .success) {
      var generator = PhiloxGenerator(seed: 5)
      let x = Tensor<Float>.normal([1, 4096, 16], using: &generator)
      var layer = MultiHeadAttention<Float>(numHeads: 2, keyDim: 8)
      try layer.build(inputShapes: [[4096, 16], [4096, 16]], using: &generator)
      ck_trim()
      _ = try layer.pullback([.ones([1, 4096, 16])], at: [x, x], training: true, using: &generator)
      // All memory that has been used is kept. The scores of one head alone would take 64 MB.
      precondition((1...32 << 20).contains(ck_kept_bytes()), "\(ck_kept_bytes()) bytes")
    }
  }

  // MARK: Mistakes

  @Test func `inputs that do not fit are told of`() throws {
    func text(_ layer: any Layer<Float>, _ shapes: [[Int]]) -> String {
      do { return "\(try layer.outputShapes(for: shapes))" } catch { return "\(error)" }
    }
    let layer = MultiHeadAttention<Float>(numHeads: 2, keyDim: 4)
    #expect(text(layer, [[3, 4]]) == "MultiHeadAttention takes 2 inputs, not 1")
    #expect(
      text(layer, [[3, 4], [5, 4], [6, 4]]).hasPrefix("MultiHeadAttention: the inputs have the shapes [batch, 3, 4]"))
    #expect(
      text(layer, [[3, 4], [5, 7]]) == "[[3, 4]]" && text(layer, [[4], [4]]).contains("expected: [batch, queries"))
    let along = MultiHeadAttention<Float>(numHeads: 2, keyDim: 4, attentionAxes: [2])
    #expect(
      text(along, [[3, 4], [3, 4]]).contains("expected") && text(along, [[2, 3, 4], [2, 5, 4]]) == "[[2, 3, 4]]")
    let masked = MultiHeadAttention<Float>(numHeads: 2, keyDim: 4, attentionMaskInput: 2)
    #expect(text(masked, [[3, 4], [5, 4], [3, 4]]).contains("expected: a mask [batch, queries, keys]"))
    #expect(text(masked, [[3, 4], [5, 4], [3, 5]]) == "[[3, 4]]")
    #expect(text(Attention<Float>(), [[3, 4], [5, 3]]).contains("expected: [batch, queries, features]"))
    #expect(text(Attention<Float>(returnAttentionScores: true), [[3, 4], [5, 2], [5, 4]]) == "[[3, 2], [3, 5]]")
    #expect(
      text(GroupQueryAttention<Float>(headDim: 2, numQueryHeads: 2, numKeyValueHeads: 1), [[3, 4], [5, 3]])
        .contains("expected: [batch, queries, features]"))
  }

  @Test func `numbers of heads that there cannot be are refused`() async {
    await expectMessage(
      "MultiHeadAttention: numHeads is 0; allowed: integers of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = MultiHeadAttention<Float>(numHeads: 0, keyDim: 2)
      })
    await expectMessage(
      "GroupQueryAttention: numQueryHeads is 3, numKeyValueHeads 2; allowed: integers of at least 1, the first a multiple",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = GroupQueryAttention<Float>(headDim: 2, numQueryHeads: 3, numKeyValueHeads: 2)
      })
    await expectMessage(
      "Attention: dropout is 2.0; allowed: 0...1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Attention<Float>(dropout: 2) })
  }
}
