import Layers
import TestSupport
import Testing

/// What `print` shows of optimizers, losses and what else has parameters: Swift's labels, and no defaults.
@Suite struct RuleDescriptionTests {
  @Test func `arguments that are not the defaults are shown`() {
    #expect("\(Optimizer<Float>.adam())" == "Adam")
    #expect(
      "\(Optimizer<Float>.adam(learningRate: 0.01, beta1: 0.8).with(clipping: .norm(1)))"
        == "Adam(learningRate: 0.01, beta1: 0.8, clipping: norm(1.0))")
    #expect("\(Optimizer<Float>.adamW())" == "AdamW")
    #expect("\(Optimizer<Float>.sgd(momentum: 0.9, nesterov: true))" == "SGD(momentum: 0.9, nesterov: true)")
    #expect(
      "\(Optimizer<Float>.sgd(learningRate: .cosineDecay(initialRate: 0.1, steps: 10)))"
        == "SGD(learningRate: CosineDecay(initialRate: 0.1, steps: 10.0))")
    #expect(
      "\(Optimizer<Float>.sgd().with(movingAverage: MovingAverage(momentum: 0.9)))"
        == "SGD(movingAverage: MovingAverage(momentum: 0.9))")
    #expect("\(Loss<Float>.binaryCrossentropy(labelSmoothing: 0.1))" == "binary_crossentropy(labelSmoothing: 0.1)")
    #expect("\(Loss<Float>.tversky(axis: [1, 2]))" == "tversky(axis: [1, 2])")
    #expect("\(Metric<Float>.precision(topK: 2))" == "precision(topK: 2)")
    #expect("\(Metric<Float>.areaUnderCurve(.precisionRecall))" == "auc(curve: precisionRecall)")
    #expect("\(Metric<Float>.mean(of: .huber(delta: 2)))" == "huber(delta: 2.0)")
    #expect("\(Initializer<Float>.heNormal), \(Initializer<Float>.constant(2))" == "HeNormal, Constant(value: 2.0)")
    #expect("\(Regularizer<Float>.l1l2(l2: 0.1))" == "L1L2(l2: 0.1)")
    #expect("\(Constraint<Float>.maxNorm(axis: .all))" == "MaxNorm(axis: nil)")
    #expect("\(Dense<Float>(2, kernelConstraint: .maxNorm(3)))" == "Dense(2, kernelConstraint: MaxNorm(maximum: 3.0))")
  }

  @Test func `a literal that needs parameters stops the program`() async {
    await expectMessage(
      "MeanIoU: classes is 0; allowed: integers from 1 to",
      of: #expect(processExitsWith: .failure, observing: standardError) { let _: Metric<Float> = "MeanIoU" })
  }
}
