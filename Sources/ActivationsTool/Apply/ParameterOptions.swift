import Activations
import ArgumentParser

/// Parameters of activations as options, by Keras's names. Which of them an activation has, the activation says.
struct ParameterOptions: ParsableArguments {
  // Numbers may be negative and would look like options.
  @Option(parsing: .unconditional, help: "elu, celu: the scale; relu, leaky_relu: as --negative-slope.")
  var alpha: Double?

  @Option(parsing: .unconditional, help: "relu, leaky_relu: the slope below the threshold.")
  var negativeSlope: Double?

  @Option(parsing: .unconditional, help: "relu, hard_tanh: the largest value.")
  var maxValue: Double?

  @Option(parsing: .unconditional, help: "hard_tanh: the smallest value.")
  var minValue: Double?

  @Option(parsing: .unconditional, help: "relu, threshold, hard_shrink, soft_shrink.")
  var threshold: Double?

  @Option(
    name: [.customLong("default-value"), .customLong("value")], parsing: .unconditional,
    help: "threshold: what stands for elements up to the threshold.")
  var value: Double?

  @Option(parsing: .unconditional, help: "softplus: the factor.")
  var beta: Double?

  @Option(parsing: .unconditional, help: "squareplus.")
  var b: Double?

  @Option(parsing: .unconditional, help: "rrelu: the smallest slope.")
  var lower: Double?

  @Option(parsing: .unconditional, help: "rrelu: the largest slope.")
  var upper: Double?

  @Flag(help: "gelu: its form by tanh.")
  var approximate = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: "softmax, glu and their like: an axis, several separated by commas or in options of their own, or all.")
  var axis: [String] = []

  /// What was given, as `Activation(named:parameters:)` takes it.
  func configurations() throws -> [String: Configuration] {
    let numbers = [
      "alpha": alpha, "negative_slope": negativeSlope, "max_value": maxValue, "min_value": minValue,
      "threshold": threshold, "value": value, "beta": beta, "b": b, "lower": lower, "upper": upper,
    ]
    var result = numbers.compactMapValues { $0.map(Configuration.number) }
    if approximate { result["approximate"] = .flag(true) }
    if !axis.isEmpty { result["axis"] = try axes() }
    return result
  }

  private func axes() throws -> Configuration {
    if axis == ["all"] { return .null }
    let axes = try axis.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map { word in
      guard let axis = Int(word) else {
        throw ValidationError("--axis is \"\(word)\", allowed are integers with commas between, or all")
      }
      return Configuration.integer(axis)
    }
    return axes.count == 1 ? axes[0] : .list(axes)
  }
}
