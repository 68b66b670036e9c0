import ArgumentParser
import Layers
import Tensor

struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draws activations with their derivatives, to an SVG file or in the terminal, or the layers of a model.",
    discussion: """
      Parameters of an activation follow its name after a colon:

        activations plot gelu silu -o gates.svg
        activations plot relu:negative_slope=0.1,max_value=6 elu:alpha=0.5

      Values are solid lines, derivatives dashed. Several activations differ in markers, and in colours that people with any \
      colour vision can distinguish.

      A model's file, .keras, .h5 or .json, is drawn as its layers with the shapes of their outputs, nested models in frames:

        activations plot model.keras -o model.svg
      """)

  @Argument(help: "Elementwise activations, as named by list, or the file of a model.")
  var names: [String]

  @Option(name: .shortAndLong, help: "The SVG file; by default, the plot is drawn in the terminal.")
  var output: String?

  // Negative numbers would look like options.
  @Option(parsing: .unconditional, help: "The range of x: two numbers separated by a comma (default: -6,6).")
  var range: String?

  @Option(parsing: .unconditional, help: "The range of y; by default, that of the curves, limited to that of x.")
  var yRange: String?

  @Flag(help: "Values alone.")
  var values = false

  @Flag(help: "Derivatives alone.")
  var derivatives = false

  @Option(help: "The title.")
  var title: String?

  @Option(help: "Width and height, such as 800x500: pixels for a file, characters for a terminal.")
  var size: String?

  func validate() throws {
    if values && derivatives { throw ValidationError("--values and --derivatives exclude each other") }
    try output.map { try requireSVGName($0, "--output") }
    _ = try range.map { try interval("range", $0) }
    _ = try yRange.map { try interval("y-range", $0) }
    _ = try chosenSize()
    try requireModelAlone()
  }

  func run() throws {
    if let model = names.first(where: Self.isFile), let output {
      return try write(SVGDiagram.document(drawnModel(model), title: title), to: output)
    }
    let chart = try Chart(
      names.map { try CurveSpecification($0) }, title: title,
      content: values ? .values : derivatives ? .derivatives : .both,
      xRange: range.map { try interval("range", $0) } ?? -6...6,
      yRange: yRange.map { try interval("y-range", $0) })
    let (width, height) = try chosenSize()
    if let output {
      try write(SVGChart.document(chart, width: width, height: height), to: output)
    } else {
      print(TerminalChart.text(chart, columns: width, rows: height, style: .output))
    }
  }

  /// Names of activations have neither a point nor a slash.
  private static func isFile(_ name: String) -> Bool { name.prefix { $0 != ":" }.contains { $0 == "." || $0 == "/" } }

  private func requireModelAlone() throws {
    guard let model = names.first(where: Self.isFile) else { return }
    if names.count > 1 {
      throw ValidationError("\(model.onOneLine) is a file: a model is drawn alone, and \(names.count) names are given")
    }
    for (name, isGiven) in [
      ("values", values), ("derivatives", derivatives), ("range", range != nil), ("y-range", yRange != nil),
      ("size", size != nil),
    ] where isGiven {
      throw ValidationError("--\(name) is for activations, and \(model.onOneLine) is a file")
    }
    if output == nil { throw ValidationError("a model is drawn to a file: give --output, such as model.svg") }
  }

  private func drawnModel(_ path: String) throws -> Model<Float> {
    var model: Model<Float> = try openModel(path, compile: false)
    // Only shapes, so that an architecture has the numbers of its weights too.
    if !model.isBuilt { try? model.placeWeights() }
    return model
  }

  private func interval(_ option: String, _ text: String) throws -> ClosedRange<Double> {
    let ends = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    if ends.count == 2, let low = ends[0], let high = ends[1], low < high, abs(low) <= 1e9, abs(high) <= 1e9,
      high - low >= 1e-6 * max(abs(low), abs(high), 1e-3)
    {
      return low...high
    }
    throw ValidationError(
      "--\(option) is \"\(text)\"; expected: two numbers separated by a comma, of magnitudes up to 1e9, the smaller one first"
    )
  }

  private func chosenSize() throws -> (Int, Int) {
    let limits = output == nil ? (20...1000, 8...500) : (200...10_000, 150...10_000)
    guard let size else {
      return output == nil ? (Terminal.width, min(max(Terminal.height - 2, 12), Terminal.width / 3)) : (800, 500)
    }
    let numbers = size.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    if numbers.count == 2, let width = numbers[0], let height = numbers[1], limits.0.contains(width),
      limits.1.contains(height)
    {
      return (width, height)
    }
    let (widths, heights) = limits
    throw ValidationError(
      "--size is \"\(size)\"; expected: widthxheight, such as 800x500, with widths from \(widths.lowerBound) to "
        + "\(widths.upperBound) and heights from \(heights.lowerBound) to \(heights.upperBound)")
  }
}
