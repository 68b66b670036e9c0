import Activations
internal import CKernels
import Tensor

/// A loss whose rows a kernel computes.
struct LossKernel<Scalar: RealScalar> {
  let function: ck_loss
  var parameters: (Double, Double, Double, Double) = (0, 0, 0, 0)
  /// Whether a row's value is its mean and not its sum.
  var isMean = false
  /// What comes before the kernel.
  var activation: Activation<Scalar>?

  /// Nil for losses that are composed of operations on tensors.
  init?(_ rule: Loss<Scalar>.Rule, _ target: AlignedTarget<Scalar>) {
    switch rule {
    case .squaredError: self.init(mean: ck_loss_squared_error)
    case .absoluteError: self.init(mean: ck_loss_absolute_error)
    case .absolutePercentageError: self.init(mean: ck_loss_absolute_percentage_error)
    case .squaredLogarithmicError: self.init(mean: ck_loss_squared_logarithmic_error)
    case .logCosh: self.init(mean: ck_loss_log_cosh)
    case .huber(let delta): self.init(mean: ck_loss_huber, (delta, 0, 0, 0))
    case .hinge: self.init(mean: ck_loss_hinge, target.signs)
    case .squaredHinge: self.init(mean: ck_loss_squared_hinge, target.signs)
    case .poisson: self.init(mean: ck_loss_poisson)
    case .klDivergence: self.init(sum: ck_loss_kl_divergence)
    case .binaryCrossentropy(let fromLogits, let smoothing):
      self.init(
        mean: fromLogits ? ck_loss_binary_crossentropy_of_logits : ck_loss_binary_crossentropy, (smoothing, 0, 0, 0))
    case .binaryFocalCrossentropy(let balances, let focus):
      self.init(
        mean: ck_loss_binary_focal_crossentropy,
        (focus.labelSmoothing, focus.gamma, balances ? focus.alpha : 1, balances ? 1 - focus.alpha : 1))
      activation = focus.fromLogits ? .sigmoid : nil
    case .categoricalCrossentropy(let fromLogits, let smoothing):
      self.init(
        sum: fromLogits ? ck_loss_crossentropy_of_logits : ck_loss_crossentropy,
        (smoothing, smoothing / Double(target.columns), 0, 0))
    case .categoricalFocalCrossentropy(let focus):
      let share = focus.labelSmoothing / Double(target.columns)
      self.init(sum: ck_loss_focal_crossentropy, (focus.labelSmoothing, share, focus.alpha, focus.gamma))
      activation = focus.fromLogits ? .softmax : nil
    case .sparseCategoricalCrossentropy(let fromLogits, _):
      self.init(sum: fromLogits ? ck_loss_class_crossentropy_of_logits : ck_loss_class_crossentropy)
    case .generalizedCrossentropy(let q):
      self.init(sum: ck_loss_generalized_class_crossentropy, (q, 0, 0, 0))
    case .categoricalHinge, .cosineSimilarity, .dice, .tversky, .crossentropy, .custom:
      return nil
    }
  }

  private init(mean function: ck_loss, _ parameters: (Double, Double, Double, Double) = (0, 0, 0, 0)) {
    self.function = function
    self.parameters = parameters
    isMean = true
  }

  private init(sum function: ck_loss, _ parameters: (Double, Double, Double, Double) = (0, 0, 0, 0)) {
    self.function = function
    self.parameters = parameters
  }
}

extension AlignedTarget {
  /// a and b that make a target one of -1 and 1: those of zeros and ones are stretched.
  fileprivate var signs: (Double, Double, Double, Double) {
    guard case .values(let y) = numbers, ((y .== 0) .|| (y .== 1)).all().scalar else { return (1, 0, 0, 0) }
    return (2, -1, 0, 0)
  }
}
