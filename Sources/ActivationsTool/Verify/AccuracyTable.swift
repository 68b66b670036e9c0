import Foundation

/// The largest errors of each activation over its parameters and the instruction sets, as a Markdown table.
struct AccuracyTable {
  private struct Cell {
    var error = 0.0
    var results = 0
    var notCorrectlyRounded = 0
    var isBroken = false
  }
  private struct Column: Hashable {
    let precision: Check.Precision
    let direction: Direction
    var title: String { (precision == .float ? "Float" : "Double") + ", \(direction.rawValue)" }
  }

  private var activations: [String] = []
  private var cells: [String: [Column: Cell]] = [:]

  mutating func add(_ finding: Finding) {
    let check = finding.check
    if cells[check.activation] == nil { activations.append(check.activation) }
    let column = Column(precision: check.precision, direction: check.direction)
    for (_, tally) in finding.tallies {
      var cell = cells[check.activation, default: [:]][column] ?? Cell()
      cell.error = max(cell.error, tally.largestError)
      cell.results += tally.results
      cell.notCorrectlyRounded += tally.notCorrectlyRounded
      cell.isBroken = cell.isBroken || !tally.broken.isEmpty
      cells[check.activation, default: [:]][column] = cell
    }
  }

  var markdown: String {
    let all: [Column] = [
      Column(precision: .float, direction: .value), Column(precision: .float, direction: .slope),
      Column(precision: .double, direction: .value), Column(precision: .double, direction: .slope),
    ]
    let columns = all.filter { column in cells.values.contains { $0[column] != nil } }
    var lines = [
      "| largest error in ulp (not correctly rounded) | " + columns.map(\.title).joined(separator: " | ") + " |"
    ]
    lines.append("|---|" + String(repeating: "---|", count: columns.count))
    for activation in activations {
      let row = columns.map { column in
        guard let cell = cells[activation]?[column] else { return "" }
        let share = 100 * Double(cell.notCorrectlyRounded) / Double(max(cell.results, 1))
        return String(format: "%.3f", cell.error) + (cell.isBroken ? " and broken rules" : "")
          + String(format: " (%.2g%%)", share)
      }
      lines.append("| \(activation) | " + row.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n")
  }

  /// The table with a description of the measurement, as an article of the documentation.
  func document(every: Int, instructionSets: [String], command: String) -> String {
    let inputs = every == 1 ? "all 2^32" : "every \(every)th by its bits, and special values"
    let date = Date().formatted(.iso8601.year().month().day())
    return """
      # Measured errors

      The largest error of each activation, over every \(every == 1 ? "" : "\(every)th ")Float, its parameters and the instruction sets.

      ## Overview

      \(date) on \(processor), instruction sets \(instructionSets.joined(separator: ", ")). Each entry is the largest error in ulp, the \
      spacing of numbers at the exact result, over the default parameters, two other settings and all instruction sets; in \
      brackets, the share of results that are not the nearest number. A slope is the pullback of 1; near a root of the slope \
      its error is measured in ulp of 2^-8. Inputs of Float: \(inputs); for softmax and similar functions, random rows of up \
      to 10,000 logits with standard deviation 10. Inputs of Double: difficult and random ones, compared with mpmath's \
      results. <doc:AccuracyOfActivations> describes how errors are measured.

          \(command)

      \(markdown)
      """
  }

  private var processor: String {
    let lines = ((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "").split(separator: "\n")
    let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    return name.map { $0.trimmingCharacters(in: .whitespaces) } ?? "an unknown processor"
  }
}
