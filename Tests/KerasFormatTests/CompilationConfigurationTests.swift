import Testing

@testable import KerasFormat
@testable import Layers

@Suite struct CompilationConfigurationTests {
  @Test(arguments: KerasConfigurations.both, ["compilations", "training"])
  func `what Keras compiles with is read and written`(_ keras: KerasConfigurations, _ kind: String) throws {
    if keras.dialect == .keras3 && kind == "training" { return }
    for (name, configuration) in keras[kind] {
      let compilation = try Compilation<Float>(configuration: configuration, dialect: keras.dialect)
      let again = try Compilation<Float>(
        configuration: Configuration(json: compilation.configuration.json))
      #expect(again.configuration == compilation.configuration, "\(name)")
      #expect(again.optimizer.optimizer == compilation.optimizer.optimizer, "\(name)")
      #expect(again.loss == compilation.loss && again.metrics == compilation.metrics, "\(name)")
    }
  }

  @Test(arguments: KerasConfigurations.both)
  func `losses and metrics are those that were meant`(_ keras: KerasConfigurations) throws {
    let objects = try Compilation<Float>(configuration: try #require(keras["compilations"]["objects"]))
    #expect(objects.loss == .binaryCrossentropy(fromLogits: true, labelSmoothing: 0.25))
    #expect(
      objects.metrics == [
        .topKCategoricalAccuracy(k: 2).named("top"), .equality.named("equal"), .areaUnderCurve.named("auc"),
      ])
    #expect(objects.weightedMetrics == [.meanSquaredError.named("error")])
    let optimizer = objects.optimizer.optimizer
    #expect(optimizer.name == "SGD" && optimizer.clipping == .norm(1))
    #expect(optimizer.learningRate(250) == 0.5 * 0.0625)
    let names = try Compilation<Float>(configuration: try #require(keras["compilations"]["names"]))
    #expect(names.metrics == [.accuracy, .meanSquaredError.named("mse")])
    let scaled = try Compilation<Float>(
      configuration: try #require(KerasConfigurations.keras3["compilations"]["LossScaleOptimizer"]))
    #expect(scaled.optimizer.optimizer.name == "Adam")
    let sum = try Compilation<Float>(configuration: try #require(keras["compilations"]["sum"]))
    #expect(sum.loss.reduction == .sum)
  }

  @Test func `functions that Keras 2 wraps keep their names`() throws {
    let names = try Compilation<Float>(configuration: try #require(KerasConfigurations.keras2["training"]["names"]))
    #expect(names.metrics == [.categoricalAccuracy.named("accuracy"), .meanSquaredError.named("mse")])
  }

  @Test func `the class Accuracy is equality and the word suits the shapes`() throws {
    #expect(try Metric<Float>(configuration: "accuracy") == .accuracy)
    #expect(try Metric<Float>(configuration: "Accuracy").named("accuracy") == .accuracy)
    let object: Configuration = ["class_name": "Accuracy", "config": ["name": "exact"]]
    #expect(try Metric<Float>(configuration: object) == .equality.named("exact"))
    #expect(Metric<Float>.equality.configuration["class_name"] == "Accuracy")
    #expect(Metric<Float>.accuracy.configuration == "accuracy")
    #expect(try Metric<Float>(named: "huber").configuration == "huber")
  }

  @Test func `losses are written as classes`() throws {
    let loss = Loss<Float>.categoricalCrossentropy(fromLogits: true)
    #expect(loss.configuration["class_name"] == "CategoricalCrossentropy")
    #expect(loss.configuration["config"]?["from_logits"] == true)
    #expect(try Loss<Float>(configuration: loss.configuration) == loss)
    for name in Loss<Float>.names {
      let loss = try Loss<Float>(named: name)
      #expect(try Loss<Float>(configuration: loss.configuration) == loss)
    }
  }

  @Test(
    arguments: [
      (["optimizer": "adam"], "compile_config: loss is missing; allowed: names and objects"),
      (
        ["optimizer": "adam", "loss": ["mse", "mae"]],
        "compile_config: loss is that of 2 outputs; allowed: that of the one output"
      ),
      (
        ["optimizer": "adam", "loss": ["class_name": "MeanSquaredError", "config": ["reduction": "none"]]],
        "mean_squared_error: reduction is \"none\"; allowed: sum_over_batch_size, sum, mean, mean_with_sample_weight"
      ),
      (
        ["optimizer": "adam", "loss": ["class_name": "MeanSquaredError", "config": ["reduction": nil]]],
        "mean_squared_error: reduction is null; allowed: sum_over_batch_size, sum, mean, mean_with_sample_weight"
      ),
      (
        ["optimizer": ["class_name": "Custom>SGD", "config": ["decay": -0.5, "lr": 1]], "loss": "mse"],
        "SGD: decay is -0.5; allowed: finite numbers of at least 0"
      ),
      (
        [
          "optimizer": [
            "class_name": "SGD",
            "config": ["decay": 0.5, "learning_rate": ["class_name": "CosineDecay", "config": [:]]],
          ], "loss": "mse",
        ],
        "SGD: decay is 0.5; allowed: 0 if a schedule determines the learning rate"
      ),
      (
        ["optimizer": "adam", "loss": "mse", "loss_weights": ["a"]],
        "compile_config: loss_weights is \"a\"; allowed: finite numbers"
      ),
      (
        ["optimizer": "adam", "loss": "mse", "metrics": [["mae"], ["mse"]]],
        "compile_config: metrics is that of 2 outputs; allowed: that of the one output"
      ),
    ] as [(Configuration, String)])
  func `what has no counterpart is named`(_ configuration: Configuration, _ text: String) throws {
    let error = #expect(throws: (any Error).self) { try Compilation<Float>(configuration: configuration) }
    #expect("\(error!)" == text)
  }

  @Test(
    arguments: [
      [
        "loss": ["mse", "mae"], "loss_weights": [0.5, 2], "metrics": [nil, ["mae", "mse"]],
        "weighted_metrics": ["mse", nil],
      ],
      [
        "loss": ["a": "mse", "b": "mae"], "loss_weights": ["b": 2, "a": 0.5], "metrics": ["b": ["mae", "mse"]],
        "weighted_metrics": ["a": "mse"],
      ],
    ] as [Configuration])
  func `each output has its part`(_ configuration: Configuration) throws {
    let compilation = try Compilation<Float>(configuration: configuration, outputNames: ["a", "b"])
    let (first, second) = (compilation.objectives[0], compilation.objectives[1])
    #expect(first.loss == .meanSquaredError && first.weight == 0.5 && first.metrics.isEmpty)
    #expect(first.weightedMetrics.map(\.name) == ["mse"] && second.weightedMetrics.isEmpty)
    #expect(second.loss == .meanAbsoluteError && second.weight == 2)
    #expect(second.metrics.map(\.name) == ["mae", "mse"])
    let again = try Compilation<Float>(configuration: compilation.configuration, outputNames: ["a", "b"])
    #expect(again.configuration == compilation.configuration)
  }

  @Test func `what stands alone is for every output`() throws {
    let names = ["a", "b"]
    let one = try Compilation<Float>(configuration: ["loss": "mse", "metrics": "mae"], outputNames: names)
    #expect(one.objectives.map(\.loss) == [.meanSquaredError, .meanSquaredError])
    #expect(one.objectives.map { $0.metrics.map(\.name) } == [["mae"], ["mae"]])
    let lists = try Compilation<Float>(
      configuration: ["loss": ["mse", nil], "metrics": ["mae", "mse"]], dialect: .keras2, outputNames: names)
    #expect(lists.objectives.map(\.loss) == [.meanSquaredError, nil])
    #expect(lists.objectives.allSatisfy { $0.metrics.map(\.name) == ["mae", "mse"] })
    let three = try Compilation<Float>(
      configuration: ["loss": "mse", "metrics": ["mae", "mse"]], dialect: .keras3, outputNames: names)
    #expect(three.objectives.map { $0.metrics.map(\.name) } == [["mae"], ["mse"]])
  }

  @Test(
    arguments: [
      (["loss": ["mse"]], "compile_config: loss is a list of 1; allowed: lists for the outputs a, b"),
      (
        ["loss": "mse", "metrics": ["c": "mae"]],
        "compile_config: metrics is that of an output \"c\"; allowed: those of a, b"
      ),
      (["loss": [nil, nil]], "compile_config: loss is missing; allowed: names and objects"),
      (
        ["loss": "mse", "loss_weights": [1, .number(.infinity)]],
        "compile_config: loss_weights is inf; allowed: finite numbers"
      ),
    ] as [(Configuration, String)])
  func `what does not fit the outputs is named`(_ configuration: Configuration, _ text: String) throws {
    let error = #expect(throws: (any Error).self) {
      try Compilation<Float>(configuration: configuration, outputNames: ["a", "b"])
    }
    #expect("\(error!)" == text)
  }

  @Test func `Keras 2's rate and decay are a schedule`() throws {
    let configuration: Configuration = [
      "optimizer_config": ["class_name": "SGD", "config": ["lr": 0.5, "decay": 0.25, "momentum": 0.5]], "loss": "mse",
    ]
    let compilation = try Compilation<Float>(configuration: configuration, dialect: .keras2)
    #expect(
      compilation.optimizer.optimizer
        == .sgd(learningRate: .inverseTimeDecay(initialRate: 0.5, steps: 1, decayRate: 0.25), momentum: 0.5))
    #expect(try Compilation<Float>(configuration: ["loss": "mse"]).optimizer.optimizer == .rmsprop())
  }

  @Test func `what has no counterpart is noted by the model`() throws {
    var fields = try #require(Sequential<Float> { Dense(3) }.configuration.asObject)
    fields["compile_config"] = ["optimizer": "adem", "loss": "mse", "metrics": ["mae", "own"]]
    let model: Model<Float> = try readModel(configuration: .object(fields))
    #expect(model.compilation?.metrics.map(\.name) == ["mae"])
    #expect(model.compilation?.optimizer.optimizer == .rmsprop())
    #expect(
      model.notes == [
        "compile_config: no optimizer is called \"adem\"; RMSprop replaces it",
        "compile_config: no metric is called \"own\"; it is left out",
      ])
    fields["compile_config"] = ["optimizer": "adam", "loss": 3]
    let other: Model<Float> = try readModel(configuration: .object(fields))
    #expect(other.compilation == nil && other.notes.count == 1)
    #expect(try (readModel(configuration: .object(fields), compile: false) as Model<Float>).notes.isEmpty)
  }

  @Test func `a model keeps what it is compiled with`() throws {
    var model = Sequential<Float> { Dense(3, activation: .softmax) }
    model.compile(optimizer: .adam(learningRate: 0.5), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    let again = try Sequential<Float>(configuration: model.configuration)
    #expect(again.compilation?.loss == .sparseCategoricalCrossentropy && again.compilation?.metrics == [.accuracy])
    #expect(again.compilation?.optimizer.optimizer == .adam(learningRate: 0.5))
    #expect(try Sequential<Float>(configuration: model.configuration, compile: false).compilation == nil)
  }
}
