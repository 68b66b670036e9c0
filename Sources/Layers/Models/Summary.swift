import Tensor

extension Model {
  /// The layers with their outputs' shapes and the number of their weights, as Keras prints them.
  ///
  /// ```swift
  /// print(model.summary())
  /// ```
  ///
  /// Shapes are known when the model is built or begins with an ``Input``; `None` stands for the batch.
  public func summary() -> String {
    var table = SummaryTable()
    let shapes = graph.inputShapes.flatMap { try? graph.shapes(for: $0) }
    let isFunctional = graph.nodes.contains { $0.isMerging } || graph.inputCount > 1
    var seen: Set<Int> = []
    for (index, node) in graph.nodes.enumerated() where seen.insert(node.stage).inserted {
      let stage = graph.stages[node.stage]
      let shape = shapes.map { keras($0[graph.inputCount + index]) } ?? "?"
      let count = stage.layer.isBuilt ? grouped(stage.layer.weights.map(\.value.count).reduce(0, +)) : "0 (unbuilt)"
      var row = ["\(stage.name) (\(stage.layer.className))", shape, count]
      if isFunctional { row.append(node.inputs.map { graph.name(ofTensor: $0) }.joined(separator: ", ")) }
      table.rows.append(row)
    }
    table.heading = ["Layer (type)", "Output Shape", "Param #"] + (isFunctional ? ["Connected to"] : [])
    return "Model: \"\(name)\"\n" + table.text + counts
  }

  private func keras(_ shape: [Int]) -> String {
    "(" + (["None"] + shape.map(String.init)).joined(separator: ", ") + (shape.isEmpty ? "," : "") + ")"
  }

  private var counts: String {
    var copy = graph
    copy.applyTrainability()
    var (trained, kept) = (0, 0)
    copy.forEachWeight { weight in
      if weight.isTrainable && !weight.isFrozen { trained += weight.value.count } else { kept += weight.value.count }
    }
    let width = MemoryLayout<Scalar>.stride
    func line(_ name: String, _ count: Int) -> String {
      " \(name) params: \(grouped(count)) (\(bytes(count * width)))\n"
    }
    return line("Total", trained + kept) + line("Trainable", trained) + line("Non-trainable", kept)
  }
}

/// 1234567 as 1,234,567.
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

  var text: String {
    let widths = heading.indices.map { column in ([heading] + rows).map { $0[column].count }.max()! }
    func rule(_ left: String, _ middle: String, _ right: String, _ line: String) -> String {
      left + widths.map { String(repeating: line, count: $0 + 2) }.joined(separator: middle) + right + "\n"
    }
    func row(_ fields: [String], _ bar: String) -> String {
      let cells = fields.enumerated().map { column, field in
        let padding = String(repeating: " ", count: widths[column] - field.count)
        return column == 2 ? " \(padding)\(field) " : " \(field)\(padding) "
      }
      return bar + cells.joined(separator: bar) + bar + "\n"
    }
    let body = rows.map { row($0, "│") }.joined(separator: rule("├", "┼", "┤", "─"))
    return rule("┏", "┳", "┓", "━") + row(heading, "┃") + rule("┡", "╇", "┩", "━") + body
      + rule("└", "┴", "┘", "─")
  }
}
