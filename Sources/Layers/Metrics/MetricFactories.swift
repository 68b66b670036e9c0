public import Tensor

// MARK: Accuracy

extension Metric {
  /// How many predictions are right, as suits the shapes: binary where the prediction's last axis has length 1, sparse
  /// categorical where targets are class numbers, else categorical.
  public static var accuracy: Self { Self(.mean(.accuracy)) }

  /// How many elements are equal: what Keras's class Accuracy is.
  public static var equality: Self { Self(.mean(.equality)) }

  /// How many elements are on the target's side of 0.5; see ``binaryAccuracy(threshold:)``.
  public static var binaryAccuracy: Self { .binaryAccuracy() }
  /// How many elements are on the target's side of a threshold: larger than it where the target is 1.
  public static func binaryAccuracy(threshold: Double = 0.5) -> Self {
    .init(checked: .mean(.binaryAccuracy(BinaryAccuracy(threshold: threshold))))
  }

  /// How many rows have their largest element where the target's row has it.
  public static var categoricalAccuracy: Self { Self(.mean(.categoricalAccuracy)) }

  /// How many rows have their largest element at the target's class.
  public static var sparseCategoricalAccuracy: Self { Self(.mean(.sparseCategoricalAccuracy)) }

  /// How many rows have fewer than k elements that are larger than the one where the target's row has its largest.
  /// - Parameter k: from 1 on.
  public static func topKCategoricalAccuracy(k: Int = 5) -> Self {
    .init(checked: .mean(.topK(TopK(k: k))))
  }

  /// How many rows have fewer than k elements that are larger than the one of the target's class.
  /// - Parameter k: from 1 on.
  public static func sparseTopKCategoricalAccuracy(k: Int = 5) -> Self {
    .init(checked: .mean(.sparseTopK(TopK(k: k))))
  }
}

// MARK: Means

extension Metric {
  /// The mean of a loss over all values, whatever its reduction is.
  public static func mean(of loss: Loss<Scalar>) -> Self { Self(.mean(.loss(loss))) }

  /// The mean of ``Loss/meanSquaredError``.
  public static var meanSquaredError: Self { .mean(of: .meanSquaredError) }
  /// The root of the mean of all squared errors.
  public static var rootMeanSquaredError: Self { Self(.mean(.rootMeanSquaredError)) }
  /// The mean of ``Loss/meanAbsoluteError``.
  public static var meanAbsoluteError: Self { .mean(of: .meanAbsoluteError) }
  /// The mean of ``Loss/meanAbsolutePercentageError``.
  public static var meanAbsolutePercentageError: Self { .mean(of: .meanAbsolutePercentageError) }
  /// The mean of ``Loss/meanSquaredLogarithmicError``.
  public static var meanSquaredLogarithmicError: Self { .mean(of: .meanSquaredLogarithmicError) }
  /// The mean of ``Loss/logCosh``.
  public static var logCosh: Self { .mean(of: .logCosh) }
  /// 1 for the same direction, -1 for the opposite one: the loss has the other sign.
  public static var cosineSimilarity: Self { Self(.mean(.cosineSimilarity)) }
  /// How much predictions and targets vary together along the last axis, whatever their means and magnitudes: -1 to 1; NaN for a row
  /// that does not vary.
  public static var pearsonCorrelation: Self { Self(.mean(.pearsonCorrelation)) }
  /// How far predictions are targets, along the last axis: -1 to 1. Source: Lin, Biometrics 45, 1989.
  public static var concordanceCorrelation: Self { Self(.mean(.concordanceCorrelation)) }
  /// The mean of ``Loss/hinge``.
  public static var hinge: Self { .mean(of: .hinge) }
  /// The mean of ``Loss/squaredHinge``.
  public static var squaredHinge: Self { .mean(of: .squaredHinge) }
  /// The mean of ``Loss/categoricalHinge``.
  public static var categoricalHinge: Self { .mean(of: .categoricalHinge) }
  /// The mean of ``Loss/klDivergence``.
  public static var klDivergence: Self { .mean(of: .klDivergence) }
  /// The mean of ``Loss/poisson``.
  public static var poisson: Self { .mean(of: .poisson) }
  /// The mean of ``Loss/binaryCrossentropy``.
  public static var binaryCrossentropy: Self { .mean(of: .binaryCrossentropy) }
  /// The mean of ``Loss/categoricalCrossentropy``.
  public static var categoricalCrossentropy: Self { .mean(of: .categoricalCrossentropy) }
  /// The mean of ``Loss/sparseCategoricalCrossentropy``.
  public static var sparseCategoricalCrossentropy: Self { .mean(of: .sparseCategoricalCrossentropy) }

  /// The mean of the predictions; targets are not looked at.
  public static var mean: Self { Self(.mean(.predictions)) }
  /// The sum of the predictions; targets are not looked at.
  public static var sum: Self { Self(.sum) }

  /// The mean of a value of one's own per sample: [batch], or [batch, …].
  ///
  /// ```swift
  /// let metric: Metric<Float> = .custom("largest error") { prediction, target in
  ///   (prediction - target).absolute().max(axis: -1)
  /// }
  /// ```
  public static func custom(
    _ name: String,
    _ perSample: @escaping @Sendable (_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) throws -> Tensor<Scalar>
  ) -> Self {
    .mean(of: .custom(name, perSample))
  }
}

// MARK: Detection

extension Metric {
  /// How many predictions larger than the threshold are right. Targets are true where they are not 0.
  /// - Parameter thresholds: 0...1; each has a result.
  public static func truePositives(thresholds: [Double] = [0.5]) -> Self { count(.truePositives, thresholds) }
  /// How many predictions not larger than the threshold are right; see ``truePositives(thresholds:)``.
  public static func trueNegatives(thresholds: [Double] = [0.5]) -> Self { count(.trueNegatives, thresholds) }
  /// How many predictions larger than the threshold are wrong; see ``truePositives(thresholds:)``.
  public static func falsePositives(thresholds: [Double] = [0.5]) -> Self { count(.falsePositives, thresholds) }
  /// How many predictions not larger than the threshold are wrong; see ``truePositives(thresholds:)``.
  public static func falseNegatives(thresholds: [Double] = [0.5]) -> Self { count(.falseNegatives, thresholds) }

  /// The part of the positive predictions that is right; see ``precision(thresholds:topK:classID:)``.
  public static var precision: Self { .precision() }
  /// The part of the positive predictions that is right.
  /// - Parameters:
  ///   - thresholds: 0...1, what a positive prediction is larger than; each has a result. By default 0.5, or none with topK.
  ///   - topK: only the so many largest of a row are positive.
  ///   - classID: only this column counts.
  public static func precision(thresholds: [Double]? = nil, topK: Int? = nil, classID: Int? = nil) -> Self {
    .init(checked: .precision(Detection(thresholds: thresholds, topK: topK, classID: classID)))
  }

  /// The part of the true elements that is predicted; see ``recall(thresholds:topK:classID:)``.
  public static var recall: Self { .recall() }
  /// The part of the true elements that is predicted; for parameters see ``precision(thresholds:topK:classID:)``.
  public static func recall(thresholds: [Double]? = nil, topK: Int? = nil, classID: Int? = nil) -> Self {
    .init(checked: .recall(Detection(thresholds: thresholds, topK: topK, classID: classID)))
  }

  /// The harmonic mean of precision and recall; see ``fBetaScore(beta:average:threshold:)``.
  public static func f1Score(average: ClassAverage? = nil, threshold: Double? = nil) -> Self {
    .init(checked: .f1(F1Score(average: average, threshold: threshold)))
  }
  /// (1 + beta²) precision · recall / (beta² precision + recall), of predictions and targets [batch, classes].
  /// - Parameters:
  ///   - beta: above 0; how many times recall counts for precision.
  ///   - average: how the scores of classes become one; nil: each is a result.
  ///   - threshold: 0...1, what a positive prediction is larger than; nil: the largest of each row.
  public static func fBetaScore(beta: Double, average: ClassAverage? = nil, threshold: Double? = nil) -> Self {
    .init(checked: .fBeta(FBetaScore(beta: beta, average: average, threshold: threshold)))
  }

  /// The area under the curve of true against false positives; see ``areaUnderCurve(_:thresholds:summation:fromLogits:)``.
  public static var areaUnderCurve: Self { .areaUnderCurve() }
  /// The area under a curve of detection.
  /// - Parameter curve: which one the area lies under.
  /// - Parameters:
  ///   - thresholds: 2 to 16,777,216; the curve is that of thresholds at equal distances in 0...1.
  ///   - summation: how the area between two of them is taken.
  ///   - fromLogits: whether predictions go through the sigmoid first.
  public static func areaUnderCurve(
    _ curve: DetectionCurve = .roc, thresholds: Int = 200, summation: CurveSummation = .interpolation,
    fromLogits: Bool = false
  ) -> Self {
    .init(
      checked: .areaUnderCurve(
        AreaUnderCurve(curve: curve, thresholds: thresholds, summation: summation, fromLogits: fromLogits)))
  }

  /// The best precision at the thresholds at which recall is good enough.
  /// - Parameter recall: 0...1, the least.
  /// - Parameter thresholds: how many, at equal distances in 0...1; 1: 0.5 alone.
  /// - Parameter classID: only this column counts.
  public static func precisionAtRecall(_ recall: Double, thresholds: Int = 200, classID: Int? = nil) -> Self {
    constrained(.precisionAtRecall, recall, thresholds, classID)
  }

  /// The best recall at the thresholds at which precision is good enough.
  /// - Parameter precision: 0...1, the least.
  /// - Parameter thresholds: how many, at equal distances in 0...1; 1: 0.5 alone.
  /// - Parameter classID: only this column counts.
  public static func recallAtPrecision(_ precision: Double, thresholds: Int = 200, classID: Int? = nil) -> Self {
    constrained(.recallAtPrecision, precision, thresholds, classID)
  }

  /// The best sensitivity, which is recall, at the thresholds at which specificity, the part of the false elements that is not predicted, is
  /// good enough.
  /// - Parameter specificity: 0...1, the least.
  /// - Parameter thresholds: how many, at equal distances in 0...1; 1: 0.5 alone.
  /// - Parameter classID: only this column counts.
  public static func sensitivityAtSpecificity(
    _ specificity: Double, thresholds: Int = 200, classID: Int? = nil
  ) -> Self {
    constrained(.sensitivityAtSpecificity, specificity, thresholds, classID)
  }

  /// The best specificity at the thresholds at which sensitivity is good enough;
  /// see ``sensitivityAtSpecificity(_:thresholds:classID:)``.
  /// - Parameter sensitivity: 0...1, the least.
  /// - Parameter thresholds: how many, at equal distances in 0...1; 1: 0.5 alone.
  /// - Parameter classID: only this column counts.
  public static func specificityAtSensitivity(
    _ sensitivity: Double, thresholds: Int = 200, classID: Int? = nil
  ) -> Self {
    constrained(.specificityAtSensitivity, sensitivity, thresholds, classID)
  }

  private static func constrained(
    _ kind: ConstrainedScore.Kind, _ least: Double, _ thresholds: Int, _ classID: Int?
  ) -> Self {
    var score = ConstrainedScore(kind, least: least)
    (score.thresholds, score.classID) = (thresholds, classID)
    return .init(checked: .constrained(score))
  }

  private static func count(_ count: ConfusionCount, _ thresholds: [Double]) -> Self {
    .init(checked: .count(ConfusionCounter(count, thresholds: thresholds)))
  }
}

// MARK: Determination and overlap

extension Metric {
  /// 1 - squared errors / squared deviations of the targets from their mean; see ``r2Score(average:regressors:)``.
  public static var r2Score: Self { .r2Score() }
  /// 1 - squared errors / squared deviations of the targets from their mean, of [batch, outputs].
  /// - Parameters:
  ///   - average: how the scores of outputs become one; nil: each is a result.
  ///   - regressors: how many the score is adjusted for; 0: none.
  public static func r2Score(average: OutputAverage? = .uniform, regressors: Int = 0) -> Self {
    .init(checked: .r2(Determination(average: average, regressors: regressors)))
  }

  /// The mean over classes of what targets and predictions have in common beside what one of them has.
  /// - Parameters:
  ///   - classes: 1 or more, so many that a matrix of classes by classes fits into memory; elements with another one do not count.
  ///   - ignoredClass: targets of this class do not count.
  ///   - hasSparsePredictions: whether predictions are class numbers, and not rows whose largest element stands for one.
  public static func meanIoU(
    classes: Int, ignoredClass: Int? = nil, hasSparsePredictions: Bool = false
  ) -> Self {
    overlap(.meanIoU, classes, [], ignoredClass, hasSparsePredictions)
  }

  /// The mean overlap of some classes; see ``meanIoU(classes:ignoredClass:hasSparsePredictions:)``.
  /// - Parameters:
  ///   - classes: how many there are.
  ///   - chosen: those whose overlap counts.
  ///   - ignoredClass: one whose targets count nothing; none by default.
  ///   - hasSparsePredictions: whether predictions are class numbers, and not rows whose largest element stands for one.
  public static func iou(
    classes: Int, chosen: [Int], ignoredClass: Int? = nil, hasSparsePredictions: Bool = true
  ) -> Self {
    overlap(.iou, classes, chosen, ignoredClass, hasSparsePredictions)
  }

  /// The mean overlap of some classes, of targets that are rows whose largest element stands for a class;
  /// see ``iou(classes:chosen:ignoredClass:hasSparsePredictions:)``.
  public static func oneHotIoU(
    classes: Int, chosen: [Int], ignoredClass: Int? = nil, hasSparsePredictions: Bool = false
  ) -> Self {
    overlap(.oneHotIoU, classes, chosen, ignoredClass, hasSparsePredictions)
  }

  /// The mean overlap of the classes 0 and 1, or of one of them. Targets are 0 and 1.
  /// - Parameter chosen: 0, 1 or both.
  /// - Parameter threshold: from where on a prediction is of class 1.
  public static func binaryIoU(chosen: [Int] = [0, 1], threshold: Double = 0.5) -> Self {
    .init(checked: .binaryOverlap(BinaryOverlap(chosen: chosen, threshold: threshold)))
  }

  private static func overlap(
    _ kind: Overlap.Kind, _ classes: Int, _ chosen: [Int], _ ignoredClass: Int?, _ hasSparsePredictions: Bool
  ) -> Self {
    var overlap = Overlap(kind, classes: classes)
    (overlap.chosen, overlap.ignoredClass) = (chosen, ignoredClass)
    overlap.hasSparsePredictions = hasSparsePredictions
    return .init(checked: .overlap(overlap))
  }

  /// For source code: parameters that are not allowed stop the program.
  private init(checked rule: Rule) { self.init(rule.checked(largestNumber: Scalar.largestNumber)) }
}
