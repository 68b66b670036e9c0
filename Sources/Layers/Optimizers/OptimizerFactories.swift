import Activations
import Tensor

// Wrong parameters trap with the text that init(named:parameters:) throws. What all optimizers share is set by
// Optimizer.with(...).

extension Optimizer {
  /// Stochastic gradient descent, with momentum if that is above 0.
  ///
  ///     velocity = momentum · velocity - learningRate · gradient
  ///     weight += velocity                                        // nesterov: momentum · velocity - learningRate · gradient
  ///
  /// - Parameter nesterov: whether the momentum is looked ahead along.
  /// - Parameter learningRate: how far a step goes: a number or a schedule.
  /// - Parameter momentum: from 0 to 1.
  /// - Complexity: O(*n*) per step, one pass; keeps as many numbers as there are weights, none without momentum.
  public static func sgd(learningRate: Schedule = 0.01, momentum: Double = 0, nesterov: Bool = false) -> Self {
    .builtIn("SGD", learningRate, ["momentum": .number(momentum), "nesterov": .flag(nesterov)])
  }

  /// Gradients divided by the root of their mean square.
  ///
  ///     velocity = rho · velocity + (1 - rho) · gradient²
  ///     weight -= learningRate · gradient / √(velocity + epsilon)
  ///
  /// With momentum, steps are collected as `step = momentum · step + …`. Centered, the square of the mean gradient is taken
  /// off the velocity.
  /// - Parameters rho: and momentum: from 0 to 1.
  ///
  /// Source: Tieleman, Hinton, lecture 6.5 of "Neural networks for machine learning", 2012; Graves, arXiv:1308.0850.
  public static func rmsprop(
    learningRate: Schedule = 0.001, rho: Double = 0.9, momentum: Double = 0, epsilon: Double = 1e-7,
    centered: Bool = false
  ) -> Self {
    .builtIn(
      "RMSprop", learningRate,
      [
        "rho": .number(rho), "momentum": .number(momentum), "epsilon": .number(epsilon), "centered": .flag(centered),
      ])
  }

  /// Gradients divided by the root of the sum of all squares so far.
  /// Source: Duchi, Hazan, Singer, "Adaptive subgradient methods", JMLR 12, 2011.
  public static func adagrad(
    learningRate: Schedule = 0.001, initialAccumulatorValue: Double = 0.1, epsilon: Double = 1e-7
  ) -> Self {
    .builtIn(
      "Adagrad", learningRate,
      ["initial_accumulator_value": .number(initialAccumulatorValue), "epsilon": .number(epsilon)])
  }

  /// Gradients times the ratio of the root mean squares of steps and gradients. The paper's learning rate is 1.
  /// Source: Zeiler, "ADADELTA", arXiv:1212.5701.
  public static func adadelta(learningRate: Schedule = 0.001, rho: Double = 0.95, epsilon: Double = 1e-7) -> Self {
    .builtIn("Adadelta", learningRate, ["rho": .number(rho), "epsilon": .number(epsilon)])
  }

  /// Means of gradients divided by the root of the means of their squares.
  ///
  ///     momentum += (1 - beta1) · (gradient - momentum)
  ///     velocity += (1 - beta2) · (gradient² - velocity)
  ///     weight -= learningRate · √(1 - beta2ᵗ) / (1 - beta1ᵗ) · momentum / (√velocity + epsilon)
  ///
  /// With amsgrad, the largest velocity so far divides. As in Keras, epsilon is not corrected for the beginning, other than in
  /// PyTorch.
  /// - Parameters beta1: and beta2: from 0 on, below 1.
  ///
  /// Source: Kingma, Ba, "Adam", arXiv:1412.6980; Reddi, Kale, Kumar, "On the convergence of Adam and beyond", ICLR 2018.
  public static func adam(
    learningRate: Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7,
    amsgrad: Bool = false
  ) -> Self {
    .builtIn(
      "Adam", learningRate,
      [
        "beta_1": .number(beta1), "beta_2": .number(beta2), "epsilon": .number(epsilon), "amsgrad": .flag(amsgrad),
      ])
  }

  /// ``adam(learningRate:beta1:beta2:epsilon:amsgrad:)`` with weights that decay.
  /// Source: Loshchilov, Hutter, "Decoupled weight decay regularization", arXiv:1711.05101.
  public static func adamW(
    learningRate: Schedule = 0.001, weightDecay: Double = 0.004, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7, amsgrad: Bool = false
  ) -> Self {
    .builtIn(
      "AdamW", learningRate,
      [
        "weight_decay": .number(weightDecay), "beta_1": .number(beta1), "beta_2": .number(beta2),
        "epsilon": .number(epsilon), "amsgrad": .flag(amsgrad),
      ])
  }

  /// Adam with the largest of decaying magnitudes in the place of the root of mean squares.
  public static func adamax(
    learningRate: Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
  ) -> Self {
    .builtIn("Adamax", learningRate, moments(beta1, beta2, epsilon))
  }

  /// Adam with Nesterov's momentum, which warms up.
  /// Source: Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016.
  public static func nadam(
    learningRate: Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
  ) -> Self {
    .builtIn("Nadam", learningRate, moments(beta1, beta2, epsilon))
  }

  /// The sign of a mean gradient times the learning rate, which is to be smaller than Adam's.
  /// - Parameter learningRate: how far a step goes: a number or a schedule.
  /// - Parameter beta1: above 0, up to 1.
  /// - Parameter beta2: from 0 to 1.
  ///
  /// Source: Chen et al., "Symbolic discovery of optimization algorithms", arXiv:2302.06675.
  public static func lion(learningRate: Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.99) -> Self {
    .builtIn("Lion", learningRate, ["beta_1": .number(beta1), "beta_2": .number(beta2)])
  }

  /// Follow the regularized leader.
  /// - Parameter initialAccumulatorValue: what the sums of squares begin with.
  /// - Parameter l2Shrinkage: the factor of squares that only gradients see.
  /// - Parameter learningRate: how far a step goes: a number or a schedule.
  /// - Parameter l1: the factor of magnitudes.
  /// - Parameter l2: the factor of squares.
  /// - Parameter beta: smooths the learning rate of each coordinate.
  /// - Parameter learningRatePower: up to 0; the other parameters from 0 on.
  ///
  /// Source: McMahan et al., "Ad click prediction: a view from the trenches", KDD 2013.
  public static func ftrl(
    learningRate: Schedule = 0.001, learningRatePower: Double = -0.5, initialAccumulatorValue: Double = 0.1,
    l1: Double = 0, l2: Double = 0, l2Shrinkage: Double = 0, beta: Double = 0
  ) -> Self {
    .builtIn(
      "Ftrl", learningRate,
      [
        "learning_rate_power": .number(learningRatePower),
        "initial_accumulator_value": .number(initialAccumulatorValue), "l1_regularization_strength": .number(l1),
        "l2_regularization_strength": .number(l2), "l2_shrinkage_regularization_strength": .number(l2Shrinkage),
        "beta": .number(beta),
      ])
  }

  /// Adam's direction with the length of the weight it changes.
  /// Source: You et al., "Large batch optimization for deep learning", arXiv:1904.00962.
  public static func lamb(
    learningRate: Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
  ) -> Self {
    .builtIn("Lamb", learningRate, moments(beta1, beta2, epsilon))
  }

  private static func moments(_ beta1: Double, _ beta2: Double, _ epsilon: Double) -> [String: Configuration] {
    ["beta_1": .number(beta1), "beta_2": .number(beta2), "epsilon": .number(epsilon)]
  }

  private static func builtIn(
    _ name: String, _ learningRate: Schedule, _ parameters: [String: Configuration]
  ) -> Self {
    Self(checked: name, parameters).with(learningRate)
  }
}
