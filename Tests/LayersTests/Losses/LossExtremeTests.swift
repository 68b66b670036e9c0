import KerasFormat
import Layers
import Tensor
import Testing

/// Losses and metrics of predictions and targets that are huge, tiny, zero or no numbers.
@Suite struct LossExtremeTests {
  private let greatest: Float = 3e38

  @Test func `the cosine of a row and itself is exactly 1`() throws {
    let loss = Loss<Float>.cosineSimilarity
    #expect(try loss([[0, 2, 3]], Tensor<Float>([[0, 2, 3]])) == -1)
    #expect(try loss([[0, 2, 3]], Tensor<Float>([[0, -2, -3]])) == 1)
    #expect(try Metric<Float>.cosineSimilarity([[0, 2, 3]], Tensor<Float>([[0, 2, 3]])) == 1)
    var generator = PhiloxGenerator(seed: 3)
    for columns in [1, 2, 3, 17, 300] {
      let p = Tensor<Double>.normal([200, columns], using: &generator)
      #expect(try Loss.cosineSimilarity.perSample(p, p).scalars.allSatisfy { $0 == -1 })
      let values = try loss.perSample(p.cast(to: Float.self), (p * 3).cast(to: Float.self)).scalars
      #expect(values.allSatisfy { $0 >= -1 && $0 < -0.999_999 })
    }
  }

  @Test(arguments: [1e-3, 1, 1e20, 1e38] as [Float])
  func `a cosine does not depend on the magnitude`(_ size: Float) throws {
    let p = Tensor<Float>([[1, 2, 3], [3, -1, 0.5]])
    let y = Tensor<Float>([[1, 0, 0], [-1, -1, 2]])
    let loss = Loss<Float>.cosineSimilarity
    let expected = try loss.perSample(p, y).scalars
    for (value, plain) in zip(try loss.perSample(p * size, y * size).scalars, expected) {
      #expect(abs(value - plain) < 1e-6)
    }
    let slope = try loss.gradient(p, y)
    let scaled = try loss.gradient(p * size, y * size) * size
    #expect((scaled - slope).absolute().max().scalar < 1e-6)
    let double = Tensor<Double>([[3e200, 4e200]])
    #expect(try Loss.cosineSimilarity(double, double) == -1)
    #expect(
      try Loss.cosineSimilarity(double * 1e-300 * 1e-90, Tensor<Double>([[3, 4]])) > -1e-180, "below the least norm")
  }

  /// What is said of a row by each crossentropy of probabilities, with the label 0 or its row.
  private func crossentropies(_ p: Tensor<Float>) throws -> [(value: Float, gradient: [Float])] {
    let y: Tensor<Float> = [[1, 0, 0]]
    let label: Tensor<Int64> = [0]
    let dense: [Loss<Float>] = [.categoricalCrossentropy, .categoricalFocalCrossentropy(alpha: 1, gamma: 0)]
    let sparse = Loss<Float>.sparseCategoricalCrossentropy
    return try dense.map { (try $0(p, y), try $0.gradient(p, y).scalars) }
      + [(try sparse(p, label), try sparse.gradient(p, label).scalars)]
  }

  @Test func `a row of zeros has the crossentropy of the least probability`() throws {
    for row in [[0, 0, 0], [-0.0, 0, -0.0], [1, -1, 0]] as [[Float]] {
      for (value, gradient) in try crossentropies(Tensor([row])) {
        #expect(abs(value - 16.118_095) < 1e-4)
        #expect(gradient == [0, 0, 0])
      }
    }
    let double = Tensor<Double>.zeros([2, 3])
    #expect(
      abs(try Loss.categoricalCrossentropy(double, Tensor<Double>([[0, 1, 0], [0, 0, 1]])) - 16.118_095_650_958) < 1e-9)
  }

  @Test(arguments: [.leastNonzeroMagnitude, .leastNormalMagnitude / 64, 1e-38, 1e-30, 1e20, 1e38] as [Float])
  func `probabilities of any magnitude are divided by their sum`(_ size: Float) throws {
    for (value, gradient) in try crossentropies(Tensor([[size, size, size * 2]])) {
      #expect(abs(value - 1.386_294_4) < 1e-5)
      #expect(gradient.allSatisfy { !$0.isNaN } && gradient[0] < 0 && gradient[1] > 0)
    }
    for (value, gradient) in try crossentropies(Tensor([[greatest, greatest, 0]])) {
      #expect(abs(value - 0.693_147_2) < 1e-5)
      #expect(gradient.allSatisfy { $0.isFinite })
    }
  }

  @Test func `what is not a number stays that, in value and gradient`() throws {
    let p = Tensor<Float>([[.nan, 0.25, 0.5]])
    let y: Tensor<Float> = [[1, 0, 0]]
    for name in Loss<Float>.names where !["ctc", "circle"].contains(name.lowercased()) {
      let loss = try Loss<Float>(named: name)
      let isOfClasses = loss.name.hasPrefix("sparse") || loss.name.contains("generalized")
      let value = isOfClasses ? try loss(p, Tensor<Int64>([0])) : try loss(p, y)
      let gradient = isOfClasses ? try loss.gradient(p, Tensor<Int64>([0])) : try loss.gradient(p, y)
      #expect(value.isNaN, "\(name)")
      #expect(gradient[0, 0].scalar.isNaN, "\(name)")
    }
  }

  @Test func `what is not a number in a sequence or an embedding stays that`() throws {
    let logits = Tensor<Float>([[[0, 1], [.nan, 0]], [[0, 1], [1, 0]]])
    let labels = Tensor<Int64>([[1], [1]])
    #expect(try Loss<Float>.ctc(logits, labels).isNaN && Loss<Float>.ctc.perSample(logits, labels)[1].scalar.isFinite)
    #expect(try Loss<Float>.ctc.gradient(logits, labels)[0, 1, 0].scalar.isNaN)
    let embeddings = Tensor<Float>([[.nan, 1], [0, 1], [1, 0]])
    #expect(try Loss<Float>.circle(embeddings, Tensor<Int64>([0, 0, 1])).isNaN)
    #expect(try Loss<Float>.circle.gradient(embeddings, Tensor<Int64>([0, 0, 1]))[0, 0].scalar.isNaN)
  }

  @Test func `slopes of what is clipped or infinite are numbers`() throws {
    let far = Tensor<Float>([[.infinity, -.infinity, 0.5]])
    let hits: Tensor<Float> = [[1, 1, 0]]
    #expect(try Loss.binaryCrossentropy.gradient(far, hits).scalars.prefix(2) == [0, 0])
    #expect(try Loss.huber.gradient(far, hits).scalars.allSatisfy { $0.isFinite })
    #expect(try Loss.logCosh(far, hits) == .infinity)
    #expect(
      try Loss<Float>.squaredHinge.gradient([[1, 0, 2]], Tensor<Float>([[greatest, 0.5, 1]])).scalars.allSatisfy {
        !$0.isNaN
      })
    // (1 - p^q) / q and focal factors below 1 have an infinite slope at 0.
    let impossible = try Loss.categoricalGeneralizedCrossEntropy().gradient(
      Tensor<Float>([[0, 1]]), Tensor<Int64>([0]))
    #expect(impossible.scalars[0].isFinite && impossible.scalars[0] < -1000)
    let focal = Loss<Float>.binaryFocalCrossentropy(gamma: 0.5, fromLogits: true)
    #expect(try focal.gradient([[100, -100, 0]], hits).scalars.allSatisfy { $0.isFinite })
  }

  @Test func `overlaps of numbers near the largest are in their range`() throws {
    let p = Tensor<Float>([[greatest, greatest, 0]])
    let y: Tensor<Float> = [[1, 0, 0]]
    for loss in [.dice, .tversky()] as [Loss<Float>] {
      #expect((0...1).contains(try loss(p, y)))
      #expect(try loss.gradient(p, y).scalars.allSatisfy { $0.isFinite })
    }
    #expect(try Loss.dice.perSample(Tensor<Float>.zeros([2, 3]), Tensor<Float>.zeros([2, 3])) == Tensor(1))
  }

  // MARK: Labels

  /// Text of the error.
  private func refusal(_ loss: Loss<Float>, _ labels: some TargetTensor) -> String {
    let p = Tensor<Float>(repeating: 0.5, shape: [labels.shape[0], 2])
    let error = #expect(throws: EvaluationError.self) { _ = try loss(p, labels) }
    let gradient = #expect(throws: EvaluationError.self) { _ = try loss.gradient(p, labels) }
    #expect(gradient == error)
    return error?.description ?? ""
  }

  @Test(arguments: [Int64.min, .min + 1, -1, 2, .max])
  func `every label that is no class is refused`(_ label: Int64) throws {
    let losses: [Loss<Float>] = [
      .sparseCategoricalCrossentropy, .sparseCategoricalCrossentropy(fromLogits: true),
      .sparseCategoricalCrossentropy(ignoredClass: 7), .categoricalGeneralizedCrossEntropy(), .crossentropy,
    ]
    let labels = Tensor<Int64>([1, label, 0])
    for loss in losses { #expect(refusal(loss, labels).contains("the label at [1] is \(label); allowed: 0 ..< 2")) }
    let p = Tensor<Float>(repeating: 0.5, shape: [3, 2])
    for metric in ["accuracy", "sparse_categorical_accuracy", "sparse_top_k_categorical_accuracy"] {
      #expect(throws: EvaluationError.self, "\(metric)") { _ = try Metric<Float>(named: metric)(p, labels) }
    }
    #expect(throws: EvaluationError.self) { try confusionMatrix(of: labels, targets: [0, 0, 0], classes: 2) }
    #expect(throws: EvaluationError.self) { try confusionMatrix(of: [0, 0, 0], targets: labels, classes: 2) }
    #expect(try Metric<Float>.meanIoU(classes: 2)(p, labels) == 0.25, "classes of others do not count")

    var model = Sequential<Float> { Dense(2, activation: .softmax) }
    model.compile(loss: .sparseCategoricalCrossentropy)
    var generator = PhiloxGenerator(seed: 1)
    #expect(throws: EvaluationError.self) { try model.fit(p, labels, progress: .none, using: &generator) }
    #expect(throws: EvaluationError.self) { try model.trainOnBatch(p, labels, using: &generator) }
    #expect(throws: EvaluationError.self) { _ = try model.evaluate(p, labels) }
  }

  @Test(arguments: [.nan, .infinity, -.infinity, 1e30, -1e30, 0x1p63, -0x1p63, 0.5, -0.25] as [Float])
  func `every real label that is no class is refused`(_ label: Float) throws {
    let labels = Tensor<Float>([1, label])
    #expect(refusal(.sparseCategoricalCrossentropy, labels).contains("the label at [1] is"))
    #expect(refusal(.categoricalGeneralizedCrossEntropy(), labels).contains("the label at [1] is"))
    #expect(throws: EvaluationError.self) {
      _ = try Metric<Float>.sparseCategoricalAccuracy([[0, 1], [0, 1]], labels)
    }
    let doubles = labels.cast(to: Double.self)
    #expect(refusal(.sparseCategoricalCrossentropy, doubles).contains("the label at [1] is"))
  }

  @Test func `what is not a number is no class of an overlap`() throws {
    let metric = Metric<Float>.meanIoU(classes: 2, hasSparsePredictions: true)
    #expect(try metric(Tensor([0, 1, 1]), Tensor<Float>([0, 1, .nan])) == 1)
    #expect(try metric(Tensor([0, 1, .nan]), Tensor<Float>([0, 1, 0])) == 1)
  }
}
