import KerasFormat
import TestSupport
import Testing

@testable import Layers
@testable import Tensor

@Suite struct EmbeddingTests {
  private let identifiers: Tensor<Int64> = [[3, 0, 3], [1, 4, 0]]

  private func layer(maskZero: Bool = false) throws -> Embedding<Double> {
    var generator = PhiloxGenerator(seed: 1)
    var layer = Embedding<Double>(inputDim: 5, outputDim: 2, maskZero: maskZero)
    try layer.build(inputShape: [3], using: &generator)
    return layer
  }

  @Test func `each identifier becomes its vector`() throws {
    let layer = try layer()
    let vectors = try layer(identifiers)
    #expect(vectors.shape == [2, 3, 2])
    for (place, identifier) in identifiers.scalars.enumerated() {
      #expect(vectors[place / 3, place % 3] == layer.embeddings[Int(identifier)])
    }
    #expect(try layer(Tensor<Int32>([4])) == layer.embeddings[4..<5])
    let elements = layer.embeddings.scalars
    #expect(elements.allSatisfy { -0.05...0.05 ~= $0 } && Set(elements).count == 10)
  }

  private func model() throws -> Model<Float> {
    var generator = PhiloxGenerator(seed: 2)
    var model = Sequential<Float> {
      Input(3)
      Embedding(inputDim: 5, outputDim: 4, maskZero: true)
      GlobalAveragePooling1D()
      Dense(2, activation: .softmax)
    }
    try model.build(using: &generator)
    model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy)
    return model
  }

  @Test func `models take integers of any type`() throws {
    var model = try model()
    let reals = identifiers.cast(to: Float.self)
    let expected = try model(reals)
    #expect(try model(identifiers) == expected && model(identifiers.cast(to: UInt8.self)) == expected)
    #expect(try model([[3, 0, 3], [1, 4, 0]]) == expected && model.predict([[3, 0, 3], [1, 4, 0]]) == expected)
    #expect(try model.predict(identifiers, batchSize: 1) == expected)

    let labels: Tensor<Int64> = [0, 1]
    #expect(try model.evaluate(identifiers, labels).loss == model.evaluate(reals, labels).loss)
    var copy = model
    var (first, second) = (PhiloxGenerator(seed: 3), PhiloxGenerator(seed: 3))
    try model.fit(
      identifiers, labels, epochs: 2, validationData: ValidationData(identifiers, labels), progress: .none,
      using: &first)
    try copy.fit(
      reals, labels, epochs: 2, validationData: ValidationData(reals, labels), progress: .none, using: &second)
    #expect(model.weights.map(\.value) == copy.weights.map(\.value))
    #expect(
      try model.trainOnBatch(identifiers, labels, using: &first)
        == copy.trainOnBatch(reals, labels, using: &second))
    #expect(Batch<Float>(identifiers, labels).inputs == [reals])
  }

  @Test func `an identifier outside the vocabulary is told with its place`() throws {
    let model = try model()
    for (wrong, text) in [(5, "5.0"), (-1, "-1.0")] {
      let error = #expect(throws: LayerError.self) { try model([[0, 1, 2], [1, wrong, 0]]) }
      #expect(
        error?.description
          == "Embedding \"embedding\": the input at [1, 1] is \(text); expected: one of the integers 0..<5")
    }
  }

  @Test func `gradients of identifiers that repeat add up`() throws {
    let layer = try layer()
    var generator = PhiloxGenerator(seed: 1)
    let upstream = Tensor<Double>.linspace(1, 12, count: 12).reshaped([2, 3, 2])
    let result = try layer.pullback(upstream, at: identifiers.cast(to: Double.self), using: &generator)
    #expect(result.weights["embeddings"] == [[14, 16], [7, 8], [0, 0], [6, 8], [9, 10]])
    #expect(result.input == .zeros([2, 3]))
  }

  @Test func `descent into the vectors is the optimizer's step, and leaves those that were not looked up`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var (fused, unfused) = (Sequential<Double>([try layer()]), Sequential<Double>([try layer()]))
    let before = fused.weights[0].value
    fused.compile(optimizer: .sgd(learningRate: 0.5), loss: .meanSquaredError)
    unfused.compile(optimizer: .sgd(learningRate: 0.5), loss: .meanSquaredError)
    let target = Tensor<Double>.ones([2, 3, 2])
    var state = OptimizerState<Double>(.sgd(learningRate: 0.5))
    for _ in 0..<3 {
      try fused.trainOnBatch(identifiers, target, using: &generator)
      let inputs = identifiers.cast(to: Double.self)
      try state.update(&unfused, unfused.valueAndGradients(inputs, target, using: &generator).gradients)
    }
    let after = fused.weights[0].value
    #expect((after - unfused.weights[0].value).absolute().max().scalar < 1e-15)
    #expect(after[2] == before[2] && after[3] != before[3])
    let plan = try fused.graph.computation(.training, [[3]], isDifferentiated: true).plan
    #expect(plan.descendable == [true])
  }

  @Test func `sums are the same on any number of threads`() throws {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    var generator = PhiloxGenerator(seed: 1)
    let positions = Tensor<Int64>.integers([2000], in: 0..<50, using: &generator)
    let rows = Tensor<Float>.normal([2000, 33], using: &generator)
    var expected = Tensor<Float>.zeros([50, 33])
    expected.scatterAdd(rows, at: positions)
    for count in [1, 2, 3, 7] {
      Threads.count = count
      var sums = Tensor<Float>.zeros([50, 33])
      sums.addRows(rows, at: positions)
      #expect(sums == expected)
    }
  }

  @Test func `lengths and vocabularies that there cannot be are refused`() async throws {
    await expectMessage(
      "Embedding: inputDim is 0; allowed: 1...16777216",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Embedding<Float>(inputDim: 0, outputDim: 1)
      })
    await expectMessage(
      "Embedding: outputDim is 0; allowed: integers of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Embedding<Float>(inputDim: 1, outputDim: 0)
      })
    #expect(Embedding<Double>.vocabularyLimit == 1 << 53)
  }
}
