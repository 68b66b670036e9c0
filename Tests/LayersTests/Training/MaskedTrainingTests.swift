import Activations
import Layers
import Tensor
import Testing

/// A model that Keras has trained, as make_masks.py says.
private struct KerasTraining: Decodable {
  let name: String
  let inputs: [TensorFixture]
  let targets: [TensorFixture]
  let sampleWeights: [TensorFixture]?
  let before: [TensorFixture]
  let after: [TensorFixture]
  let losses: [Double]
  let results: [String: Double]
  let predictions: [TensorFixture]
}

private struct KerasTrainings: Decodable { let trained: [KerasTraining] }

@Suite struct MaskedTrainingTests {
  private func small(_ units: Int, _ activation: Activation<Double> = .linear, _ more: any Layer<Double>...) -> Model<
    Double
  > {
    Sequential([Masking(), Dense(5, activation: .tanh)] + more + [Dense(units, activation: activation)])
  }

  private func model(_ name: String) throws -> Model<Double> {
    var model: Model<Double>
    switch name {
    case "values":
      model = small(2, .linear, LayerNormalization())
      model.compile(
        optimizer: .sgd(learningRate: 0.1), loss: .meanSquaredError, metrics: ["mae", "mse", "cosine_similarity"])
    case "values with weights":
      model = small(2)
      model.compile(
        optimizer: .sgd(learningRate: 0.1), loss: .meanSquaredError, metrics: ["mae"],
        weightedMetrics: ["mse", Metric("mae").named("weighted_mae")])
    case "classes":
      model = small(3, .softmax)
      model.compile(
        optimizer: .adam(learningRate: 0.05), loss: .sparseCategoricalCrossentropy,
        metrics: [.accuracy, .sparseTopKCategoricalAccuracy(k: 2).named("top")])
    case "classes with weights":
      model = small(3, .softmax)
      model.compile(
        optimizer: .adam(learningRate: 0.05), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy],
        weightedMetrics: ["sparse_categorical_crossentropy"])
    case "ignored class":
      model = small(3, .softmax)
      model.compile(
        optimizer: .sgd(learningRate: 0.1), loss: .sparseCategoricalCrossentropy(ignoredClass: 1))
    case "sum":
      model = small(2)
      model.compile(optimizer: .sgd(learningRate: 0.01), loss: .huber.reduced(by: .sum))
    case "mean with weights":
      model = small(2)
      model.compile(
        optimizer: .sgd(learningRate: 0.1), loss: .meanAbsoluteError.reduced(by: .meanWithSampleWeight))
    case "binary":
      model = small(1, .sigmoid)
      model.compile(
        optimizer: .sgd(learningRate: 0.5), loss: .binaryCrossentropy,
        metrics: [
          .accuracy, "root_mean_squared_error", Metric("precision"), Metric("recall"), Metric("auc"),
          Metric("FalsePositives").named("false_positives"), "hinge",
        ])
    case "batch normalization":
      model = Sequential([Masking(maskValue: 0.5), BatchNormalization(), Dense(2)])
      model.compile(optimizer: .sgd(learningRate: 0.1, momentum: 0.9), loss: .meanSquaredError)
    case "nothing counts":
      model = small(2)
      model.compile(optimizer: .sgd(learningRate: 0.1), loss: .meanSquaredError, metrics: ["mae"])
    case "dropped":
      model = Sequential([Masking(), Dense(2), Permute([2, 1]), Dense(2)])
      model.compile(optimizer: .sgd(learningRate: 0.1), loss: .meanSquaredError, metrics: ["mae"])
    case "several outputs":
      let entry = Input<Double>(3, 4)
      let hidden = Dense(4, activation: .relu)(Masking()(entry))
      model = try Functional(
        inputs: entry, outputs: [Dense(2).named("steps")(hidden), Dense(1).named("whole")(Flatten()(hidden))])
      model.compile(
        optimizer: .sgd(learningRate: 0.05),
        objectives: [
          Objective(.meanSquaredError, weight: 0.5, metrics: ["mae"]),
          Objective(.meanAbsoluteError, weight: 2, metrics: ["mse"]),
        ])
    case "merging":
      let (left, right) = (Input<Double>(3, 4), Input<Double>(3, 4))
      let (first, second) = (Dense(2)(Masking()(left)), Dense(2)(Masking()(right)))
      let joined = Concatenate()(Maximum()(first, second), Multiply()(first, second))
      model = try Functional(inputs: [left, right], outputs: Dense(2)(joined))
      model.compile(optimizer: .sgd(learningRate: 0.05), loss: .meanSquaredError, metrics: ["mae"])
    case "embedding":
      let entry = Input<Double>(3)
      let vectors = Embedding(inputDim: 5, outputDim: 4, maskZero: true)(entry)
      let hidden = Add()(LayerNormalization()(Dropout(0)(vectors)), vectors)
      model = try Functional(
        inputs: entry,
        outputs: [Dense(2).named("steps")(hidden), Dense(1).named("whole")(GlobalAveragePooling1D()(hidden))])
      model.compile(
        optimizer: .sgd(learningRate: 0.05),
        objectives: [Objective(.meanSquaredError, metrics: ["mae"]), Objective(.meanAbsoluteError, metrics: ["mse"])])
    default:
      model = Sequential([Sequential([Masking(), Dense(3)]), Dense(2)])
      model.compile(optimizer: .sgd(learningRate: 0.1), loss: .meanSquaredError, metrics: ["mae"])
    }
    return model
  }

  @Test func `three steps, evaluation and prediction give what Keras gives`() throws {
    for keras in try jsonFixture("masks", as: KerasTrainings.self).trained {
      var model = try model(keras.name)
      var generator = PhiloxGenerator(seed: 1)
      let inputs = keras.inputs.map(\.tensor)
      try model.build(inputShapes: inputs.map { Array($0.shape.dropFirst()) }, using: &generator)
      var values = keras.before.map(\.tensor)[...]
      model.forEachWeight { $0.value = values.removeFirst() }
      let targets = keras.targets.map(\.tensor)
      let weights: [Tensor<Double>?] = keras.sampleWeights?.map(\.tensor) ?? []
      for expected in keras.losses {
        let loss = try model.trainOnBatch(inputs, targets, sampleWeights: weights, using: &generator)
        #expect(abs(loss - expected) < 1e-10 * max(1, abs(expected)), "\(keras.name)")
      }
      for (weight, expected) in zip(model.weights, keras.after) {
        #expect(weight.value.distance(from: expected.tensor) < 1e-8, "\(keras.name): \(weight.path)")
      }
      let logs = try model.evaluate(inputs, targets, batchSize: 3, sampleWeights: weights)
      for (name, expected) in keras.results {
        let found = try #require(logs[name], "\(keras.name): \(name)")
        #expect(abs(found - expected) < 1e-7, "\(keras.name): \(name) is \(found), expected \(expected)")
      }
      for (prediction, expected) in zip(try model.predict(inputs), keras.predictions) {
        #expect(prediction.distance(from: expected.tensor) < 1e-7, "\(keras.name)")
      }
    }
  }

  @Test func `what stands in padding changes nothing of loss, metrics and gradients`() throws {
    var generator = PhiloxGenerator(seed: 2)
    let short = Tensor<Double>.normal([4, 3, 4], using: &generator)
    let targets = Tensor<Double>.normal([4, 3, 2], using: &generator)
    let padding = Tensor<Double>.filled([4, 2, 4], with: 9)
    let long = Tensor.concatenated([short, padding], axis: 1)
    var model = Sequential<Double>([Masking(maskValue: 9), Dense(3, activation: .tanh), Dense(2)])
    try model.build(for: short, using: &generator)
    model.compile(loss: .meanSquaredError, metrics: ["mae"])
    let expected = try model.valueAndGradients(short, targets, using: &generator)
    for number in [0, 5, .nan] as [Double] {
      let padded = Tensor.concatenated([targets, .filled([4, 2, 2], with: number)], axis: 1)
      let found = try model.valueAndGradients(long, padded, using: &generator)
      #expect(abs(found.value - expected.value) < 1e-14)
      for place in expected.gradients.places {
        #expect(found.gradients[place]!.distance(from: expected.gradients[place]!) < 1e-13)
      }
      let (all, some) = (try model.evaluate(long, padded), try model.evaluate(short, targets))
      #expect(abs(all["loss"]! - some["loss"]!) < 1e-14 && abs(all["mae"]! - some["mae"]!) < 1e-14)
    }
  }

  @Test func `weights of samples count for all their steps`() throws {
    var generator = PhiloxGenerator(seed: 3)
    let (x, y) = (
      Tensor<Double>.normal([4, 3, 4], using: &generator), Tensor<Double>.normal([4, 3, 2], using: &generator)
    )
    var model = Sequential<Double>([Masking(), Dense(2)])
    try model.build(for: x, using: &generator)
    model.compile(loss: .meanSquaredError, weightedMetrics: ["mae"])
    let weights: Tensor<Double> = [1, 0, 2, 0.5]
    let ofSteps = weights.expanded(axis: 1).broadcast(to: [4, 3])
    let first = try model.evaluate(x, y, sampleWeights: weights)
    #expect(first == (try model.evaluate(x, y, sampleWeights: ofSteps)))
    #expect(first == (try model.evaluate(x, y, sampleWeights: ofSteps.expanded(axis: 2))))
  }

  @Test func `a mask that has an axis more than the values of a loss is told of`() throws {
    struct Whole: Layer {
      struct IsPositive: UndifferentiatedOperation {
        typealias ResultScalar = Bool
        func forward(_ context: Context<Double>) { context.give(mask: context.operand(0) .> 0) }
      }
      func call(_ x: Traced<Double>) throws -> Traced<Double> { x.with(mask: try x.applying(IsPositive())) }
    }
    var model = Sequential<Double>([Whole()])
    model.compile(loss: .meanSquaredError)
    #expect(
      throws: EvaluationError.maskShape(name: "mean_squared_error", found: [2, 3], expected: "[2] or its leading axes")
    ) {
      try model.evaluate(Tensor<Double>.ones([2, 3]), Tensor<Double>.ones([2, 3]))
    }
  }
}
