import Foundation
import FoundationXML
import Layers
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct HistoryChartTests {
  private let digits = [
    digitsFolder + "/network.json", digitsFolder + "/x_train.npy", digitsFolder + "/y_train.npy",
  ]

  /// Trained on numbers that a line explains, so that the loss falls by powers of ten.
  private func history(epochs: Int, validation: Bool) throws -> History {
    var model = Sequential<Float> {
      Input(1)
      Dense(1)
    }
    model.compile(optimizer: .sgd(learningRate: 0.3), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
    var generator = PhiloxGenerator(seed: 1)
    let x = Tensor<Float>.linspace(-1, 1, count: 64).reshaped([64, 1])
    return try model.fit(
      x, 3 * x, batchSize: 64, epochs: epochs, validationSplit: validation ? 0.25 : 0, progress: .none,
      using: &generator)
  }

  @Test func `each result has a chart with training and validation`() throws {
    let charts = Chart.charts(try history(epochs: 5, validation: true))
    #expect(charts.map(\.title) == ["loss", "mean_absolute_error"])
    for chart in charts {
      #expect(chart.series.map(\.label) == ["training", "validation"])
      #expect(chart.series[0].solid?.points.map(\.x) == [1, 2, 3, 4, 5])
      #expect(chart.series[1].dashed?.points.count == 5 && chart.xRange == 1...5)
    }
    #expect(
      Chart.charts(try history(epochs: 5, validation: false)).map { $0.series.map(\.label) } == [
        ["training"], ["training"],
      ])
    #expect(Chart.charts(History()).isEmpty)
    #expect(Chart.charts(try history(epochs: 1, validation: false))[0].xRange == 0.5...1.5)
  }

  @Test func `results that span powers of ten have a logarithmic axis`() throws {
    let chart = Chart.charts(try history(epochs: 60, validation: false))[0]
    #expect(chart.yKind == .logarithmic && chart.xKind == .whole && !chart.hasPoints)
    #expect(Chart.charts(try history(epochs: 2, validation: false))[0].yKind == .linear)
  }

  @Test(arguments: [
    (0.5...200.0, AxisScale.Kind.logarithmic, 6, ["1", "10", "100"]),
    (1e-9...10, .logarithmic, 6, ["1e-08", "1e-06", "0.0001", "0.01", "1"]),
    (0.9...110, .logarithmic, 8, ["1", "2", "5", "10", "20", "50", "100"]),
    (1...3, .whole, 8, ["1", "2", "3"]), (1...40, .whole, 6, ["10", "20", "30", "40"]),
  ])
  func `ticks are powers of ten or whole numbers`(
    range: ClosedRange<Double>, kind: AxisScale.Kind, count: Int, labels: [String]
  ) {
    let scale = AxisScale(range, kind, ticks: count)
    #expect(scale.ticks.map { scale.label($0) } == labels)
    #expect(scale.position(range.lowerBound) == 0 && abs(scale.position(range.upperBound) - 1) < 1e-12)
  }

  @Test func `training draws its curves to a file and, on demand, as text`() throws {
    let plot = temporaryFile("history.svg")
    let run = try runTool(
      ["train"] + digits + ["--epochs", "3", "--validation-split", "0.2", "--plot", plot, "--chart"])
    #expect(run.status == 0, "\(run.errors)")
    let text = try String(contentsOfFile: plot, encoding: .utf8)
    #expect(XMLParser(data: Data(text.utf8)).parse())
    for part in ["loss", "accuracy", "training", "validation", "epoch"] { #expect(text.contains(">\(part)</text>")) }
    #expect(text.contains("url(#frame)") && text.contains("url(#frame1)"))
    #expect(run.text.contains("a training") && run.text.contains("validation"))
    #expect(run.text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    let silent = try runTool(["train"] + digits + ["--epochs", "1"])
    #expect(silent.status == 0 && !silent.text.contains("a training"))
  }

  @Test func `the line between distant points is drawn in each column`() {
    let curve = Curve(through: [Point(x: 0, y: 0), Point(x: 1, y: .nan), Point(x: 2, y: 1), Point(x: 4, y: 3)])
    #expect(curve.lines.map(\.count) == [1, 2])
    let chart = Chart(
      title: nil, description: "", series: [.init(label: "a", dashedLabel: "", solid: curve, dashed: nil)],
      xRange: 0...4, yRange: 0...3)
    let text = TerminalChart.text(chart, columns: 40, rows: 12, style: .plain)
    let drawn = text.split(separator: "\n").flatMap {
      $0.enumerated().filter { ("\u{2801}"..."\u{28FF}").contains($0.element) }
    }
    // All columns of the second half, and the point at the beginning.
    #expect(Set(drawn.map(\.offset)).count >= 18)
  }

  @Test func `plots that cannot be written are refused before training`() throws {
    let unwritable = try Train.parse(digits + ["--epochs", "1000000", "--plot", "/no/such/folder/a.svg"])
    let error = #expect(throws: FileError.self) { try unwritable.run() }
    #expect("\(error!)" == "/no/such/folder/a.svg: expected a file in a folder that exists, found none")
    for (options, text) in [
      (["--plot", "a.png"], "--plot is a.png; allowed: names that end in .svg"),
      (["--json", "--chart"], "--json and --chart exclude each other"),
    ] {
      let error = #expect(throws: (any Error).self) { try Train.parse(digits + options) }
      #expect(Train.message(for: error!) == text)
    }
  }

  @Test func `the confusion matrix is drawn with its numbers`() throws {
    let plot = temporaryFile("confusion.svg")
    try Classify.parse([digitsFolder, "--draw", "0", "--plot", plot]).run()
    let text = try String(contentsOfFile: plot, encoding: .utf8)
    #expect(XMLParser(data: Data(text.utf8)).parse())
    #expect(text.contains(">Labels and predictions of 450 images</text>"))
    #expect(text.components(separatedBy: "fill-opacity").count == 101)
    let error = #expect(throws: (any Error).self) { try Classify.parse(["--images", "x.npy", "--plot", plot]) }
    #expect(Classify.message(for: error!) == "--plot takes labels, which --images does not have")
  }
}
