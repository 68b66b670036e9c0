// p is the prediction, y the target, and the mean or sum goes over the last axis.

// MARK: Regression

extension Loss {
  /// mean (p - y)²
  public static var meanSquaredError: Self { Self(.squaredError) }

  /// mean |p - y|; the slope at 0 is 0.
  public static var meanAbsoluteError: Self { Self(.absoluteError) }

  /// 100 mean (|p - y| / max(|y|, 1e-7))
  public static var meanAbsolutePercentageError: Self { Self(.absolutePercentageError) }

  /// mean (log(1 + max(p, 1e-7)) - log(1 + max(y, 1e-7)))²
  public static var meanSquaredLogarithmicError: Self { Self(.squaredLogarithmicError) }

  /// Quadratic near the target, linear further away; see ``huber(delta:)``.
  public static var huber: Self { Self(.huber(HuberLoss())) }
  /// mean of e²/2 for |e| ≤ delta, else of delta |e| - delta²/2, where e = p - y.
  /// - Parameter delta: a finite number above 0.
  /// - Reference: Huber, Annals of Mathematical Statistics 35, 1964.
  public static func huber(delta: Double) -> Self { Self(checked: .huber(HuberLoss(delta: delta))) }

  /// mean log cosh(p - y), which keeps its digits for small errors and does not overflow for large ones.
  public static var logCosh: Self { Self(.logCosh) }

  /// -Σ p y / (|p| |y|), each norm at least 1e-7: -1 for the same direction. Never outside -1...1, whatever the magnitudes.
  public static var cosineSimilarity: Self { Self(.cosineSimilarity) }
}

// MARK: Margins

extension Loss {
  /// mean max(1 - y p, 0); targets are -1 and 1, or 0 and 1, which then count as -1 and 1.
  public static var hinge: Self { Self(.hinge) }

  /// mean max(1 - y p, 0)²; targets as those of ``hinge``.
  public static var squaredHinge: Self { Self(.squaredHinge) }

  /// max(max (1 - y) p - Σ y p + 1, 0); targets are 0 and 1.
  public static var categoricalHinge: Self { Self(.categoricalHinge) }
}

// MARK: Distributions

extension Loss {
  /// Σ y log(y / p), both clipped to 1e-7...1.
  public static var klDivergence: Self { Self(.klDivergence) }

  /// mean p - y log(p + 1e-7)
  public static var poisson: Self { Self(.poisson) }

  /// The crossentropy that suits the shapes: binary where the prediction's last axis has length 1, sparse where targets are
  /// class numbers, else categorical; see ``resolved(prediction:target:)``.
  public static var crossentropy: Self { Self(.crossentropy) }

  /// Binary crossentropy of probabilities; see ``binaryCrossentropy(fromLogits:labelSmoothing:)``.
  public static var binaryCrossentropy: Self { Self(.binaryCrossentropy(CrossentropyLoss())) }
  /// -mean (y log p + (1 - y) log(1 - p)), p clipped to 1e-7...1 - 1e-7.
  /// - Parameter fromLogits: whether predictions are x and p = sigmoid(x). Then nothing is clipped, and loss and gradient keep
  ///   their digits for every x.
  /// - Parameter labelSmoothing: 0...1, the part s of y (1 - s) + s/2 that the labels become.
  public static func binaryCrossentropy(fromLogits: Bool = false, labelSmoothing: Double = 0) -> Self {
    Self(checked: .binaryCrossentropy(CrossentropyLoss(fromLogits: fromLogits, labelSmoothing: labelSmoothing)))
  }

  /// Crossentropy of probabilities; see ``categoricalCrossentropy(fromLogits:labelSmoothing:)``.
  public static var categoricalCrossentropy: Self { Self(.categoricalCrossentropy(CrossentropyLoss())) }
  /// -Σ y log p, p divided by its sum and clipped to 1e-7...1 - 1e-7. Where the sum is 0, all probabilities count as 1e-7.
  /// - Parameter fromLogits: whether predictions are x and p = softmax(x). Then nothing is clipped, and loss and gradient keep
  ///   their digits for every x.
  /// - Parameter labelSmoothing: 0...1, the part s of y (1 - s) + s / classes that the targets become.
  public static func categoricalCrossentropy(fromLogits: Bool = false, labelSmoothing: Double = 0) -> Self {
    Self(checked: .categoricalCrossentropy(CrossentropyLoss(fromLogits: fromLogits, labelSmoothing: labelSmoothing)))
  }

  /// Crossentropy of class numbers; see ``sparseCategoricalCrossentropy(fromLogits:ignoredClass:)``.
  public static var sparseCategoricalCrossentropy: Self {
    Self(.sparseCategoricalCrossentropy(ClassCrossentropyLoss()))
  }
  /// As ``categoricalCrossentropy(fromLogits:labelSmoothing:)``, of class numbers [batch, …] or [batch, …, 1] for
  /// predictions [batch, …, classes].
  /// - Parameter fromLogits: whether predictions are logits; else probabilities.
  /// - Parameter ignoredClass: rows with this label count as 0, and not for the mean.
  public static func sparseCategoricalCrossentropy(fromLogits: Bool = false, ignoredClass: Int? = nil) -> Self {
    Self(
      checked: .sparseCategoricalCrossentropy(
        ClassCrossentropyLoss(fromLogits: fromLogits, ignoredClass: ignoredClass)))
  }

  /// Binary crossentropy times (1 - the probability of the right answer)^gamma, which lets what is learnt count less.
  /// - Parameters:
  ///   - applyClassBalancing: whether ones count alpha times and zeros 1 - alpha times.
  ///   - alpha: 0...1
  ///   - gamma: a finite number from 0 on.
  ///   - fromLogits: whether predictions are x and p = sigmoid(x).
  ///   - labelSmoothing: 0...1
  /// - Reference: Lin, Goyal, Girshick, He, Dollár, arXiv:1708.02002.
  public static func binaryFocalCrossentropy(
    applyClassBalancing: Bool = false, alpha: Double = 0.25, gamma: Double = 2, fromLogits: Bool = false,
    labelSmoothing: Double = 0
  ) -> Self {
    let focus = FocalLoss(alpha: alpha, gamma: gamma, fromLogits: fromLogits, labelSmoothing: labelSmoothing)
    return Self(
      checked: .binaryFocalCrossentropy(BinaryFocalLoss(applyClassBalancing: applyClassBalancing, focus: focus)))
  }

  /// -alpha Σ (1 - p)^gamma y log p; see
  /// ``binaryFocalCrossentropy(applyClassBalancing:alpha:gamma:fromLogits:labelSmoothing:)``.
  public static func categoricalFocalCrossentropy(
    alpha: Double = 0.25, gamma: Double = 2, fromLogits: Bool = false, labelSmoothing: Double = 0
  ) -> Self {
    Self(
      checked: .categoricalFocalCrossentropy(
        FocalLoss(alpha: alpha, gamma: gamma, fromLogits: fromLogits, labelSmoothing: labelSmoothing)))
  }

  /// (1 - p^q) / q, p being the probability of the class number: between absolute error (q near 1) and crossentropy (q near
  /// 0), for labels of which some are wrong. Below 1e-7, where the slope grows without bounds, it is the one at 1e-7.
  /// - Parameter q: a number above 0 and below 1.
  /// - Reference: Zhang, Sabuncu, arXiv:1805.07836.
  public static func categoricalGeneralizedCrossEntropy(q: Double = 0.5) -> Self {
    Self(checked: .generalizedCrossentropy(GeneralizedCrossentropyLoss(q: q)))
  }
}

// MARK: Overlaps

extension Loss {
  /// 1 - 2 Σ p y / (Σ p + Σ y + 1e-7) over the whole batch; see ``dice(axis:)``.
  public static var dice: Self { Self(.dice(DiceLoss())) }
  /// 1 - 2 Σ p y / (Σ p + Σ y + 1e-7), summed over the given axes; `.all`: the batch's too.
  public static func dice(axis: some Axes) -> Self { Self(.dice(DiceLoss(axes: axis.list))) }

  /// 1 - i / (i + alpha Σ (1 - p) y + beta Σ p (1 - y) + 1e-7), i being Σ p y. With alpha and beta of 1/2 that is ``dice``.
  /// - Parameters:
  ///   - alpha: a finite number from 0 on.
  ///   - beta: a finite number from 0 on.
  ///   - axis: the axes that are summed over; `.all`: the batch's too.
  /// - Reference: Salehi, Erdogmus, Gholipour, arXiv:1706.05721.
  public static func tversky(alpha: Double = 0.5, beta: Double = 0.5, axis: some Axes = .all) -> Self {
    Self(checked: .tversky(TverskyLoss(alpha: alpha, beta: beta, axes: axis.list)))
  }
}

// MARK: Sequences and distances

extension Loss {
  /// Connectionist temporal classification: the logarithm, negated, of the probability that the steps of a sample spell its label, with
  /// blanks between and repetitions within its letters.
  ///
  /// Predictions are logits [batch, steps, classes], of which the class 0 is the blank; targets are [batch, letters], class numbers from
  /// 1 on, with zeros behind labels that are shorter. A label that takes more steps than there are is an error.
  /// - Complexity: O(batch · steps · (classes + letters)), in double.
  /// - Reference: Graves, Fernández, Gomez, Schmidhuber, "Connectionist temporal classification", ICML 2006.
  public static var ctc: Self { Self(.ctc) }

  /// Circle loss of embeddings; see ``circle(gamma:margin:removeDiagonal:)``.
  public static var circle: Self { Self(.circle(CircleLoss())) }
  /// Circle loss: rows of one class are drawn together, others are kept apart, those that are furthest from where they should be most.
  ///
  /// Predictions are embeddings [batch, features] of length 1, as ``UnitNormalization`` makes them; targets are class numbers [batch] or
  /// [batch, 1]. Rows whose loss is 0, those without another of their class among them, do not count for the mean.
  /// - Parameter gamma: above 0; the scale of the loss.
  /// - Parameter margin: how near rows of one class are to be.
  /// - Parameter removeDiagonal: whether a row is not compared with itself.
  /// - Complexity: O(batch² · features), in double.
  /// - Reference: Sun et al., arXiv:2002.10857.
  public static func circle(gamma: Double = 80, margin: Double = 0.4, removeDiagonal: Bool = true) -> Self {
    Self(checked: .circle(CircleLoss(gamma: gamma, margin: margin, removeDiagonal: removeDiagonal)))
  }
}

extension Loss {
  /// For source code: parameters that are not allowed stop the program.
  private init(checked rule: Rule) { self.init(rule.checked(largestNumber: Scalar.largestNumber)) }
}
