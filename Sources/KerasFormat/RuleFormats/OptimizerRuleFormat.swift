import Layers

/// An optimizer's parameters, and Keras's names for the tensors that it keeps for a weight.
protocol KerasOptimizer: KerasRule, OptimizerRule {
  /// The names in the order of the rule's slots, including those that Keras keeps without using. The last has the
  /// weight's shape.
  func slotNames(for shape: [Int]) -> [KerasSlot]
}

extension KerasOptimizer {
  /// Whether slots depend on the rank of the weight.
  var slotsDependOnShape: Bool { Set([[1], [1, 1], [1, 1, 1]].map { slotNames(for: $0).count }).count > 1 }
}

struct KerasSlot: ExpressibleByStringLiteral {
  let name: String
  /// Files contain the slots of one group weight by weight, one group after another.
  var group = 0
  /// Whether Keras keeps a 0 in its place, which is not a slot of the rule.
  var isPlaceholder = false

  init(_ name: String, group: Int) { (self.name, self.group) = (name, group) }
  init(placeholder name: String) { (self.name, isPlaceholder) = (name, true) }
  init(stringLiteral name: String) { self.name = name }
}

extension SGD: KerasOptimizer {
  var fields: [KerasField<Self>] { [.number("momentum", \.momentum), .flag("nesterov", \.nesterov)] }
  func slotNames(for shape: [Int]) -> [KerasSlot] { momentum == 0 ? [] : ["momentum"] }
}

extension RMSprop: KerasOptimizer {
  var fields: [KerasField<Self>] {
    [
      .number("rho", \.rho), .number("momentum", \.momentum), .number("epsilon", \.epsilon),
      .flag("centered", \.centered),
      .flag("epsilon_beside_root", \.isEpsilonBesideRoot).ofKeras2(unless: Self()),
    ]
  }

  func slotNames(for shape: [Int]) -> [KerasSlot] {
    ["velocity"] + (momentum > 0 ? [KerasSlot("momentum", group: 1)] : [])
      + (centered ? [KerasSlot("average_gradient", group: 2)] : [])
  }
}

extension Adagrad: KerasOptimizer {
  var fields: [KerasField<Self>] {
    [
      .number("initial_accumulator_value", \.initialAccumulatorValue), .number("epsilon", \.epsilon),
      .flag("epsilon_beside_root", \.isEpsilonBesideRoot).ofKeras2(unless: Self()),
    ]
  }

  func slotNames(for shape: [Int]) -> [KerasSlot] { ["accumulator"] }
}

extension Adadelta: KerasOptimizer {
  var fields: [KerasField<Self>] { [.number("rho", \.rho), .number("epsilon", \.epsilon)] }
  func slotNames(for shape: [Int]) -> [KerasSlot] { ["accumulated_grad", "accumulated_delta_var"] }
}

extension Adam: KerasOptimizer {
  var fields: [KerasField<Self>] {
    [
      .number("beta_1", \.beta1), .number("beta_2", \.beta2), .number("epsilon", \.epsilon),
      .flag("amsgrad", \.amsgrad),
    ]
  }

  func slotNames(for shape: [Int]) -> [KerasSlot] {
    ["momentum", "velocity"] + (amsgrad ? [KerasSlot("velocity_hat", group: 1)] : [])
  }
}

extension AdamW: KerasOptimizer {
  var fields: [KerasField<Self>] {
    [
      .number("beta_1", \.adam.beta1), .number("beta_2", \.adam.beta2), .number("epsilon", \.adam.epsilon),
      .flag("amsgrad", \.adam.amsgrad),
    ]
  }

  func slotNames(for shape: [Int]) -> [KerasSlot] { adam.slotNames(for: shape) }
}

extension Adamax: KerasOptimizer {
  var fields: [KerasField<Self>] {
    [.number("beta_1", \.beta1), .number("beta_2", \.beta2), .number("epsilon", \.epsilon)]
  }

  func slotNames(for shape: [Int]) -> [KerasSlot] { ["momentum", "norm"] }
}

extension Nadam: KerasOptimizer {
  var fields: [KerasField<Self>] {
    [
      .number("beta_1", \.beta1), .number("beta_2", \.beta2), .number("epsilon", \.epsilon),
      .number("schedule_decay", \.scheduleDecay).ofKeras2(unless: Self()),
    ]
  }

  func slotNames(for shape: [Int]) -> [KerasSlot] { ["momentum", "velocity"] }
}

extension Lion: KerasOptimizer {
  var fields: [KerasField<Self>] { [.number("beta_1", \.beta1), .number("beta_2", \.beta2)] }
  func slotNames(for shape: [Int]) -> [KerasSlot] { ["momentum"] }
}

extension Ftrl: KerasOptimizer {
  var fields: [KerasField<Self>] {
    [
      .number("learning_rate_power", \.learningRatePower),
      .number("initial_accumulator_value", \.initialAccumulatorValue), .number("l1_regularization_strength", \.l1),
      .number("l2_regularization_strength", \.l2), .number("l2_shrinkage_regularization_strength", \.l2Shrinkage),
      .number("beta", \.beta),
    ]
  }

  func slotNames(for shape: [Int]) -> [KerasSlot] { ["accumulator", "linear"] }
}

extension Lamb: KerasOptimizer {
  var fields: [KerasField<Self>] {
    [.number("beta_1", \.beta1), .number("beta_2", \.beta2), .number("epsilon", \.epsilon)]
  }

  func slotNames(for shape: [Int]) -> [KerasSlot] { ["momentum", "velocity"] }
}

extension Adafactor: KerasOptimizer {
  var fields: [KerasField<Self>] {
    [
      .number("beta_2_decay", \.beta2Decay), .number("epsilon_1", \.epsilon1), .number("epsilon_2", \.epsilon2),
      .number("clip_threshold", \.clipThreshold), .flag("relative_step", \.relativeStep),
    ]
  }

  /// Keras names the means of rows and columns like the weight.
  func slotNames(for shape: [Int]) -> [KerasSlot] {
    shape.count < 2
      ? [KerasSlot(placeholder: "rows"), KerasSlot(placeholder: "columns"), "velocity"]
      : ["rows", "columns", "velocity"]
  }
}

extension Muon: KerasOptimizer {
  /// The rank determines which weights Adam updates: layers are not distinguished by name, and there are no embeddings.
  var fields: [KerasField<Self>] {
    [
      .number("adam_beta_1", \.adam.beta1), .number("adam_beta_2", \.adam.beta2),
      .number("epsilon", \.adam.epsilon), .only("exclude_layers", []), .number("muon_a", \.a), .number("muon_b", \.b),
      .number("muon_c", \.c), .number("adam_lr_ratio", \.adamRateRatio), .number("momentum", \.momentum),
      .integer("ns_steps", \.iterations), .flag("nesterov", \.nesterov),
      .passedOver("exclude_embeddings", writing: true), .number("adam_weight_decay", \.adamWeightDecay),
      .number("rms_rate", \.rmsRate),
    ]
  }

  func slotNames(for shape: [Int]) -> [KerasSlot] { shape.count == 2 ? ["momentum"] : ["momentum", "velocity"] }
}

extension ScheduleFreeAdamW: KerasOptimizer {
  var fields: [KerasField<Self>] {
    [
      .number("beta_1", \.beta1), .number("beta_2", \.beta2), .number("epsilon", \.epsilon),
      .integer("warmup_steps", \.warmupSteps),
    ]
  }

  func slotNames(for shape: [Int]) -> [KerasSlot] { ["momentum", "velocity"] }
}
