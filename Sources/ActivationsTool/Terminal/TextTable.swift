/// Columns of text, as wide as their widest cells; numbers are aligned to the right.
struct TextTable {
  struct Column {
    let title: String
    var isNumber = false
    /// The width that a column has at least, where a table is printed in parts.
    var width = 0
  }

  let columns: [Column]
  private(set) var rows: [[String]] = []

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// - Parameter hasTitles: whether the titles stand above the rows.
  func text(_ style: TextStyle = .output, hasTitles: Bool = true) -> String {
    let widths = columns.indices.map { column in
      max(columns[column].width, ([columns[column].title] + rows.map { $0[column] }).map(\.count).max()!)
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - cells[column].count)
        return columns[column].isNumber ? space + cells[column] : cells[column] + space
      }
      var text = padded.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
    let titles = hasTitles ? [style.bold(line(columns.map(\.title)))] : []
    return (titles + rows.map(line)).joined(separator: "\n")
  }
}
