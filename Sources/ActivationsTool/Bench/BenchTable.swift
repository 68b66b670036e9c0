import Foundation

/// Prints nanoseconds as they are measured: a row for each operation, a column for each size.
final class BenchTable {
  private let sizes: [Int]
  private var column = 0

  init(sizes: [Int]) {
    self.sizes = sizes
    print(label("ns per element") + sizes.map { cell("\($0)") }.joined())
  }

  /// The cases of an operation arrive in the order of the sizes.
  func add(_ line: BenchLine) {
    let figure = cell(String(format: "%.3f", line.nanoseconds))
    column = (column + 1) % sizes.count
    print((column == 1 || sizes.count == 1 ? label(line.operation) : "") + figure, terminator: column == 0 ? "\n" : "")
  }

  private func label(_ text: String) -> String { text.padding(toLength: 28, withPad: " ", startingAt: 0) }
  private func cell(_ text: String) -> String { String(repeating: " ", count: max(1, 12 - text.count)) + text }
}
