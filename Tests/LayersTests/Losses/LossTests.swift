import Activations
import KerasFormat
import Layers
import Tensor
import TestSupport
import Testing

@Suite struct LossTests {
  let logits: Tensor<Float> = [[1, -2, 0.5], [0, 3, 0], [-1, -1, 4]]
  let labels: Tensor<Int64> = [0, 1, 1]

  // MARK: Fused with the activation

  @Test func `there are losses of logits behind softmax and sigmoid`() throws {
    typealias L = Loss<Float>
    #expect(L.categoricalCrossentropy.onLogits(of: .softmax) == .categoricalCrossentropy(fromLogits: true))
    #expect(
      L.categoricalCrossentropy(labelSmoothing: 0.1).reduced(by: .sum).onLogits(of: "softmax")
        == L.categoricalCrossentropy(fromLogits: true, labelSmoothing: 0.1).reduced(by: .sum))
    #expect(
      L.sparseCategoricalCrossentropy(ignoredClass: -1).onLogits(of: .softmax)
        == .sparseCategoricalCrossentropy(fromLogits: true, ignoredClass: -1))
    #expect(L.binaryCrossentropy.onLogits(of: .sigmoid) == .binaryCrossentropy(fromLogits: true))
    #expect(L.binaryCrossentropy.onLogits(of: .softmax) == nil)
    #expect(L.categoricalCrossentropy.onLogits(of: .softmax(axis: 0)) == nil)
    #expect(L.categoricalCrossentropy(fromLogits: true).onLogits(of: .softmax) == nil)
    #expect(L.meanSquaredError.onLogits(of: .sigmoid) == nil)
  }

  @Test func `the loss of logits is the loss of the activation's output`() throws {
    let probabilities = try softmax(logits)
    let fused = try #require(Loss<Float>.sparseCategoricalCrossentropy.onLogits(of: .softmax))
    #expect(abs(try fused(logits, labels) - Loss.sparseCategoricalCrossentropy(probabilities, labels)) < 1e-6)
    let pulled = try Activation<Float>.softmax.pullback(
      Loss.sparseCategoricalCrossentropy.gradient(probabilities, labels), input: logits)
    #expect((try fused.gradient(logits, labels) - pulled).absolute().max().scalar < 1e-6)
    #expect(
      (try fused.gradient(logits, labels) * 3 - (probabilities - labels.oneHot(classes: 3))).absolute().max().scalar
        < 1e-6)
  }

  @Test func `losses of large logits keep their digits`() throws {
    let far: Tensor<Double> = [[1e4, -1e4, 0], [-1e4, 0, 1e4], [0, 30, -5]]
    let loss = Loss<Double>.sparseCategoricalCrossentropy(fromLogits: true)
    let values = try loss.perSample(far, Tensor<Int64>([1, 2, 1])).scalars
    #expect(values[0] == 2e4)
    #expect(values[1] == 0)
    let rest = 9.357622968840175e-14 + 6.305116760146989e-16  // e^-30 + e^-35
    #expect(abs(values[2] / rest - 1) < 1e-13)
    let gradient = try loss.gradient(far, Tensor<Int64>([1, 2, 1])) * 3
    #expect(gradient[0].scalars == [1, -1, 0])
    #expect(abs(gradient[2, 1].scalar / -rest - 1) < 1e-13)

    let oneHot = try Tensor<Int64>([1, 2, 1]).oneHot(classes: 3, of: Double.self)
    let dense = Loss<Double>.categoricalCrossentropy(fromLogits: true)
    #expect(try dense.perSample(far, oneHot).scalars.map(Float.init) == values.map(Float.init))
    #expect((try dense.gradient(far, oneHot) * 3 - gradient).absolute().max().scalar < 1e-15)
    #expect(abs(try dense.gradient(far, oneHot)[2, 1].scalar * 3 / -rest - 1) < 1e-13)

    let x = Tensor<Float>([[1e4], [-1e4], [60], [.infinity]])
    let y: Tensor<Float> = [[0], [1], [1], [1]]
    let binary = Loss<Float>.binaryCrossentropy(fromLogits: true)
    let surprises = try binary.perSample(x, y).scalars
    #expect(surprises[0] == 1e4 && surprises[1] == 1e4 && surprises[3] == 0)
    #expect(abs(surprises[2] / 8.7565e-27 - 1) < 1e-4)
    #expect(try binary.gradient(x, y).scalars[2] < 0)
    let unknown = Tensor<Double>([[.nan, 0, 0], [-.infinity, 0, 0]])
    let surprise = try loss.perSample(unknown, Tensor<Int64>([1, 0])).scalars
    #expect(surprise[0].isNaN && surprise[1] == .infinity)
  }

  @Test func `crossentropy is that of the shapes`() throws {
    let loss: Loss<Float> = "crossentropy"
    #expect(loss.resolved(prediction: [3, 1], target: labels) == .binaryCrossentropy)
    #expect(loss.resolved(prediction: [3, 3], target: labels) == .sparseCategoricalCrossentropy)
    #expect(loss.resolved(prediction: [3, 3], target: labels.reshaped([3, 1])) == .sparseCategoricalCrossentropy)
    #expect(loss.resolved(prediction: [3, 3], target: logits) == .categoricalCrossentropy)
    #expect(Loss<Float>.huber.resolved(prediction: [3, 3], target: logits) == .huber)
    let probabilities = try softmax(logits)
    #expect(try loss(probabilities, labels) == Loss.sparseCategoricalCrossentropy(probabilities, labels))
  }

  // MARK: Targets, weights, reductions

  @Test func `targets come in any number type and with or without a last axis of 1`() throws {
    let loss = Loss<Float>.sparseCategoricalCrossentropy(fromLogits: true)
    let value = try loss(logits, labels)
    #expect(try loss(logits, labels.cast(to: UInt8.self)) == value)
    #expect(try loss(logits, labels.cast(to: Int32.self).reshaped([3, 1])) == value)
    #expect(try loss(logits, labels.cast(to: Float.self)) == value)
    #expect(try loss(logits, Target<Float>.integers(labels)) == value)
    let y: Tensor<Double> = [1, 2, 4]
    let p: Tensor<Float> = [[1], [0], [1]]
    #expect(try Loss.meanSquaredError(p, y) == 13 / 3)
    #expect(try Loss.meanSquaredError(p.flattened, y) == 13 / 3)
    #expect(try Loss.meanSquaredError.perSample(p, Tensor<UInt8>([1, 2, 4])).scalars == [0, 4, 9])
    #expect(try Loss.meanSquaredError(p.transposed, y.reshaped([1, 3])) == 13 / 3)
    #expect(try Loss.meanSquaredError(p.flattened.reshaped([1, 3, 1]), y.reshaped([1, 3])) == 13 / 3)
  }

  @Test func `samples are taken by position and as views`() {
    let target: Target<Float> = Target(Tensor<UInt8>([3, 1, 2]))
    #expect(target.take(rows: [2, 0, 0]).shape == [3])
    guard case .integers(let taken) = target.take(rows: [2, 0, 0]) else {
      Issue.record("integers stay integers")
      return
    }
    #expect(taken.scalars == [2, 3, 3])
    #expect(logits.take(rows: [1]).scalars == [0, 3, 0])
    #expect(logits.rows(1..<3) == logits[1...2])
    #expect(logits.sampleCount == 3 && Tensor<Float>(3).sampleCount == 0)
  }

  @Test func `a reduction makes one number of the values`() throws {
    let p: Tensor<Double> = [[1], [2], [3]]
    let y: Tensor<Double> = [[0], [0], [0]]
    let weights: Tensor<Double> = [1, 0, 3]
    func value(_ reduction: LossReduction, _ weights: Tensor<Double>? = nil) throws -> Double {
      try Loss.meanSquaredError.reduced(by: reduction)(p, y, sampleWeights: weights)
    }
    #expect(try value(.sum) == 14)
    #expect(try value(.mean) == 14 / 3)
    #expect(try value(.sumOverBatchSize, weights) == 28 / 3)
    #expect(try value(.meanWithSampleWeight) == 14 / 3)
    #expect(try value(.meanWithSampleWeight, weights) == 7)
    #expect(try value(.meanWithSampleWeight, .zeros([3])) == 0)
    #expect(try value(.sum, weights.reshaped([3, 1])) == 28)
  }

  @Test func `weights of samples count for all of their values`() throws {
    let p = Tensor<Double>.arange(24).reshaped([2, 3, 4])
    let y = Tensor<Double>.zeros([2, 3, 4])
    let loss = Loss<Double>.meanSquaredError.reduced(by: .sum)
    let values = try loss.perSample(p, y)
    #expect(values.shape == [2, 3])
    #expect(try loss(p, y, sampleWeights: [1, 0]) == values[0].sum().scalar)
    #expect(try loss(p, y, sampleWeights: [[0, 0, 0], [0, 2, 0]]) == 2 * values[1, 1].scalar)
    #expect(try loss.gradient(p, y, sampleWeights: [[1], [0]])[1].absolute().max().scalar == 0)
  }

  @Test func `a batch without samples has no loss`() throws {
    #expect(try Loss.meanSquaredError(Tensor<Float>.zeros([0, 3]), Tensor<Float>.zeros([0, 3])) == 0)
    #expect(try Loss.sparseCategoricalCrossentropy(Tensor<Float>.zeros([0, 3]), Tensor<Int64>.zeros([0])) == 0)
    #expect(
      try Loss.meanSquaredError.gradient(Tensor<Float>.zeros([0, 3]), Tensor<Float>.zeros([0, 3])).shape == [0, 3])
  }

  @Test func `the gradient is written to the memory that is there`() throws {
    func address(_ x: Tensor<Float>) -> UInt { x.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
    var gradient = Tensor<Float>.zeros([8, 3])
    let before = address(gradient)
    let loss = Loss<Float>.sparseCategoricalCrossentropy(fromLogits: true)
    let value = try loss.valueAndGradient(logits, labels, into: &gradient)
    #expect(address(gradient) == before && gradient.shape == [3, 3])
    #expect(try loss(logits, labels) == value && loss.gradient(logits, labels) == gradient)
    let held = gradient
    _ = try loss.valueAndGradient(logits * 2, labels, into: &gradient)
    #expect(address(gradient) != before && held != gradient)
    #expect(try loss.gradient(logits.transposed.transposed, labels) == held)
    #expect(try loss.gradient(logits.flipped(axis: 0), labels.flipped(axis: 0)) == held.flipped(axis: 0))
  }

  // MARK: What does not fit

  @Test func `shapes that do not fit throw both`() throws {
    func text(_ loss: Loss<Float>, _ p: [Int], _ y: [Int], weights: [Int]? = nil) -> String {
      let error = #expect(throws: EvaluationError.self) {
        _ = try loss(.zeros(p), Tensor<Float>.zeros(y), sampleWeights: weights.map { .zeros($0) })
      }
      return error?.description ?? ""
    }
    #expect(
      text(.huber, [3, 2], [3, 3])
        == "huber: the prediction has the shape [3, 2] and the target [3, 3]; expected: a target of [3, 2]")
    #expect(
      text(.categoricalCrossentropy, [3, 2], [3]).hasSuffix("which sparse_categorical_crossentropy takes") == false)
    #expect(text(.categoricalCrossentropy, [3, 2], [3]).hasSuffix("what sparse_categorical_crossentropy takes"))
    #expect(
      text(.sparseCategoricalCrossentropy, [3, 2], [4])
        == "sparse_categorical_crossentropy: the prediction has the shape [3, 2] and the target [4]; "
        + "expected: a target of class numbers of [3] or [3, 1]")
    #expect(text(.sparseCategoricalCrossentropy, [3, 2], [3, 2]).hasSuffix("what categorical_crossentropy takes"))
    #expect(
      text(.huber, [3, 2], [3, 2], weights: [2])
        == "huber: the sample weights have the shape [2]; expected: [3]")
    #expect(text(.huber, [3, 4, 2], [3, 4, 2], weights: [4]).hasSuffix("expected: [3, 4] or [3]"))
    #expect(text(.dice, [3, 2], [3, 2], weights: [3]).hasSuffix("one value for the whole batch"))
    #expect(text(.dice(axis: [2]), [3, 2], [3, 2]).hasSuffix("expected: a rank that has the axes [2]"))
    #expect(throws: EvaluationError.self) { try Loss<Float>.huber.check(prediction: [3, 2], logits) }
    #expect(throws: Never.self) { try Loss<Float>.huber.check(prediction: [3, 3], logits) }
  }

  @Test func `a label that is no class throws with its place`() throws {
    func text(_ labels: some TargetTensor, ignoring ignored: Int? = nil) -> String {
      let loss = Loss<Float>.sparseCategoricalCrossentropy(fromLogits: true, ignoredClass: ignored)
      var gradient = Tensor<Float>.ones([1])
      let error = #expect(throws: EvaluationError.self) {
        _ = try loss.valueAndGradient(
          Tensor(repeating: 0, shape: labels.shape + [3]), labels, into: &gradient)
      }
      #expect(gradient.scalars == [1])
      return error?.description ?? ""
    }
    #expect(
      text(Tensor<Int64>([0, 3, 1]))
        == "sparse_categorical_crossentropy: the label at [1] is 3; allowed: 0 ..< 3")
    #expect(text(Tensor<Int32>([[0, 1], [2, -1]])).contains("the label at [1, 1] is -1"))
    #expect(
      text(Tensor<Int64>([255, 9]), ignoring: 255).hasSuffix(
        "at [1] is 9; allowed: 0 ..< 3 and 255, which is ignored"))
    #expect(text(Tensor<Float>([0, 1.5])).contains("the label at [1] is 1.5"))
    #expect(text(Tensor<Float>([.nan])).contains("the label at [0] is nan"))
  }

  // MARK: Custom losses

  @Test func `a custom loss is weighted and reduced as others are`() throws {
    let own: Loss<Double> = .custom("quartic") { p, y in
      (p - y).squared().squared().mean(axis: -1)
    } gradient: { p, y in
      4 * (p - y).power(3) / Double(p.shape.last!)
    }
    var generator = PhiloxGenerator(seed: 5)
    var p = Tensor<Double>.normal([4, 3], using: &generator)
    let y = Tensor<Double>.normal([4, 3], using: &generator)
    let weights: Tensor<Double> = [1, 2, 0.5, 0]
    let gradient = try own.gradient(p, y, sampleWeights: weights)
    let before = try own(p, y, sampleWeights: weights)
    p[1, 2] += 1e-6
    let after = try own(p, y, sampleWeights: weights)
    #expect(abs((after - before) / 1e-6 - gradient[1, 2].scalar) < 1e-4)
    #expect(own == own && own != .custom("quartic") { p, _ in p } && own.name == "quartic")
  }

  @Test func `one number for the batch is no loss per sample, but for one sample`() throws {
    let mean: Loss<Double> = .custom("mean") { p, y in
      (p - y).squared().sum()
    } gradient: { p, y in
      2 * (p - y)
    }
    #expect(try mean([[3, 1]], Tensor<Double>([[1, 1]])) == 4)
    #expect(try mean.gradient([[3, 1]], Tensor<Double>([[1, 1]])) == [[4, 0]])
    let two = Tensor<Double>([[3, 1], [2, 2]])
    let expected = EvaluationError.resultShape(
      name: "mean", found: [],
      expected: "a value for each of the 2 samples: the prediction's [2, 2] without some of its last axes")
    #expect(throws: expected) { _ = try mean(two, two) }
    #expect(throws: expected) { _ = try mean.gradient(two, two) }
    #expect(throws: expected) { _ = try mean.perSample(two, two) }
    #expect(throws: EvaluationError.self) { _ = try Metric.mean(of: mean)(two, two) }
    var model = Sequential<Double> { Dense(2) }
    model.compile(loss: mean)
    var generator = PhiloxGenerator(seed: 1)
    #expect(throws: expected) { try model.fit(two, two, progress: .none, using: &generator) }
    #expect(!model.isBuilt)
    try model.fit(two, two, batchSize: 1, progress: .none, using: &generator)
  }

  @Test func `what is wrong with a custom loss throws`() {
    struct Refusal: Error {}
    func text(_ loss: Loss<Float>) -> String {
      let error = #expect(throws: EvaluationError.self) {
        try loss.gradient(.zeros([3, 2]), Tensor<Float>.zeros([3, 2]))
      }
      return error?.description ?? ""
    }
    #expect(text(.custom("own") { p, y in p.sum(axis: 1) }).hasPrefix("own was made without a gradient"))
    #expect(text(.custom("own") { p, y in p.sum(axis: 0) }).hasPrefix("own: the function gave the shape [2]"))
    #expect(
      text(.custom("own", { p, y in p.sum(axis: 1) }, gradient: { p, y in p.sum(axis: 1) }))
        == "own: the function gave the shape [3]; expected: the prediction's [3, 2]")
    #expect(text(.custom("own") { _, _ in throw Refusal() }) == "own: Refusal()")
  }
}

@Suite struct LossNameTests {
  @Test(arguments: [
    ("MeanSquaredError", "mean_squared_error"), ("mse", "mean_squared_error"), ("MSE", "mean_squared_error"),
    ("mae", "mean_absolute_error"), ("MAPE", "mean_absolute_percentage_error"),
    ("msle", "mean_squared_logarithmic_error"), ("Huber", "huber"), ("LogCosh", "log_cosh"), ("logcosh", "log_cosh"),
    ("KLD", "kl_divergence"), ("bce", "binary_crossentropy"), ("ce", "crossentropy"),
    ("CategoricalFocalCrossentropy", "categorical_focal_crossentropy"), ("Tversky", "tversky"),
  ])
  func `Keras's names stand for a loss`(name: String, canonical: String) throws {
    #expect(try Loss<Float>(named: name).name == canonical)
    #expect(try Loss<Float>(named: name) == Loss(named: canonical))
  }

  @Test func `parameters are read and given by Keras's names`() throws {
    #expect(try Loss<Float>(named: "huber", parameters: ["delta": 2]) == .huber(delta: 2))
    #expect(
      try Loss<Float>(named: "SparseCategoricalCrossentropy", parameters: ["from_logits": true, "ignore_class": -1])
        == .sparseCategoricalCrossentropy(fromLogits: true, ignoredClass: -1))
    #expect(
      try Loss<Float>(named: "CategoricalCrossentropy", parameters: ["axis": -1, "reduction": "sum"])
        == .categoricalCrossentropy.reduced(by: .sum))
    let all: [Loss<Float>] = [
      .huber(delta: 2), .binaryFocalCrossentropy(applyClassBalancing: true, gamma: 1), .tversky(alpha: 0.1),
      .categoricalFocalCrossentropy(alpha: 0.5), .dice(axis: [1, 2]), .categoricalGeneralizedCrossEntropy(q: 0.3),
      .sparseCategoricalCrossentropy(fromLogits: true).reduced(by: .sum), .poisson,
    ]
    for loss in all { #expect(try Loss(named: loss.name, parameters: loss.parameters) == loss) }
    #expect(all[0].description == "huber(delta: 2.0)")
    #expect("\(Loss<Float>.poisson.reduced(by: .sum))" == "poisson, reduced by sum")
  }

  @Test(
    arguments: [
      ("mean_square_error", [:], "no loss is called \"mean_square_error\"; did you mean mean_squared_error"),
      ("huber", ["delta": 0], "Huber: delta is 0; allowed: finite numbers above 0"),
      ("bce", ["label_smoothing": 2], "BinaryCrossentropy: label_smoothing is 2; allowed: numbers from 0 to 1"),
      ("mse", ["delta": 1], "MeanSquaredError has no parameter delta; it has none"),
      ("bce", ["axis": 1], "BinaryCrossentropy: axis is [1]; allowed: -1, the last axis"),
      (
        "mse", ["reduction": "none"],
        "mean_squared_error: reduction is \"none\"; allowed: sum_over_batch_size, sum, mean, mean_with_sample_weight"
      ),
      (
        "categorical_generalized_cross_entropy", ["q": 1],
        "CategoricalGeneralizedCrossEntropy: q is 1; allowed: numbers above 0, below 1"
      ),
    ] as [(String, [String: Configuration], String)])
  func `what names and parameters cannot stand for throws`(
    name: String, parameters: [String: Configuration], text: String
  ) {
    let error = #expect(throws: ConfigurationError.self) { try Loss<Float>(named: name, parameters: parameters) }
    #expect(error?.description.hasPrefix(text) == true, "\(error?.description ?? "")")
  }

  @Test func `mistakes in source code stop the program`() async {
    await expectMessage(
      #"no loss is called "mean_square_error""#,
      of: #expect(processExitsWith: .failure, observing: standardError) { let _: Loss<Float> = "mean_square_error" })
    await expectMessage(
      "Huber: delta is -1.0; allowed: finite numbers above 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Loss<Float>.huber(delta: -1) })
    let literal: Loss<Float> = "mse"
    #expect(literal == .meanSquaredError)
  }
}
