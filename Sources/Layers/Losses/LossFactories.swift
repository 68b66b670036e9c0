// p is the prediction and y the target; means and sums are along the last axis.

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

  /// Quadratic near the target, linear farther away; see ``huber(delta:)``.
  public static var huber: Self { Self(.huber(HuberLoss())) }
  /// The mean of e²/2 for |e| ≤ delta and of delta |e| - delta²/2 otherwise, where e = p - y.
  /// - Parameter delta: a finite number above 0.
  /// - Reference: Huber, Annals of Mathematical Statistics 35, 1964.
  public static func huber(delta: Double) -> Self { Self(checked: .huber(HuberLoss(delta: delta))) }

  /// mean log cosh(p - y), which is accurate for small errors and does not overflow for large ones.
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

  /// The crossentropy that matches the shapes: binary if the prediction's last axis has length 1, sparse if targets are
  /// class numbers, and categorical otherwise; see ``resolved(prediction:target:)``.
  public static var crossentropy: Self { Self(.crossentropy) }

  /// Binary crossentropy of probabilities; see ``binaryCrossentropy(fromLogits:labelSmoothing:)``.
  public static var binaryCrossentropy: Self { Self(.binaryCrossentropy(CrossentropyLoss())) }
  /// -mean (y log p + (1 - y) log(1 - p)), p clipped to 1e-7...1 - 1e-7.
  /// - Parameter fromLogits: whether predictions are x and p = sigmoid(x). Then nothing is clipped, and loss and gradient keep
  ///   their digits for every x.
  /// - Parameter labelSmoothing: the fraction s in 0...1; labels become y (1 - s) + s/2.
  public static func binaryCrossentropy(fromLogits: Bool = false, labelSmoothing: Double = 0) -> Self {
    Self(checked: .binaryCrossentropy(CrossentropyLoss(fromLogits: fromLogits, labelSmoothing: labelSmoothing)))
  }

  /// Crossentropy of probabilities; see ``categoricalCrossentropy(fromLogits:labelSmoothing:)``.
  public static var categoricalCrossentropy: Self { Self(.categoricalCrossentropy(CrossentropyLoss())) }
  /// -Σ y log p, with p divided by its sum and clipped to 1e-7...1 - 1e-7. If the sum is 0, all probabilities count as
  /// 1e-7.
  /// - Parameter fromLogits: whether predictions are x and p = softmax(x). Then nothing is clipped, and loss and gradient keep
  ///   their digits for every x.
  /// - Parameter labelSmoothing: the fraction s in 0...1; targets become y (1 - s) + s / classes.
  public static func categoricalCrossentropy(fromLogits: Bool = false, labelSmoothing: Double = 0) -> Self {
    Self(checked: .categoricalCrossentropy(CrossentropyLoss(fromLogits: fromLogits, labelSmoothing: labelSmoothing)))
  }

  /// Crossentropy of class numbers; see ``sparseCategoricalCrossentropy(fromLogits:ignoredClass:)``.
  public static var sparseCategoricalCrossentropy: Self {
    Self(.sparseCategoricalCrossentropy(ClassCrossentropyLoss()))
  }
  /// ``categoricalCrossentropy(fromLogits:labelSmoothing:)`` of class numbers [batch, …] or [batch, …, 1] for
  /// predictions [batch, …, classes].
  /// - Parameter fromLogits: whether predictions are logits rather than probabilities.
  /// - Parameter ignoredClass: the label of rows whose value is 0 and which the mean ignores.
  public static func sparseCategoricalCrossentropy(fromLogits: Bool = false, ignoredClass: Int? = nil) -> Self {
    Self(
      checked: .sparseCategoricalCrossentropy(
        ClassCrossentropyLoss(fromLogits: fromLogits, ignoredClass: ignoredClass)))
  }

  /// Binary crossentropy times (1 - the probability of the right answer)^gamma, which reduces the weight of samples
  /// that are already predicted well.
  /// - Parameters:
  ///   - applyClassBalancing: whether ones are weighted by alpha and zeros by 1 - alpha.
  ///   - alpha: the weight of ones, in 0...1.
  ///   - gamma: a finite number; at least 0.
  ///   - fromLogits: whether predictions are x and p = sigmoid(x).
  ///   - labelSmoothing: the fraction of smoothing, in 0...1.
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

  /// (1 - p^q) / q, where p is the probability of the class: a compromise between absolute error (q near 1) and
  /// crossentropy (q near 0), for labels some of which are wrong. Below p = 1e-7, where the slope grows without bounds,
  /// the slope at 1e-7 is used.
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
  /// 1 - 2 Σ p y / (Σ p + Σ y + 1e-7), summed over the given axes, or with `.all` over all of them, including the
  /// batch.
  public static func dice(axis: some Axes) -> Self { Self(.dice(DiceLoss(axes: axis.list))) }

  /// 1 - i / (i + alpha Σ (1 - p) y + beta Σ p (1 - y) + 1e-7), where i is Σ p y. With alpha and beta 1/2, this is
  /// ``dice``.
  /// - Parameters:
  ///   - alpha: a finite number; at least 0.
  ///   - beta: a finite number; at least 0.
  ///   - axis: the axes that are summed over; `.all` for all of them, including the batch.
  /// - Reference: Salehi, Erdogmus, Gholipour, arXiv:1706.05721.
  public static func tversky(alpha: Double = 0.5, beta: Double = 0.5, axis: some Axes = .all) -> Self {
    Self(checked: .tversky(TverskyLoss(alpha: alpha, beta: beta, axes: axis.list)))
  }
}

// MARK: Sequences and distances

extension Loss {
  /// Connectionist temporal classification: the negative logarithm of the probability that the steps of a sample spell
  /// its label, with blanks between its letters and repetitions of them.
  ///
  /// Predictions are logits [batch, steps, classes], where class 0 is the blank. Targets are class numbers of at least
  /// 1, [batch, letters], with zeros after shorter labels. A label that needs more steps than there are is an error.
  /// - Complexity: O(batch · steps · (classes + letters)), in double.
  /// - Reference: Graves, Fernández, Gomez, Schmidhuber, "Connectionist temporal classification", ICML 2006.
  public static var ctc: Self { Self(.ctc) }

  /// Circle loss of embeddings; see ``circle(gamma:margin:removeDiagonal:)``.
  public static var circle: Self { Self(.circle(CircleLoss())) }
  /// Circle loss: it draws rows of one class together and keeps others apart, most strongly those that are farthest
  /// from where they should be.
  ///
  /// Predictions are embeddings [batch, features] of length 1, as returned by ``UnitNormalization``; targets are class
  /// numbers [batch] or [batch, 1]. The mean ignores rows whose loss is 0: those without another row of their class in
  /// the batch.
  /// - Parameter gamma: the scale of the loss; above 0.
  /// - Parameter margin: the desired distance of rows of one class.
  /// - Parameter removeDiagonal: whether comparisons of a row with itself are excluded.
  /// - Complexity: O(batch² · features), in double.
  /// - Reference: Sun et al., arXiv:2002.10857.
  public static func circle(gamma: Double = 80, margin: Double = 0.4, removeDiagonal: Bool = true) -> Self {
    Self(checked: .circle(CircleLoss(gamma: gamma, margin: margin, removeDiagonal: removeDiagonal)))
  }
}

extension Loss {
  /// For source code: invalid parameters stop the program.
  private init(checked rule: Rule) { self.init(rule.checked(largestNumber: Scalar.largestNumber)) }
}
