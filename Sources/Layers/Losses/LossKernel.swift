import Activations
internal import CKernels
import Tensor

/// A loss whose rows a kernel computes.
struct LossKernel<Scalar: RealScalar> {
  let rule: ck_loss_rule
  /// Whether a row's value is a mean rather than a sum.
  var isMean = false
  /// The activation before the kernel.
  var activation: Activation<Scalar>?

  /// `nil` for losses that are composed of tensor operations.
  init?(_ rule: Loss<Scalar>.Rule, _ target: AlignedTarget<Scalar>) {
    switch rule {
    case .squaredError: self.init(mean: ck_squared_error_loss())
    case .absoluteError: self.init(mean: ck_absolute_error_loss())
    case .absolutePercentageError: self.init(mean: ck_absolute_percentage_error_loss())
    case .squaredLogarithmicError: self.init(mean: ck_squared_logarithmic_error_loss())
    case .logCosh: self.init(mean: ck_log_cosh_loss())
    case .huber(let loss): self.init(mean: ck_huber_loss(.init(delta: loss.delta)))
    case .hinge:
      let signs = target.signs
      self.init(mean: ck_hinge_loss(.init(factor: signs.factor, offset: signs.offset)))
    case .squaredHinge:
      let signs = target.signs
      self.init(mean: ck_squared_hinge_loss(.init(factor: signs.factor, offset: signs.offset)))
    case .poisson: self.init(mean: ck_poisson_loss())
    case .klDivergence: self.init(sum: ck_kl_divergence_loss())
    case .binaryCrossentropy(let loss):
      self.init(
        mean: loss.fromLogits
          ? ck_binary_crossentropy_of_logits_loss(.init(smoothing: loss.labelSmoothing))
          : ck_binary_crossentropy_loss(.init(smoothing: loss.labelSmoothing)))
    case .binaryFocalCrossentropy(let loss):
      let (focus, balances) = (loss.focus, loss.applyClassBalancing)
      self.init(
        mean: ck_binary_focal_crossentropy_loss(
          .init(
            smoothing: focus.labelSmoothing, gamma: focus.gamma, weight_of_ones: balances ? focus.alpha : 1,
            weight_of_zeros: balances ? 1 - focus.alpha : 1)))
      activation = focus.fromLogits ? .sigmoid : nil
    case .categoricalCrossentropy(let loss):
      let (smoothing, share) = (loss.labelSmoothing, loss.labelSmoothing / Double(target.columns))
      self.init(
        sum: loss.fromLogits
          ? ck_crossentropy_of_logits_loss(.init(smoothing: smoothing, share: share))
          : ck_crossentropy_loss(.init(smoothing: smoothing, share: share)))
    case .categoricalFocalCrossentropy(let focus):
      self.init(
        sum: ck_focal_crossentropy_loss(
          .init(
            smoothing: focus.labelSmoothing, share: focus.labelSmoothing / Double(target.columns), alpha: focus.alpha,
            gamma: focus.gamma)))
      activation = focus.fromLogits ? .softmax : nil
    case .sparseCategoricalCrossentropy(let loss):
      self.init(sum: loss.fromLogits ? ck_class_crossentropy_of_logits_loss() : ck_class_crossentropy_loss())
    case .generalizedCrossentropy(let loss):
      self.init(sum: ck_generalized_class_crossentropy_loss(.init(q: loss.q)))
    case .categoricalHinge, .cosineSimilarity, .dice, .tversky, .crossentropy, .ctc, .circle, .custom:
      return nil
    }
  }

  private init(mean rule: ck_loss_rule) {
    self.rule = rule
    isMean = true
  }

  private init(sum rule: ck_loss_rule) { self.rule = rule }
}

extension AlignedTarget {
  /// The factor and offset that convert a target of zeros and ones to -1 and 1.
  fileprivate var signs: (factor: Double, offset: Double) {
    guard case .values(let y) = numbers, ((y .== 0) .| (y .== 1)).all().scalar else { return (1, 0) }
    return (2, -1)
  }
}
