import Activations
import KerasFormat
import Layers
import Tensor
import TestSupport
import Testing

@Suite struct MetricTests {
  let probabilities: Tensor<Float> = [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.5, 0.4, 0.1]]
  let labels: Tensor<Int64> = [0, 2, 1]

  @Test func `accuracy is that of the shapes`() throws {
    let accuracy: Metric<Float> = "accuracy"
    #expect(try accuracy(probabilities, labels) == 2.0 / 3)
    #expect(try accuracy(probabilities, labels.reshaped([3, 1]).cast(to: UInt8.self)) == 2.0 / 3)
    #expect(try accuracy(probabilities, labels.oneHot(classes: 3)) == 2.0 / 3)
    #expect(try accuracy([[0.6], [0.5], [0.2]], Tensor<Int64>([1, 0, 1])) == 2.0 / 3)
    #expect(try accuracy(probabilities, labels, sampleWeights: [1, 0, 3]) == 0.25)
  }

  @Test func `a prediction at the threshold is not above it`() throws {
    let y: Tensor<Float> = [[0], [1]]
    let p: Tensor<Float> = [[0.5], [0.5]]
    #expect(try Metric.binaryAccuracy(p, y) == 0.5)
    #expect(try Metric.truePositives()(p, y) == 0)
    #expect(try Metric.falseNegatives()(p, y) == 1)
  }

  @Test func `elements that are equal share their place among the top`() throws {
    let p: Tensor<Float> = [[1, 1, 0], [3, 2, 1]]
    #expect(try Metric.sparseTopKCategoricalAccuracy(k: 1)(p, Tensor<Int64>([1, 1])) == 0.5)
    #expect(try Metric.sparseTopKCategoricalAccuracy(k: 2)(p, Tensor<Int64>([2, 1])) == 0.5)
    let unknown = Tensor<Float>([[.nan, 1, 2]])
    #expect(try Metric.sparseTopKCategoricalAccuracy(k: 3)(unknown, Tensor<Int64>([0])) == 0)
  }

  @Test func `a metric can be the mean of a loss, or of a custom function`() throws {
    let y = try labels.oneHot(classes: 3)
    let loss = Loss<Float>.huber(delta: 0.1)
    #expect(abs(try Metric.mean(of: loss)(probabilities, y) - Double(try loss(probabilities, y))) < 1e-7)
    let ignoring = Metric<Float>.mean(of: .sparseCategoricalCrossentropy(ignoredClass: 9))
    var state = ignoring.makeState()
    try state.update(probabilities, Tensor<Int64>([0, 9, 9]))
    try state.update(probabilities, Tensor<Int64>([9, 9, 1]))
    #expect(abs(state.result - 0.63648) < 1e-4)  // (-log 0.7 - log 0.4) / 2
    let own: Metric<Float> = .custom("largest error") { ($0 - $1).absolute().max(axis: -1) }
    #expect(own.name == "largest error")
    #expect(abs(try own(probabilities, y) - (0.3 + 0.4 + 0.6) / 3) < 1e-6)
    #expect(try Metric.mean(probabilities, labels).rounded(.down) == 0)
    #expect(abs(try Metric.sum(probabilities, labels) - 3) < 1e-6)
    #expect(try Metric.equality(y, labels.oneHot(classes: 3)) == 1)
  }

  @Test func `precision and recall keep a result for each threshold`() throws {
    let p: Tensor<Float> = [[0.9], [0.6], [0.4], [0.2]]
    let y: Tensor<Float> = [[1], [0], [1], [0]]
    var state = Metric<Float>.precision(thresholds: [0.1, 0.5, 0.8]).makeState()
    try state.update(p, y)
    #expect(state.results == [0.5, 0.5, 1])
    #expect(try Metric.recall(p, y) == 0.5)
    #expect(try Metric.areaUnderCurve(p, y) > 0.7)
  }

  @Test func `deviations from a distant mean keep their digits`() throws {
    let y = Tensor<Double>([[1e8], [1e8 + 1], [1e8 + 2], [1e8 + 3]])
    let p = y + Tensor([[0.5], [-0.5], [0.5], [-0.5]])
    var state = Metric<Double>.r2Score.makeState()
    try state.update(p.rows(0..<2), y.rows(0..<2))
    try state.update(p.rows(2..<4), y.rows(2..<4))
    #expect(state.result == 0.8)
  }

  @Test func `what was predicted for what`() throws {
    let matrix = try confusionMatrix(of: [0, 1, 1, 2], targets: [0, 1, 2, 2], classes: 3)
    #expect(matrix == [[1, 0, 0], [0, 1, 0], [0, 1, 1]])
    #expect(try Metric<Float>.meanIoU(classes: 3)(probabilities, labels) == 0.5)
    let error = #expect(throws: EvaluationError.self) {
      try confusionMatrix(of: [0, 3], targets: [0, 1], classes: 3)
    }
    #expect(error?.description == "confusion matrix: the label at [1] is 3; allowed: 0 ..< 3")
    #expect(throws: EvaluationError.self) { try confusionMatrix(of: [0], targets: [0, 1], classes: 3) }
  }

  @Test func `a batch that does not fit throws and is not taken in`() throws {
    var state = Metric<Float>.accuracy.makeState()
    try state.update(probabilities, labels)
    let error = #expect(throws: EvaluationError.self) { try state.update(probabilities, Tensor<Int64>([0, 1, 3])) }
    #expect(error?.description == "accuracy: the label at [2] is 3; allowed: 0 ..< 3")
    #expect(throws: EvaluationError.self) { try state.update(probabilities, Tensor<Int64>([0, 1])) }
    #expect(throws: EvaluationError.self) { try state.update(probabilities, labels, sampleWeights: [1, 2]) }
    #expect(state.result == 2.0 / 3)
    var score = Metric<Float>.f1Score().makeState()
    try score.update(probabilities, labels.oneHot(classes: 3))
    #expect(throws: EvaluationError.self) { try score.update(.zeros([2, 4]), Tensor<Float>.zeros([2, 4])) }
    #expect(throws: EvaluationError.self) {
      try Metric.precision(topK: 4)(probabilities, labels.oneHot(classes: 3))
    }
    #expect(throws: EvaluationError.self) {
      try Metric.recall(classID: 3)(probabilities, labels.oneHot(classes: 3))
    }
  }

  @Test func `metrics without batches give 0`() {
    let all: [Metric<Float>] = [
      .accuracy, .r2Score, .f1Score(), .areaUnderCurve, .areaUnderCurve(.precisionRecall), .meanIoU(classes: 2),
      .precision, .rootMeanSquaredError,
    ]
    for metric in all { #expect(metric.makeState().result == 0, "\(metric)") }
  }
}

@Suite struct MetricNameTests {
  @Test func `a metric keeps the name that it is asked for by`() throws {
    #expect(Metric<Float>.meanSquaredError.name == "mean_squared_error")
    #expect(try Metric<Float>(named: "mse").name == "mse")
    #expect(try Metric<Float>(named: "mse").named("mean_squared_error") == .meanSquaredError)
    #expect(Metric<Float>.topKCategoricalAccuracy(k: 3).name == "top_k_categorical_accuracy")
    let accuracy: Metric<Float> = "acc"
    #expect(accuracy.name == "acc" && accuracy.named("accuracy") == .accuracy)
  }

  @Test(arguments: MetricFixtures.all.flatMap(\.cases)) func `names are Keras's by default`(
    _ fixture: MetricFixtures.Case
  )
    throws
  {
    let metric = try Metric<Float>(named: fixture.metric, parameters: fixture.parameters)
    let byDefault = try Metric<Float>(configuration: metric.configuration)
    #expect(byDefault.named("") == metric.named(""))
    guard case .object(let fields) = metric.configuration else { return }
    #expect(fields["class_name"] == .string(fixture.metric))
  }

  @Test func `names of losses are names of metrics`() throws {
    for name in Loss<Float>.names where Metric<Float>.names.contains(name) {
      #expect(try Metric<Float>(named: name).name == name)
    }
  }

  @Test(
    arguments: [
      ("acuracy", [:], "no metric is called \"acuracy\"; did you mean Accuracy or accuracy?"),
      ("AUC", ["num_thresholds": 1], "AUC: num_thresholds is 1; allowed: integers from 2 to 16777216"),
      ("AUC", ["curve": "XY"], "AUC: curve is \"XY\"; allowed: ROC, PR"),
      (
        "Precision", ["thresholds": [0.5, 2]],
        "Precision: thresholds is 2; allowed: numbers from 0 to 1 and lists of them"
      ),
      ("F1Score", ["average": "all"], "F1Score: average is \"all\"; allowed: micro, macro, weighted and null"),
      ("MeanIoU", [:], "MeanIoU: num_classes is missing; allowed: integers from 1 to "),
      ("IoU", ["num_classes": 2, "target_class_ids": [2]], "IoU: target_class_ids is 2; allowed: 0 ..< 2"),
      (
        "top_k_categorical_accuracy", ["k": 0],
        "TopKCategoricalAccuracy: k is 0; allowed: integers from 1 to 2147483647"
      ),
    ] as [(String, [String: Configuration], String)])
  func `what names and parameters cannot stand for throws`(
    name: String, parameters: [String: Configuration], text: String
  ) {
    let error = #expect(throws: ConfigurationError.self) { try Metric<Float>(named: name, parameters: parameters) }
    #expect(error?.description.hasPrefix(text) == true, "\(error?.description ?? "")")
  }

  @Test func `mistakes in source code stop the program`() async {
    await expectMessage(
      #"no metric is called "acuracy""#,
      of: #expect(processExitsWith: .failure, observing: standardError) { let _: Metric<Float> = "acuracy" })
    await expectMessage(
      "AUC: thresholds is 1; allowed: integers from 2 to 16777216",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Metric<Float>.areaUnderCurve(thresholds: 1)
      })
  }
}
