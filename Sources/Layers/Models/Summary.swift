import Tensor

extension Model {
  /// Returns a table of the layers, the shapes of their outputs and the numbers of their weights, in Keras's format.
  ///
  /// ```swift
  /// print(model.summary())
  /// ```
  ///
  /// Shapes are known if the model is built or begins with an ``Input``; `None` stands for the batch and for arbitrary
  /// lengths. The inputs of a ``Functional`` have rows too, before its layers in the order in which they were added.
  public func summary() -> String { summary(showsCosts: false) }

  /// The same, with the layers' kernels, multiplications for a sample and bytes.
  package func summary(showsCosts: Bool) -> String {
    var table = SummaryTable()
    let costs = showsCosts ? layerCosts : []
    let shapes = graph.freeShapes
    let isChain = graph.isChain
    let firstNodes = graph.firstNodes
    func add(_ title: String, tensor: Int?, _ count: String, _ cost: LayerCost, _ sources: [Int]) {
      let shape = tensor.flatMap { shapes?[$0] }.map(kerasDescription) ?? "?"
      let names = sources.isEmpty ? "-" : sources.map(graph.name(ofTensor:)).joined(separator: ", ")
      table.rows.append([title, shape, count] + (showsCosts ? cost.texts : []) + (isChain ? [] : [names]))
    }
    if form == .functional {
      for (index, name) in graph.inputNames.enumerated() {
        add("\(name) (InputLayer)", tensor: index, "0", LayerCost(), [])
      }
    }
    for (index, stage) in graph.stages.enumerated() {
      let count = stage.layer.isBuilt ? grouped(stage.layer.weights.map(\.value.count).reduce(0, +)) : "0 (unbuilt)"
      let node = firstNodes[index]
      add(
        "\(stage.name) (\(stage.layer.className))", tensor: node.map { graph.nodes[$0].outputs.lowerBound }, count,
        showsCosts ? costs[index] : LayerCost(),
        node.map { graph.nodes[$0].inputs } ?? [])
    }
    let costHeading = showsCosts ? ["Kernel", "Multiplications", "Bytes"] : []
    table.heading = ["Layer (type)", "Output Shape", "Param #"] + costHeading + (isChain ? [] : ["Connected to"])
    table.numberColumns = showsCosts ? [2, 4, 5] : [2]
    return "Model: \"\(name)\"\n" + table.text + counts
  }

  /// The output shapes of a sample for each layer's first use, with `nil` for arbitrary lengths; `nil` if they are not
  /// known.
  package var layerOutputShapes: [[Int?]?] {
    let (shapes, firstNodes) = (graph.freeShapes, graph.firstNodes)
    return stages.indices.map { stage in firstNodes[stage].flatMap { shapes?[graph.nodes[$0].outputs.lowerBound] } }
  }

  /// The costs of each layer's first use.
  package var layerCosts: [LayerCost] {
    let (shapes, firstNodes) = (graph.freeShapes, graph.firstNodes)
    return stages.enumerated().map { index, stage in
      let input = firstNodes[index].flatMap { node in shapes?[graph.nodes[node].inputs[0]] }
      let shape = input.flatMap { lengths in lengths.contains(nil) ? nil : lengths.compactMap(\.self) }
      return LayerCost(
        kernel: stage.layer.kernelShape, multiplications: shape.flatMap { stage.layer.multiplications(for: $0) },
        bytes: stage.layer.weights.map(\.value.count).reduce(0, +) * MemoryLayout<Scalar>.stride)
    }
  }

  /// The multiplications of all uses of all layers for samples of these shapes.
  func multiplications(for inputShapes: [[Int]]) -> Int? {
    guard let shapes = try? graph.shapes(for: inputShapes) else { return nil }
    var sum = 0
    for node in graph.nodes {
      guard let count = stages[node.stage].layer.multiplications(for: shapes[node.inputs[0]]) else { return nil }
      sum += count
    }
    return sum
  }

  private var counts: String {
    var copy = graph
    var weights: [PlannedWeight<Scalar>] = []
    copy.numberWeights(from: &weights, Numbering())
    var (trained, kept) = (0, 0)
    for weight in weights {
      let count = weight.shape.reduce(1, *)
      if weight.isTrained { trained += count } else { kept += count }
    }
    let width = MemoryLayout<Scalar>.stride
    func line(_ name: String, _ count: Int) -> String {
      " \(name) params: \(grouped(count)) (\(bytes(count * width)))\n"
    }
    return line("Total", trained + kept) + line("Trainable", trained) + line("Non-trainable", kept)
  }
}

extension Graph {
  /// The first node of each layer.
  fileprivate var firstNodes: [Int: Int] {
    nodes.indices.reversed().reduce(into: [:]) { $0[nodes[$1].stage] = $1 }
  }
}

/// What a layer takes: a kernel, multiplications for a sample, and bytes of weights.
package struct LayerCost: Sendable {
  /// The kernel's shape; `nil` for a layer without one.
  package var kernel: [Int]?
  /// `nil` if the shapes are not known.
  package var multiplications: Int? = 0
  package var bytes = 0

  fileprivate var texts: [String] {
    [
      kernel.map { $0.map(String.init).joined(separator: " × ") } ?? "-", multiplications.map(grouped) ?? "?",
      grouped(bytes),
    ]
  }
}

/// Formats 1234567 as 1,234,567.
package func grouped(_ count: Int) -> String {
  var digits = Array("\(abs(count))")
  for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
  return (count < 0 ? "-" : "") + String(digits)
}

private func bytes(_ count: Int) -> String {
  var value = Double(count)
  for unit in ["B", "KB", "MB", "GB"] {
    if value < 1024 || unit == "GB" { return "\(fixed(value, 2)) \(unit)" }
    value /= 1024
  }
  return ""
}

/// A table with lines between the columns.
private struct SummaryTable {
  var heading: [String] = []
  var rows: [[String]] = []
  /// The columns that are aligned to the right.
  var numberColumns = [2]

  var text: String {
    let widths = heading.indices.map { column in ([heading] + rows).map { $0[column].count }.max()! }
    func rule(_ left: String, _ middle: String, _ right: String, _ line: String) -> String {
      left + widths.map { String(repeating: line, count: $0 + 2) }.joined(separator: middle) + right + "\n"
    }
    func row(_ fields: [String], _ bar: String) -> String {
      let cells = fields.enumerated().map { column, field in
        let padding = String(repeating: " ", count: widths[column] - field.count)
        return numberColumns.contains(column) ? " \(padding)\(field) " : " \(field)\(padding) "
      }
      return bar + cells.joined(separator: bar) + bar + "\n"
    }
    let body = rows.map { row($0, "│") }.joined(separator: rule("├", "┼", "┤", "─"))
    return rule("┏", "┳", "┓", "━") + row(heading, "┃") + rule("┡", "╇", "┩", "━") + body
      + rule("└", "┴", "┘", "─")
  }
}
