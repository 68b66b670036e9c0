import Tensor
import TestSupport
import Testing

@testable import KerasFormat
@testable import Layers

/// Numbers that nobody means, wherever a configuration has one: an error, or a value that can be used.
@Suite struct ForeignNumberTests {
  @Test(arguments: KerasConfigurations.both) func `layers take them or refuse them`(_ keras: KerasConfigurations) {
    for (_, layer) in keras["layers"].sorted(by: { $0.key < $1.key }) {
      for changed in layer.withOtherNumbers {
        guard let stage = try? readStage(changed, keras.dialect) else { continue }
        _ = stage.description
        for shape in [[4], [2, 3], [3, 2, 2]] { try? use(stage.layer, shape) }
      }
    }
  }

  @Test(arguments: KerasConfigurations.both) func `models take them or refuse them`(_ keras: KerasConfigurations) {
    for (_, model) in keras["models"].sorted(by: { $0.key < $1.key }) {
      for changed in model.withOtherNumbers {
        guard var model: Model<Float> = try? readModel(configuration: changed, dialect: keras.dialect) else {
          continue
        }
        _ = model.summary()
        try? model.placeWeights()
        _ = model.summary()
      }
    }
  }

  @Test(arguments: KerasConfigurations.both)
  func `what models are compiled with takes them or refuses them`(_ keras: KerasConfigurations) throws {
    var model = Sequential<Float> {
      Input(4)
      Dense(3)
    }
    var generator = PhiloxGenerator(seed: 1)
    try model.build(using: &generator)
    for (_, compilation) in keras["compilations"].sorted(by: { $0.key < $1.key }) {
      for changed in compilation.withOtherNumbers {
        guard let compilation = try? Compilation<Float>(configuration: changed, dialect: keras.dialect) else {
          continue
        }
        _ = compilation.configuration.json
        model.compilation = compilation
        _ = try? model.evaluate(Tensor<Float>.ones([2, 4]), Tensor<Float>.ones([2, 3]))
      }
    }
  }

  @Test func `activations take them or refuse them`() {
    for activation in Activation<Float>.catalog {
      for (parameter, old) in activation.parameters {
        for new in Configuration.foreign + old.withOtherNumbers + Configuration.foreign.map({ [$0] }) {
          let parameters = activation.parameters.merging([parameter: new]) { $1 }
          guard let changed = try? Activation<Float>(named: activation.name, parameters: parameters) else { continue }
          _ = try? changed.outputShape(for: [4], layer: "Activation")
          _ = try? changed(Tensor([[1, -2, 3, 4], [0.5, -0.5, .nan, 0]]))
        }
      }
    }
  }

  @Test func `initializers take them or refuse them`() {
    forEachValue(of: Initializer<Float>.self) { initializer in
      for shape in [[], [3], [4, 3]] where initializer.mismatch(with: shape) == nil {
        var generator = PhiloxGenerator(seed: 1)
        #expect(initializer(shape, using: &generator).shape == shape)
      }
    }
    forEachValue(of: Initializer<Double>.self) { initializer in
      var generator = PhiloxGenerator(seed: 1)
      if initializer.mismatch(with: [4, 3]) == nil { _ = initializer([4, 3], using: &generator) }
    }
  }

  @Test func `regularizers and constraints take them or refuse them`() {
    let weight = Tensor<Float>([[1, 2, 3], [-4, 5, -6]])
    forEachValue(of: Regularizer<Float>.self) { regularizer in
      if regularizer.mismatch(with: weight.shape) != nil { return }
      var gradient = Tensor<Float>.zeros(weight.shape)
      regularizer.addGradient(of: weight, to: &gradient)
      _ = regularizer.penalty(of: weight)
    }
    forEachValue(of: Constraint<Float>.self) { constraint in
      if constraint.mismatch(with: weight.shape) != nil { return }
      var weight = weight
      constraint.apply(to: &weight)
    }
  }

  @Test func `losses and metrics take them or refuse them`() {
    let prediction = Tensor<Float>([[0.1, 0.7, 0.2], [0.3, 0.3, 0.4]])
    let target = Tensor<Float>([[0, 1, 0], [1, 0, 0]])
    let classes = Tensor<Int64>([1, 2])
    forEachValue(of: Loss<Float>.self) { loss in
      _ = try? loss.gradient(prediction, target)
      _ = try? loss(prediction, classes)
    }
    let required: [String: [String: Configuration]] = [
      "MeanIoU": ["num_classes": 3], "OneHotMeanIoU": ["num_classes": 3],
      "IoU": ["num_classes": 3, "target_class_ids": [0, 2]],
    ]
    forEachValue(of: Metric<Float>.self, required) { metric in
      for mutation in [prediction, Tensor<Float>.filled([2, 3], with: .nan)] {
        var state = metric.makeState()
        try? state.update(mutation, target)
        try? state.update(mutation, classes)
        _ = state.result
      }
    }
  }

  @Test func `optimizers and schedules take them or refuse them`() {
    forEachValue(of: Optimizer<Float>.self) { optimizer in
      var state = OptimizerState(optimizer)
      var (weight, gradient) = (Tensor<Float>([1, 2]), Tensor<Float>([3, 4]))
      for _ in 0..<2 {
        state.beginStep()
        if state.needsGradientNorm { state.addGradientNorm(of: &gradient, at: 0) }
        state.update(&weight, gradient: &gradient, at: 0)
        state.endStep()
      }
    }
    let decay: [String: Configuration] = ["initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5]
    let required: [String: [String: Configuration]] = [
      "constant": ["learning_rate": 0.1], "ExponentialDecay": decay, "InverseTimeDecay": decay,
      "PiecewiseConstantDecay": ["boundaries": [1, 2], "values": [0.1, 0.2, 0.3]],
      "PolynomialDecay": ["initial_learning_rate": 0.1, "decay_steps": 10],
      "CosineDecay": ["initial_learning_rate": 0.1, "decay_steps": 10],
      "CosineDecayRestarts": ["initial_learning_rate": 0.1, "first_decay_steps": 10],
    ]
    forEachValue(of: Schedule.self, required) { schedule in
      for step in [0, 1, 11, 1 << 53] { _ = schedule(step) }
    }
  }

  @Test(
    arguments: [
      ("RandomNormal", ["stddev": 1e308], "RandomNormal: stddev is 1e+308; allowed: finite numbers of at least 0, "),
      ("TruncatedNormal", ["mean": -1e308], "TruncatedNormal: mean is -1e+308; allowed: finite numbers, of a "),
      (
        "RandomUniform", ["minval": -3e38, "maxval": 3e38],
        "RandomUniform: maxval is 3e+38; allowed: numbers at most "
      ),
      ("VarianceScaling", ["scale": 3e38], "VarianceScaling: scale is 3e+38; allowed: numbers above 0, up to "),
      ("Constant", ["value": 1e39], "Constant: value is 1e+39"),
      ("Orthogonal", ["gain": 1e39], "Orthogonal: gain is 1e+39"),
    ] as [(String, [String: Configuration], String)])
  func `initializers name numbers that their type does not have`(
    _ name: String, _ parameters: [String: Configuration], _ text: String
  ) {
    let error = #expect(throws: ConfigurationError.self) { try Initializer<Float>(named: name, parameters: parameters) }
    #expect(error?.description.hasPrefix(text) == true, "\(error?.description ?? "")")
    if name != "VarianceScaling" {
      #expect(throws: Never.self) { try Initializer<Double>(named: name, parameters: parameters) }
    }
  }

  @Test func `losses, regularizers, constraints and optimizers name numbers that their type does not have`() {
    func text(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return "\(error)" }
      return nil
    }
    let end = ", of a magnitude up to 3.4028234663852886e+38"
    #expect(
      text { _ = try Loss<Float>(named: "Huber", parameters: ["delta": 1e39]) }
        == "Huber: delta is 1e+39; allowed: finite numbers above 0" + end)
    #expect(
      text { _ = try Regularizer<Float>(named: "L2", parameters: ["l2": 1e39]) }
        == "L2: l2 is 1e+39; allowed: finite numbers of at least 0" + end)
    #expect(
      text { _ = try Constraint<Float>(named: "MaxNorm", parameters: ["max_value": 1e39]) }
        == "MaxNorm: max_value is 1e+39; allowed: finite numbers above 0" + end)
    #expect(
      text { _ = try Optimizer<Float>(named: "Adam", parameters: ["epsilon": 1e39]) }
        == "Adam: epsilon is 1e+39; allowed: finite numbers of at least 0" + end)
    #expect(
      text { _ = try Optimizer<Float>(named: "SGD", parameters: ["learning_rate": 1e39]) }
        == "constant: learning_rate is 1e+39; allowed: numbers up to 3.4028234663852886e+38")
    #expect(text { _ = try Optimizer<Double>(named: "SGD", parameters: ["learning_rate": 1e39]) } == nil)
  }

  @Test(
    arguments: [
      (
        "Precision", ["class_id": .integer(.max)],
        "Precision: class_id is 9223372036854775807; allowed: integers from 0 to"
      ),
      (
        "Recall", ["top_k": .integer(1 << 31)], "Recall: top_k is 2147483648; allowed: integers from 1 to 2147483647"
      ),
      (
        "AUC", ["num_thresholds": .integer(1 << 24 + 1)],
        "AUC: num_thresholds is 16777217; allowed: integers from 2 to 16777216"
      ),
      (
        "MeanIoU", ["num_classes": .integer(1 << 31)],
        "MeanIoU: num_classes is 2147483648; allowed: integers from 1 to"
      ),
      ("R2Score", ["num_regressors": .integer(.max)], "R2Score: num_regressors is 9223372036854775807"),
      ("TopKCategoricalAccuracy", ["k": .integer(.max)], "TopKCategoricalAccuracy: k is 9223372036854775807"),
    ] as [(String, [String: Configuration], String)])
  func `metrics name counts that are none`(_ name: String, _ parameters: [String: Configuration], _ text: String) {
    let error = #expect(throws: ConfigurationError.self) { try Metric<Float>(named: name, parameters: parameters) }
    #expect(error?.description.hasPrefix(text) == true, "\(error?.description ?? "")")
  }

  @Test func `what a metric counts in is made when the first batch comes`() throws {
    let metrics: [Metric<Float>] = [.meanIoU(classes: 30_000), .areaUnderCurve(thresholds: 1 << 24)]
    for metric in metrics {
      let allocations = Allocations.during {
        let state = metric.makeState()
        #expect(state.result == 0)
      }
      #expect(allocations == 0, "\(metric)")
    }
  }

  @Test func `the finest curve has places for all predictions`() throws {
    var state = Metric<Float>.areaUnderCurve(thresholds: 1 << 24).makeState()
    try state.update(Tensor<Float>([[0], [1], [0.5]]), Tensor<Float>([[0], [1], [1]]))
  }

  @Test func `the place of a shape that is too large is named`() throws {
    func message(_ shape: Configuration) -> String {
      let input: Configuration = ["class_name": "InputLayer", "config": ["name": "in", "batch_shape": shape]]
      let model: Configuration = ["class_name": "Sequential", "config": ["layers": [input]]]
      let error = #expect(throws: ModelConfigurationError.self) { () throws -> Model<Float> in
        try readModel(configuration: model)
      }
      return error?.description ?? ""
    }
    for shape in [[nil, .integer(1 << 62), 4], [nil, .integer(.max)]] as [Configuration] {
      #expect(
        message(shape).hasPrefix(
          "layers[0] (InputLayer \"in\"), batch_shape: expected a shape whose samples have at most "))
    }
    let axes = Configuration.list([nil] + [Configuration](repeating: 1, count: 32))
    #expect(message(axes).contains("batch_shape: expected a shape of at most 31 axes after the batch, found "))
  }

  // MARK: The whole kind

  /// Values of every name whose parameters are replaced one by one; those that are refused are left out.
  private func forEachValue<Value: Configurable>(
    of kind: Value.Type, _ required: [String: [String: Configuration]] = [:], _ body: (Value) -> Void
  ) {
    for name in Value.names {
      let className = required.keys.first { snakeCase($0) == name || $0 == name }
      guard let value = try? Value(named: name, parameters: className.map { required[$0]! } ?? [:]) else { continue }
      body(value)
      for (parameter, old) in value.parameters {
        for new in [old] + Configuration.foreign {
          for replaced in [new] + old.withOtherNumbers + [[new]] {
            let parameters = value.parameters.merging([parameter: replaced]) { $1 }
            if let changed = try? Value(named: name, parameters: parameters) {
              _ = changed.configuration.json
              body(changed)
            }
          }
        }
      }
    }
  }

  /// Asks a layer for its output's shape, and computes with it where that and its weights are small.
  private func use<SomeLayer: Layer<Float>>(_ layer: SomeLayer, _ shape: [Int]) throws {
    let merging = layer as? any Merge<Float>
    let output = try merging?.outputShape(forInputs: [shape, shape]) ?? layer.outputShape(for: shape)
    guard let count = Layout.resolvedCount(output), count < 1000 else { return }
    var generator = PhiloxGenerator(seed: 1)
    var placed = layer
    placed.forEachWeight { $0.initializer = $0.initializer.placeholder }
    try placed.build(inputShape: shape, using: &generator)
    guard placed.weights.reduce(0, { $0 + $1.value.count }) < 1000 else { return }
    var built = layer
    try built.build(inputShape: shape, using: &generator)
    let x = Tensor<Float>.ones([2] + shape)
    if let merging {
      _ = try merging([x, x])
    } else {
      _ = try built(x)
      _ = try built(x, training: true, using: &generator)
    }
  }
}

extension Configuration {
  /// What may stand in the place of a number.
  fileprivate static let foreign: [Configuration] = [
    0, -1, .integer(1 << 31), .integer(1 << 62), .integer(.max), .integer(.min), 1e308, -1e308,
    .number(.leastNonzeroMagnitude), .number(.nan), "NaN", nil, true, "x", [], [:],
  ]

  /// This configuration with one of its numbers replaced, for every number and everything that may stand in its place.
  fileprivate var withOtherNumbers: [Configuration] {
    switch self {
    case .integer, .number: Self.foreign
    case .list(let list):
      list.indices.flatMap { index in
        list[index].withOtherNumbers.map { changed in
          var list = list
          list[index] = changed
          return .list(list)
        }
      }
    case .object(let fields):
      fields.sorted { $0.key < $1.key }.flatMap { key, value in
        value.withOtherNumbers.map { .object(fields.merging([key: $0]) { $1 }) }
      }
    default: []
    }
  }
}
