import Foundation
import FoundationXML
import Layers
import ModelFiles
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct DiagramTests {
  /// Diagrams of models with branches, ways past layers, shared layers and nested models.
  private static let models = ["sequence", "branches", "skips", "shared", "nested", "chain of 120", "cycle", "cells"]

  private func model(_ name: String) throws -> Model<Float> {
    let input = Input<Float>(6)
    switch name {
    case "sequence":
      return Sequential<Float> {
        Input(6)
        Dense(4, activation: .relu)
        Dropout(0.5)
        Dense(3, activation: .softmax)
      }
    case "branches":
      let branches = (1...5).map { Dense<Float>($0, activation: .tanh)(Dense<Float>(4)(input)) }
      return try Functional(
        inputs: input, outputs: Dense<Float>(2)(SharedLayer(Concatenate<Float>())(branches + [input])))
    case "skips":
      var (x, skips) = (Dense<Float>(6)(input), [Symbol<Float>]())
      for _ in 0..<4 {
        skips.append(x)
        x = Add<Float>()(Dense<Float>(6)(Dense<Float>(6)(x)), x)
      }
      for skip in skips.reversed() { x = Dense<Float>(6)(Concatenate<Float>()(x, skip)) }
      return try Functional(inputs: input, outputs: x)
    case "shared":
      let (left, right) = (Input<Float>(6).named("left"), Input<Float>(6).named("right"))
      let tower = SharedLayer(
        Sequential<Float> {
          Dense(4)
          Dense(3)
        }.named("tower"))
      return try Functional(inputs: [left, right], outputs: Subtract<Float>()(tower(left), tower(right)))
    case "nested":
      let (a, b) = (Input<Float>(6), Input<Float>(4))
      let inner = try Functional(
        inputs: [a, b],
        outputs: [Concatenate<Float>()(Dense<Float>(3)(a), b), Dense<Float>(2)(Dense<Float>(2)(b))])
      let other = Input<Float>(4)
      let both = inner.named("a model with a long name")([input, other])
      return try Functional(inputs: [input, other], outputs: [both[1], Dense<Float>(1)(both[0])])
    case "cells":
      var (before, x): (Symbol<Float>, Symbol<Float>) = (input, Dense<Float>(6)(input))
      for _ in 0..<12 {
        let (u, v) = (ReLU<Float>()(before), Dense<Float>(6)(x))
        let sums = [
          Add<Float>()(Dense<Float>(6)(Dense<Float>(6)(u)), Dense<Float>(6)(v)), Add<Float>()(Dense<Float>(6)(v), v),
          Add<Float>()(Dense<Float>(6)(u), Dense<Float>(6)(Dense<Float>(6)(u))),
        ]
        (before, x) = (x, SharedLayer(Concatenate<Float>())(sums))
      }
      return try Functional(inputs: input, outputs: x)
    case "cycle":
      let shared = SharedLayer(Dense<Float>(6))
      return try Functional(inputs: input, outputs: shared(Dense<Float>(6)(shared(input))))
    default:
      var x: Symbol<Float> = input
      for _ in 0..<40 { x = Concatenate<Float>()(x, ReLU<Float>()(Dense<Float>(2)(x))) }
      return try Functional(inputs: input, outputs: x)
    }
  }

  private func layout(_ name: String) throws -> DiagramLayout { DiagramLayout(ModelDiagram(try model(name))) }

  @Test(arguments: models) func `boxes do not overlap, and their texts fit`(_ name: String) throws {
    let boxes = try layout(name).boxes
    for (index, one) in boxes.enumerated() {
      #expect(one.text.width <= one.rectangle.width || one.box.kind == .model)
      for other in boxes[..<index] {
        let (a, b) = (other.rectangle, one.rectangle)
        let areApart = a.right + 4 < b.x || b.right + 4 < a.x || a.bottom + 4 < b.y || b.bottom + 4 < a.y
        let isInside = a.x < b.x && b.right < a.right && a.y + DiagramLayout.titleHeight < b.y && b.bottom < a.bottom
        #expect(areApart || other.box.kind == .model && isInside, "\(other.text) and \(one.text)")
      }
    }
  }

  @Test(arguments: models) func `arrows lead from box to box and cross none`(_ name: String) throws {
    let layout = try layout(name)
    #expect(!layout.arrows.isEmpty)
    for arrow in layout.arrows {
      let (start, end) = (arrow.points[0], arrow.points[arrow.points.count - 1])
      func touches(_ point: Point, _ y: (Rectangle) -> Double) -> Bool {
        layout.boxes.contains { box in
          let r = box.rectangle
          return abs(y(r) - point.y) < 1e-6 && (r.x...r.right).contains(point.x)
        }
      }
      #expect(touches(start) { $0.bottom } || touches(start) { $0.y })
      #expect(touches(end) { $0.y } || touches(end) { $0.bottom })
      let boxes = layout.boxes.filter { $0.box.kind != .model }.map(\.rectangle)
      for (from, to) in zip(arrow.points, arrow.points.dropFirst()) {
        // Lines and curves keep within the rectangle of their ends.
        let crossed = boxes.filter { box in
          box.x < max(from.x, to.x) && min(from.x, to.x) < box.right && box.y + 1e-6 < max(from.y, to.y)
            && min(from.y, to.y) < box.bottom - 1e-6
        }
        #expect(crossed.isEmpty, "\(from) to \(to) crosses \(crossed)")
      }
    }
  }

  @Test func `a layer has one box with its name, class, activation and shape`() throws {
    let boxes = ModelDiagram(try model("sequence")).boxes
    #expect(boxes.map(\.name) == ["input_layer", "dense", "dropout", "dense_1"])
    #expect(boxes.map(\.className) == ["InputLayer", "Dense", "Dropout", "Dense"])
    #expect(boxes.map(\.activation) == ["", "relu", "", "softmax"])
    #expect(boxes.map(\.shape) == ["(None, 6)", "(None, 4)", "(None, 4)", "(None, 3)"])
    #expect(boxes.map(\.isOutput) == [false, false, false, true])
  }

  @Test func `a shared layer is one box, unless it would follow itself`() throws {
    let shared = ModelDiagram(try model("shared"))
    #expect(shared.boxes.map(\.className) == ["InputLayer", "InputLayer", "Sequential × 2", "Subtract"])
    #expect(shared.arrows.map(\.source) == [0, 1, 2, 2] && shared.arrows.map(\.target) == [2, 2, 3, 3])
    #expect(ModelDiagram(try model("cycle")).boxes.map(\.name) == ["input_layer", "dense", "dense_1", "dense"])
  }

  @Test func `a branch past layers is straight, and so is the trunk beside it`() throws {
    let layout = try layout("skips")
    let bent = layout.arrows.map { arrow in Set(arrow.points.dropFirst(2).dropLast(2).map(\.x)).count }
    #expect(bent.allSatisfy { $0 <= 1 })
    let trunk = layout.boxes.filter { $0.box.className != "InputLayer" }.map { $0.rectangle.x + $0.rectangle.width / 2 }
    #expect(trunk.allSatisfy { abs($0 - trunk[0]) < 1e-6 })
  }

  @Test func `cells that take the two before do not drift to a side`() throws {
    let layout = try layout("cells")
    #expect(layout.width < 8 * layout.boxes.map(\.rectangle.width).max()!, "\(layout.width)")
  }

  @Test func `numbers are kept apart with the least changes`() {
    func kept(_ wanted: [Double], _ distance: Double) -> [Double] {
      keptApart(
        wanted, weights: wanted.map { _ in 1 }, distances: wanted.indices.map { $0 == 0 ? 0 : distance })
    }
    #expect(kept([0, 10, 20], 5) == [0, 10, 20])
    #expect(kept([5, 5, 5], 2) == [3, 5, 7])
    #expect(kept([0, 1, 9], 3) == [-1, 2, 9])
    #expect(kept([], 3).isEmpty)
  }

  @Test func `the drawing is well-formed and the same each time; names are escaped and shortened`() throws {
    for name in Self.models {
      let document = SVGDiagram.document(try model(name))
      #expect(document == SVGDiagram.document(try model(name)))
      #expect(XMLParser(data: Data(document.utf8)).parse())
    }
    let odd = Sequential<Float> {
      Input(2)
      Dense(2).named("<a & b>")
      Dense(2).named(String(repeating: "long", count: 30))
    }
    let document = SVGDiagram.document(odd, title: "\"title\"")
    #expect(XMLParser(data: Data(document.utf8)).parse())
    #expect(document.contains(">&lt;a &amp; b&gt;</text>") && document.contains(">&quot;title&quot;</text>"))
    #expect(document.contains(">longlonglonglonglon…longlonglonglonglong</text>"))
  }

  @Test func `a model's file is drawn; an architecture too`() throws {
    let (file, architecture) = (temporaryFile("a.svg"), temporaryFile("b.svg"))
    try Plot.parse([digitsFolder + "/digits_snn.keras", "-o", file]).run()
    try Plot.parse([digitsFolder + "/network.json", "-o", architecture, "--title", "digits"]).run()
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains(">selu</text>") && text.contains(">(None, 10)</text>"))
    #expect(try String(contentsOfFile: architecture, encoding: .utf8).contains(">digits</text>"))
  }

  @Test(arguments: [
    (["m.keras"], "a model is drawn to a file: give --output, such as model.svg"),
    (["m.keras", "relu", "-o", "a.svg"], "m.keras is a file: a model is drawn alone, and 2 names are given"),
    (["m.keras", "--range", "0,1", "-o", "a.svg"], "--range is for activations, and m.keras is a file"),
    (["m.keras", "--values", "-o", "a.svg"], "--values is for activations, and m.keras is a file"),
    (["m.keras", "-o", "a.png"], "--output is a.png; allowed: names that end in .svg"),
  ])
  func `options that do not fit a model are refused`(arguments: [String], text: String) {
    let error = #expect(throws: (any Error).self) { try Plot.parse(arguments) }
    #expect(Plot.message(for: error!) == text)
  }

  @Test func `files that hold no model, and files that cannot be written, are named`() throws {
    let array = temporaryFile("x.npy")
    try Tensor<Float>([1]).write(to: array)
    for path in [array, "/no/such/model.keras"] {
      let command = try Plot.parse([path, "-o", temporaryFile("a.svg")])
      let error = #expect(throws: (any Error).self) { try command.run() }
      #expect("\(error!)".hasPrefix("\(path): expected "), "\(error!)")
    }
    let command = try Plot.parse([digitsFolder + "/digits_snn.keras", "-o", "/no/such/folder/a.svg"])
    let error = #expect(throws: (any Error).self) { try command.run() }
    #expect("\(error!)".hasPrefix("/no/such/folder/a.svg: expected a file that can be opened for writing, found "))
  }
}
