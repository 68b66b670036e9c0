import Activations
import ArgumentParser
import KerasFormat
import Layers
import Tensor

/// The options of a training; the model's own compilation determines those that are not given.
struct TrainingArguments: ParsableArguments {
  @Option(help: "An optimizer: Keras's name (adam, sgd) or its configuration as JSON; adam if the model has none.")
  var optimizer: String?

  @Option(parsing: .unconditional, help: "The optimizer's learning rate.")
  var learningRate: Double?

  @Option(help: "A loss: Keras's name (sparse_categorical_crossentropy, mse) or its configuration as JSON.")
  var loss: String?

  @Option(parsing: .upToNextOption, help: "Metrics, by Keras's names (accuracy) or as JSON.")
  var metrics: [String] = []

  func validate() throws {
    if let learningRate, !(learningRate >= 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate is \(learningRate); allowed: finite numbers of at least 0")
    }
  }

  /// The model's compilation with these options.
  /// - Throws: an error if neither determines the loss.
  func compilation<Scalar: RealScalar>(_ model: Model<Scalar>, _ path: String) throws -> Compilation<Scalar> {
    let loss: Loss<Scalar>? = try value(self.loss)
    let metrics: [Metric<Scalar>] = try self.metrics.compactMap { try value($0) }
    let optimizer: Optimizer<Scalar>? = try value(self.optimizer)
    guard var compilation = model.compilation else {
      guard let loss else {
        throw ValidationError(
          "\(path.onOneLine) does not say how the model is trained: give --loss, for example "
            + "sparse_categorical_crossentropy for classes, mse for numbers")
      }
      return try Compilation(
        optimizer: (optimizer ?? .adam()).with(learningRate: learningRate), loss: loss, metrics: metrics)
    }
    if let loss { compilation.loss = loss }
    if !metrics.isEmpty { compilation.metrics = metrics }
    if let optimizer {
      compilation.optimizer = OptimizerState(try optimizer.with(learningRate: learningRate))
    } else if let learningRate {
      guard compilation.optimizer.canSetLearningRate else {
        throw ValidationError(
          "--learning-rate is given, but a schedule of \(path.onOneLine) determines it; name an --optimizer")
      }
      compilation.optimizer.learningRate = learningRate
    }
    return compilation
  }

  /// Creates the value from a name or from JSON.
  private func value<Value: Configurable>(_ text: String?) throws -> Value? {
    guard let text else { return nil }
    return try Value(configuration: text.first == "{" ? Configuration(json: text) : .string(text))
  }
}

extension Optimizer {
  fileprivate func with(learningRate: Double?) throws -> Self {
    guard let learningRate else { return self }
    return try Self(named: name, parameters: parameters.merging(["learning_rate": .number(learningRate)]) { $1 })
  }
}
