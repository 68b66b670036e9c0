internal import CKernels
internal import Glibc

// The constants are those of the rows of optimizers.h.

extension OptimizerDefinition {
  static let all = [sgd, rmsprop, adagrad, adadelta, adam, adamW, adamax, nadam, lion, ftrl, lamb]

  static let sgd = OptimizerDefinition(
    "SGD", learningRate: 0.01, [Parameter("momentum", 0, .closedUnit), Parameter(flag: "nesterov")],
    slots: { $0[0] == 0 ? [] : [Slot("momentum")] },
    kernel: { $0[0] == 0 ? ck_optimizer_descent : $0[1] == 1 ? ck_optimizer_nesterov : ck_optimizer_momentum },
    constants: { ck_optimizer_parameters(a: $1.learningRate, b: $0[0]) })

  static let rmsprop = OptimizerDefinition(
    "RMSprop",
    [
      Parameter("rho", 0.9, .closedUnit), Parameter("momentum", 0, .closedUnit), epsilon, Parameter(flag: "centered"),
      epsilonBesideRoot,
    ],
    slots: { arguments in
      let momentum = arguments[1] > 0 ? [Slot("momentum", group: 1)] : []
      let average = arguments[3] == 1 ? [Slot("average_gradient", group: 2)] : []
      return [Slot("velocity")] + momentum + average
    },
    kernel: { arguments in
      // With momentum, Keras 2 has epsilon below the root too.
      switch (arguments[1] > 0, arguments[3] == 1) {
      case (false, false): arguments[4] == 1 ? ck_optimizer_rms_keras2 : ck_optimizer_rms
      case (true, false): ck_optimizer_rms_momentum
      case (false, true): arguments[4] == 1 ? ck_optimizer_rms_centered_keras2 : ck_optimizer_rms_centered
      case (true, true): ck_optimizer_rms_centered_momentum
      }
    },
    constants: {
      ck_optimizer_parameters(a: $1.learningRate, b: $0[0], c: 1 - $0[0], d: $0[1], e: $0[2])
    })

  static let adagrad = OptimizerDefinition(
    "Adagrad", [Parameter("initial_accumulator_value", 0.1, .nonnegative), epsilon, epsilonBesideRoot],
    slots: { [Slot("accumulator", initialValue: $0[0])] },
    kernel: { $0[2] == 1 ? ck_optimizer_adagrad_keras2 : ck_optimizer_adagrad },
    constants: { ck_optimizer_parameters(a: $1.learningRate, e: $0[1]) })

  static let adadelta = OptimizerDefinition(
    "Adadelta", [Parameter("rho", 0.95, .closedUnit), epsilon],
    slots: { _ in [Slot("accumulated_grad"), Slot("accumulated_delta_var")] }, kernel: { _ in ck_optimizer_adadelta },
    constants: { ck_optimizer_parameters(a: $1.learningRate, b: $0[0], c: 1 - $0[0], e: $0[1]) })

  static let adam = adam("Adam")
  static let adamW = adam("AdamW", weightDecay: 0.004)

  private static func adam(_ name: String, weightDecay: Double? = nil) -> OptimizerDefinition {
    OptimizerDefinition(
      name, weightDecay: weightDecay, betas + [epsilon, Parameter(flag: "amsgrad")],
      slots: { moments + ($0[3] == 1 ? [Slot("velocity_hat", group: 1)] : []) },
      kernel: { $0[3] == 1 ? ck_optimizer_adam_amsgrad : ck_optimizer_adam },
      constants: { arguments, step in
        let rate = step.learningRate * (1 - pow(arguments[1], step.number)).squareRoot()
        return ck_optimizer_parameters(
          a: rate / (1 - pow(arguments[0], step.number)), b: 1 - arguments[0], c: 1 - arguments[1], e: arguments[2])
      })
  }

  static let adamax = OptimizerDefinition(
    "Adamax", betas + [epsilon], slots: { _ in [Slot("momentum"), Slot("norm")] },
    kernel: { _ in ck_optimizer_adamax },
    constants: { arguments, step in
      ck_optimizer_parameters(
        a: step.learningRate / (1 - pow(arguments[0], step.number)), b: 1 - arguments[0], c: arguments[1],
        e: arguments[2])
    })

  static let nadam = OptimizerDefinition(
    "Nadam", betas + [epsilon, Parameter("schedule_decay", 1, .nonnegative, isOfKeras3: false)],
    slots: { _ in moments }, kernel: { _ in ck_optimizer_nadam },
    constants: { arguments, step in
      let momentum = nadamMomentum(arguments, step.number)
      let nextMomentum = nadamMomentum(arguments, step.number + 1)
      let nextProduct = step.momentumProduct * nextMomentum
      return ck_optimizer_parameters(
        a: step.learningRate * nextMomentum / (1 - nextProduct), b: 1 - arguments[0], c: 1 - arguments[1],
        d: step.learningRate * (1 - momentum) / (1 - step.momentumProduct), e: arguments[2],
        f: 1 / (1 - pow(arguments[1], step.number)))
    })

  /// Nadam's momentum warms up, in Keras 2 at a speed of its own.
  static func nadamMomentum(_ arguments: Arguments, _ step: Double) -> Double {
    arguments[0] * (1 - 0.5 * pow(0.96, arguments[3] * step))
  }

  static let lion = OptimizerDefinition(
    "Lion", [Parameter("beta_1", 0.9, .upperUnit), Parameter("beta_2", 0.99, .closedUnit)],
    slots: { _ in [Slot("momentum")] }, kernel: { _ in ck_optimizer_lion },
    constants: {
      ck_optimizer_parameters(a: $1.learningRate, b: $0[0], c: $0[1], d: 1 - $0[0], e: 1 - $0[1])
    })

  static let ftrl = OptimizerDefinition(
    "Ftrl",
    [
      Parameter("learning_rate_power", -0.5, .nonpositive), Parameter("initial_accumulator_value", 0.1, .nonnegative),
      Parameter("l1_regularization_strength", 0, .nonnegative),
      Parameter("l2_regularization_strength", 0, .nonnegative),
      Parameter("l2_shrinkage_regularization_strength", 0, .nonnegative), Parameter("beta", 0, .nonnegative),
    ],
    slots: { [Slot("accumulator", initialValue: $0[1]), Slot("linear")] },
    kernel: { $0[0] == -0.5 ? ck_optimizer_ftrl : ck_optimizer_ftrl_power },
    constants: { arguments, step in
      let l2 = arguments[3] + arguments[5] / (2 * step.learningRate)
      return ck_optimizer_parameters(
        a: 1 / step.learningRate, b: 2 * arguments[4], c: 2 * l2, d: arguments[2], e: -arguments[0])
    })

  /// Gives the direction; its length follows from that and the weight.
  static let lamb = OptimizerDefinition(
    "Lamb", betas + [epsilon], slots: { _ in moments }, kernel: { _ in ck_optimizer_lamb_direction },
    constants: { arguments, step in
      ck_optimizer_parameters(
        a: 1 / (1 - pow(arguments[0], step.number)), b: 1 - arguments[0], c: 1 - arguments[1], e: arguments[2],
        f: 1 / (1 - pow(arguments[1], step.number)))
    })

  private static let epsilon = Parameter("epsilon", 1e-7, .nonnegative)

  /// Keras 2 adds epsilon to the root, Keras 3 to what is below it.
  private static let epsilonBesideRoot = Parameter(flag: "epsilon_beside_root", isOfKeras3: false)

  private static let betas = [Parameter("beta_1", 0.9, .halfOpenUnit), Parameter("beta_2", 0.999, .halfOpenUnit)]

  private static var moments: [Slot] { [Slot("momentum"), Slot("velocity")] }
}
