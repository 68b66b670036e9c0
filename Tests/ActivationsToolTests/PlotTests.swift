import Activations
import Foundation
import FoundationXML
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct PlotTests {
  private func chart(
    _ names: [String], _ content: Chart.Content = .both, xRange: ClosedRange<Double> = -6...6,
    yRange: ClosedRange<Double>? = nil
  ) throws -> Chart {
    try Chart(
      names.map { try CurveSpecification($0) }, title: nil, content: content, xRange: xRange, yRange: yRange)
  }

  @Test(arguments: [
    (-6.0...6, 10, ["-6", "-4", "-2", "0", "2", "4", "6"]),
    (0...1, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (-0.07...0.11, 4, ["-0.05", "0.00", "0.05", "0.10"]),
    (990...1010, 4, ["990", "995", "1000", "1005", "1010"]),
    (0...1e9, 2, ["0", "500000000", "1000000000"]),
  ])
  func `ticks are round numbers`(range: ClosedRange<Double>, count: Int, labels: [String]) {
    let scale = AxisScale(range, ticks: count)
    #expect(scale.ticks.map { scale.label($0) } == labels)
    #expect(scale.position(range.lowerBound) == 0 && scale.position(range.upperBound) == 1)
  }

  @Test func `a curve ends where its function jumps, and only there`() throws {
    func curve(_ f: Activation<Double>) throws -> Curve { try Curve(over: -6...6) { try f($0) } }
    #expect(try curve(.gelu).lines.count == 1)
    #expect(try curve(.exponential).lines.count == 1)
    #expect(try curve(.relu).lines.count == 1)
    let shrink = try curve(.hardShrink(threshold: 0.7)).lines
    #expect(shrink.count == 3)
    #expect(abs(shrink[0].last!.x + 0.7) < 1e-9 && abs(shrink[1].last!.x - 0.7) < 1e-9)
    #expect(abs(shrink[0].last!.y + 0.7) < 1e-9 && shrink[1].allSatisfy { $0.y == 0 })
    let slope = try Curve(over: -6...6) { try Activation<Double>.hardTanh.derivative(at: $0) }
    #expect(slope.lines.map { $0[0].y } == [0, 1, 0])
  }

  @Test func `what is not finite is left out`() throws {
    let curve = Curve(over: -1...1) { x in 1 / x }
    #expect(curve.lines.count == 2)
    #expect(curve.points.allSatisfy { $0.y.isFinite })
  }

  @Test func `points on a line are left out`() {
    let line = (0...100).map { Point(x: Double($0), y: Double($0) / 2) }
    #expect(simplified(line, tolerance: 0.01) == [line[0], line[100]])
    var bent = line
    bent[50].y += 1
    #expect(simplified(bent, tolerance: 0.01).contains(bent[50]))
    let parabola = (0...1000).map { Point(x: Double($0), y: Double($0 * $0) / 1000) }
    let few = simplified(parabola, tolerance: 0.5)
    #expect(few.count < 40)
    #expect(few.first == parabola.first && few.last == parabola.last)
  }

  @Test func `an activation is named with its parameters`() throws {
    let plain = try CurveSpecification("gelu")
    #expect(plain.activation == .gelu && plain.label == "gelu")
    let relu = try CurveSpecification("relu:negative_slope=0.1,max_value=none")
    #expect(relu.activation == .relu(alpha: 0.1) && relu.label == "relu(negative_slope=0.1, max_value=none)")
    #expect(try CurveSpecification("gelu:approximate=true").activation == .gelu(approximate: true))
  }

  @Test(arguments: [
    ("gellu", "did you mean gelu"),
    ("elu:alpha", "expected: parameter=value"),
    ("elu:alpha=much", "a value is a number, true, false or none"),
    ("elu:alpha=1,alpha=2", "gives alpha twice"),
    ("elu:beta=1", "elu has no parameter beta; it has alpha"),
    ("softmax", "softmax depends on whole lines of a tensor and has no curve"),
  ])
  func `mistakes in a name are told`(name: String, text: String) {
    let error = #expect(throws: (any Error).self) { try CurveSpecification(name) }
    #expect("\(error!)".contains(text), "\(error!)")
  }

  @Test func `the drawing is well-formed, the same each time, and has every part`() throws {
    let names = ["relu", "elu:alpha=0.5", "hard_sigmoid", "gelu", "silu", "mish", "softplus", "tanh", "softsign"]
    for content in [Chart.Content.both, .values, .derivatives] {
      let document = SVGChart.document(try chart(names, content), width: 640, height: 400)
      #expect(document == SVGChart.document(try chart(names, content), width: 640, height: 400))
      let counter = ElementCounter()
      let parser = XMLParser(data: Data(document.utf8))
      parser.delegate = counter
      #expect(parser.parse())
      #expect(counter.texts.isSuperset(of: ["relu", "elu(alpha=0.5)", "softsign"]))
      #expect(counter.texts.contains("derivative") == (content != .values))
      #expect(document.contains("stroke-dasharray") == (content != .values))
      #expect(document.utf8.count < 60_000)
    }
  }

  @Test func `titles are escaped`() throws {
    let path = temporaryFile("a.svg")
    try Plot.parse(["relu", "-o", path, "--title", "a < b & \"c\""]).run()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("<title>a &lt; b &amp; &quot;c&quot;</title>"))
    #expect(XMLParser(data: Data(text.utf8)).parse())
  }

  @Test func `the height follows the curves, but not out of sight`() throws {
    let exponential = try chart(["exponential"], .values)
    #expect(exponential.yRange.upperBound < 7)
    let sigmoid = try chart(["sigmoid"], .values)
    #expect(sigmoid.yRange.lowerBound > -0.1 && sigmoid.yRange.upperBound < 1.1)
    let constant = try chart(["linear"], .derivatives)
    #expect(constant.yRange.contains(1) && constant.yRange.lowerBound < constant.yRange.upperBound)
    let chosen = try chart(["exponential"], yRange: 0...100)
    #expect(chosen.yRange == 0...100)
  }

  @Test(arguments: [20, 80, 200])
  func `the terminal's width is kept`(width: Int) throws {
    let text = TerminalChart.text(try chart(["elu", "tanh"], .values), columns: width, rows: 20, style: .plain)
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= width }, "\(text)")
    #expect(!text.contains("\u{1B}"))
    #expect(text.contains("a elu") && text.contains("b tanh"))
    #expect(lines.contains { $0.contains { ("\u{2801}"..."\u{28FF}").contains($0) } })
  }

  @Test(arguments: [
    (["relu", "--range", "1"], "--range"), (["relu", "--range", "3,1"], "--range"),
    (["relu", "--range", "0,nan"], "--range"), (["relu", "--y-range", "0,inf"], "--y-range"),
    (["relu", "--size", "80"], "--size"), (["relu", "--size", "1x1", "-o", "a.svg"], "--size"),
    (["relu", "--values", "--derivatives"], "exclude"), ([], "<names>"),
  ])
  func `options outside their ranges are refused`(arguments: [String], text: String) {
    let error = #expect(throws: (any Error).self) { try Plot.parse(arguments) }
    #expect(Plot.message(for: error!).contains(text), "\(Plot.message(for: error!))")
  }

  @Test func `a file that cannot be written is named`() throws {
    let command = try Plot.parse(["relu", "-o", "/no/such/folder/a.svg"])
    let error = #expect(throws: NumPyFileError.self) { try command.run() }
    #expect("\(error!)".hasPrefix("/no/such/folder/a.svg: expected a file that can be opened for writing, found "))
  }
}

private final class ElementCounter: NSObject, XMLParserDelegate {
  var texts: Set<String> = []
  private var text = ""

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) { text = "" }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if name == "text" { texts.insert(text) }
  }
}
