public import Tensor

// MARK: Accuracy

extension Metric {
  /// The fraction of right predictions, determined by the shapes: binary if the prediction's last axis has length 1,
  /// sparse categorical if targets are class numbers, and categorical otherwise.
  public static var accuracy: Self { Self(.mean(.accuracy)) }

  /// The fraction of equal elements: Keras's class Accuracy.
  public static var equality: Self { Self(.mean(.equality)) }

  /// The fraction of elements on the target's side of 0.5; see ``binaryAccuracy(threshold:)``.
  public static var binaryAccuracy: Self { .binaryAccuracy() }
  /// The fraction of elements on the target's side of a threshold: above it if the target is 1.
  public static func binaryAccuracy(threshold: Double = 0.5) -> Self {
    .init(checked: .mean(.binaryAccuracy(BinaryAccuracy(threshold: threshold))))
  }

  /// The fraction of rows whose largest element is at the position of the target row's largest element.
  public static var categoricalAccuracy: Self { Self(.mean(.categoricalAccuracy)) }

  /// The fraction of rows whose largest element is that of the target's class.
  public static var sparseCategoricalAccuracy: Self { Self(.mean(.sparseCategoricalAccuracy)) }

  /// The fraction of rows in which fewer than k elements exceed the one at the target row's largest element.
  /// - Parameter k: a number of at least 1.
  public static func topKCategoricalAccuracy(k: Int = 5) -> Self {
    .init(checked: .mean(.topK(TopK(k: k))))
  }

  /// The fraction of rows in which fewer than k elements exceed that of the target's class.
  /// - Parameter k: a number of at least 1.
  public static func sparseTopKCategoricalAccuracy(k: Int = 5) -> Self {
    .init(checked: .mean(.sparseTopK(TopK(k: k))))
  }
}

// MARK: Means

extension Metric {
  /// The mean of a loss over all values, whatever its reduction.
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
  /// The correlation of predictions and targets along the last axis, independent of their means and magnitudes: -1 to
  /// 1; NaN for a row that does not vary.
  public static var pearsonCorrelation: Self { Self(.mean(.pearsonCorrelation)) }
  /// The agreement of predictions and targets along the last axis: -1 to 1. Source: Lin, Biometrics 45, 1989.
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

  /// The mean of the predictions; targets are ignored.
  public static var mean: Self { Self(.mean(.predictions)) }
  /// The sum of the predictions; targets are ignored.
  public static var sum: Self { Self(.sum) }

  /// The mean of a custom value per sample: [batch], or [batch, …].
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
  /// The number of predictions above the threshold that are right. Targets are true if they are not 0.
  /// - Parameter thresholds: thresholds in 0...1; each has a result.
  public static func truePositives(thresholds: [Double] = [0.5]) -> Self { count(.truePositives, thresholds) }
  /// The number of predictions not above the threshold that are right; see ``truePositives(thresholds:)``.
  public static func trueNegatives(thresholds: [Double] = [0.5]) -> Self { count(.trueNegatives, thresholds) }
  /// The number of predictions above the threshold that are wrong; see ``truePositives(thresholds:)``.
  public static func falsePositives(thresholds: [Double] = [0.5]) -> Self { count(.falsePositives, thresholds) }
  /// The number of predictions not above the threshold that are wrong; see ``truePositives(thresholds:)``.
  public static func falseNegatives(thresholds: [Double] = [0.5]) -> Self { count(.falseNegatives, thresholds) }

  /// The fraction of positive predictions that are right; see ``precision(thresholds:topK:classID:)``.
  public static var precision: Self { .precision() }
  /// The fraction of positive predictions that are right.
  /// - Parameters:
  ///   - thresholds: thresholds in 0...1 that positive predictions exceed; each has a result. By default 0.5, or none
  ///     with `topK`.
  ///   - topK: the number of largest elements of a row that may be positive.
  ///   - classID: the only column that counts.
  public static func precision(thresholds: [Double]? = nil, topK: Int? = nil, classID: Int? = nil) -> Self {
    .init(checked: .precision(Detection(thresholds: thresholds, topK: topK, classID: classID)))
  }

  /// The fraction of true elements that are predicted; see ``recall(thresholds:topK:classID:)``.
  public static var recall: Self { .recall() }
  /// The fraction of true elements that are predicted. For the parameters, see ``precision(thresholds:topK:classID:)``.
  public static func recall(thresholds: [Double]? = nil, topK: Int? = nil, classID: Int? = nil) -> Self {
    .init(checked: .recall(Detection(thresholds: thresholds, topK: topK, classID: classID)))
  }

  /// The harmonic mean of precision and recall; see ``fBetaScore(beta:average:threshold:)``.
  public static func f1Score(average: ClassAverage? = nil, threshold: Double? = nil) -> Self {
    .init(checked: .f1(F1Score(average: average, threshold: threshold)))
  }
  /// (1 + beta²) precision · recall / (beta² precision + recall), for predictions and targets [batch, classes].
  /// - Parameters:
  ///   - beta: the weight of recall relative to precision; above 0.
  ///   - average: determines how the scores of classes are combined; `nil` for a result per class.
  ///   - threshold: the threshold in 0...1 that positive predictions exceed; `nil` for the largest element of each row.
  public static func fBetaScore(beta: Double, average: ClassAverage? = nil, threshold: Double? = nil) -> Self {
    .init(checked: .fBeta(FBetaScore(beta: beta, average: average, threshold: threshold)))
  }

  /// The area under the curve of true against false positives; see ``areaUnderCurve(_:thresholds:summation:fromLogits:)``.
  public static var areaUnderCurve: Self { .areaUnderCurve() }
  /// The area under a detection curve.
  /// - Parameter curve: the curve.
  /// - Parameters:
  ///   - thresholds: the number of equally spaced thresholds in 0...1, from 2 to 16,777,216.
  ///   - summation: determines the area between two thresholds.
  ///   - fromLogits: whether the sigmoid is applied to predictions first.
  public static func areaUnderCurve(
    _ curve: DetectionCurve = .roc, thresholds: Int = 200, summation: CurveSummation = .interpolation,
    fromLogits: Bool = false
  ) -> Self {
    .init(
      checked: .areaUnderCurve(
        AreaUnderCurve(curve: curve, thresholds: thresholds, summation: summation, fromLogits: fromLogits)))
  }

  /// The best precision at the thresholds at which recall reaches a minimum.
  /// - Parameter recall: the minimum, in 0...1.
  /// - Parameter thresholds: the number of equally spaced thresholds in 0...1; 1 means 0.5 only.
  /// - Parameter classID: the only column that counts.
  public static func precisionAtRecall(_ recall: Double, thresholds: Int = 200, classID: Int? = nil) -> Self {
    constrained(.precisionAtRecall, recall, thresholds, classID)
  }

  /// The best recall at the thresholds at which precision reaches a minimum.
  /// - Parameter precision: the minimum, in 0...1.
  /// - Parameter thresholds: the number of equally spaced thresholds in 0...1; 1 means 0.5 only.
  /// - Parameter classID: the only column that counts.
  public static func recallAtPrecision(_ precision: Double, thresholds: Int = 200, classID: Int? = nil) -> Self {
    constrained(.recallAtPrecision, precision, thresholds, classID)
  }

  /// The best sensitivity, which is recall, at the thresholds at which specificity, the fraction of false elements that
  /// are not predicted, reaches a minimum.
  /// - Parameter specificity: the minimum, in 0...1.
  /// - Parameter thresholds: the number of equally spaced thresholds in 0...1; 1 means 0.5 only.
  /// - Parameter classID: the only column that counts.
  public static func sensitivityAtSpecificity(
    _ specificity: Double, thresholds: Int = 200, classID: Int? = nil
  ) -> Self {
    constrained(.sensitivityAtSpecificity, specificity, thresholds, classID)
  }

  /// The best specificity at the thresholds at which sensitivity reaches a minimum; see
  /// ``sensitivityAtSpecificity(_:thresholds:classID:)``.
  /// - Parameter sensitivity: the minimum, in 0...1.
  /// - Parameter thresholds: the number of equally spaced thresholds in 0...1; 1 means 0.5 only.
  /// - Parameter classID: the only column that counts.
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
  /// 1 - squared errors / squared deviations of the targets from their mean, for [batch, outputs].
  /// - Parameters:
  ///   - average: determines how the scores of outputs are combined; `nil` for a result per output.
  ///   - regressors: the number of regressors for which the score is adjusted; 0 for none.
  public static func r2Score(average: OutputAverage? = .uniform, regressors: Int = 0) -> Self {
    .init(checked: .r2(Determination(average: average, regressors: regressors)))
  }

  /// The mean over classes of the intersection of targets and predictions divided by their union.
  /// - Parameters:
  ///   - classes: the number of classes, at least 1, such that a matrix of classes by classes fits in memory; elements
  ///     of other classes are ignored.
  ///   - ignoredClass: the class whose targets are ignored.
  ///   - hasSparsePredictions: whether predictions are class numbers, rather than rows whose largest element is the class.
  public static func meanIoU(
    classes: Int, ignoredClass: Int? = nil, hasSparsePredictions: Bool = false
  ) -> Self {
    overlap(.meanIoU, classes, [], ignoredClass, hasSparsePredictions)
  }

  /// The mean overlap of some classes; see ``meanIoU(classes:ignoredClass:hasSparsePredictions:)``.
  /// - Parameters:
  ///   - classes: the number of classes.
  ///   - chosen: the classes whose overlap counts.
  ///   - ignoredClass: the class whose targets are ignored; none by default.
  ///   - hasSparsePredictions: whether predictions are class numbers, rather than rows whose largest element is the class.
  public static func iou(
    classes: Int, chosen: [Int], ignoredClass: Int? = nil, hasSparsePredictions: Bool = true
  ) -> Self {
    overlap(.iou, classes, chosen, ignoredClass, hasSparsePredictions)
  }

  /// The mean overlap of some classes, for targets that are rows whose largest element is the class; see
  /// ``iou(classes:chosen:ignoredClass:hasSparsePredictions:)``.
  public static func oneHotIoU(
    classes: Int, chosen: [Int], ignoredClass: Int? = nil, hasSparsePredictions: Bool = false
  ) -> Self {
    overlap(.oneHotIoU, classes, chosen, ignoredClass, hasSparsePredictions)
  }

  /// The mean overlap of the classes 0 and 1, or of one of them. Targets are 0 and 1.
  /// - Parameter chosen: 0, 1 or both.
  /// - Parameter threshold: the least prediction of class 1.
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

  /// For source code: invalid parameters stop the program.
  private init(checked rule: Rule) { self.init(rule.checked(largestNumber: Scalar.largestNumber)) }
}
