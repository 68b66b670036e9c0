import Activations
import ArgumentParser

/// The parameters of all activations as options, by Keras's names.
struct ParameterOptions: ParsableArguments {
  // Negative numbers would look like options.
  @Option(parsing: .unconditional, help: activations(taking: "alpha"))
  var alpha: Double?

  @Option(parsing: .unconditional, help: activations(taking: "negative_slope"))
  var negativeSlope: Double?

  @Option(parsing: .unconditional, help: activations(taking: "max_value"))
  var maxValue: Double?

  @Option(parsing: .unconditional, help: activations(taking: "min_value"))
  var minValue: Double?

  @Option(parsing: .unconditional, help: activations(taking: "threshold"))
  var threshold: Double?

  @Option(
    name: [.customLong("default-value"), .customLong("value")], parsing: .unconditional,
    help: activations(taking: "default_value"))
  var value: Double?

  @Option(parsing: .unconditional, help: activations(taking: "scale"))
  var scale: Double?

  @Option(parsing: .unconditional, help: activations(taking: "beta"))
  var beta: Double?

  @Option(parsing: .unconditional, help: activations(taking: "b"))
  var b: Double?

  @Option(parsing: .unconditional, help: activations(taking: "lower"))
  var lower: Double?

  @Option(parsing: .unconditional, help: activations(taking: "upper"))
  var upper: Double?

  @Flag(help: activations(taking: "approximate"))
  var approximate = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: "For softmax, glu and similar: an axis, several separated by commas or in separate options, or all.")
  var axis: [String] = []

  /// The given parameters, for `Activation(named:parameters:)`.
  func configurations() throws -> [String: Configuration] {
    let numbers = [
      "alpha": alpha, "negative_slope": negativeSlope, "max_value": maxValue, "min_value": minValue,
      "threshold": threshold, "default_value": value, "scale": scale, "beta": beta, "b": b, "lower": lower,
      "upper": upper,
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
        throw ValidationError("--axis is \"\(word)\"; allowed: integers separated by commas, or all")
      }
      return Configuration.integer(axis)
    }
    return axes.count == 1 ? axes[0] : .list(axes)
  }
}

/// `elu, selu, celu, relu`: the activations with a parameter of the name.
private func activations(taking parameter: String) -> ArgumentHelp {
  let names = BuiltIn.definitions.filter { $0.parameters.contains { $0.isCalled(parameter) } }.map(\.name)
  return ArgumentHelp("\(names.joined(separator: ", ")).")
}
