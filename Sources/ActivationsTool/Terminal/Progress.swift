import Foundation
import Layers

/// The progress of a long operation on standard error: in place in a terminal; elsewhere, if at all, a line every half
/// minute.
final class Progress: Sendable {
  private struct State {
    var done = 0
    var skipped = 0
    var title = ""
    var lastPrinted: ContinuousClock.Instant
  }

  private let total: Int
  private let unit: String?
  private let printsLines: Bool
  private let state: Lock<State>
  private let start = ContinuousClock.now

  /// - Parameter unit: the counted unit, if its rate is of interest.
  /// - Parameter printsLines: whether anything is printed if standard error is not a terminal.
  init(total: Int, unit: String? = nil, printsLines: Bool = false) {
    self.total = total
    self.unit = unit
    self.printsLines = printsLines
    state = Lock(State(lastPrinted: .now))
  }

  func begin(_ title: String) { state.withLock { $0.title = title } }

  /// Parts done in an earlier run take no time in this one.
  func skip(_ count: Int) { state.withLock { $0.skipped += count } }

  func add(_ count: Int) {
    guard Terminal.isErrors || printsLines else { return }
    state.withLock { state in
      state.done += count
      let now = ContinuousClock.now
      guard now - state.lastPrinted >= (Terminal.isErrors ? .milliseconds(200) : .seconds(30)) else { return }
      state.lastPrinted = now
      let line = Self.line(
        done: state.done, skipped: state.skipped, total: total, seconds: (now - start) / .seconds(1), unit: unit,
        title: state.title)
      write(Terminal.isErrors ? "\r\u{1B}[K" + line : line + "\n")
    }
  }

  /// Clears the line for the next output.
  func clear() { if Terminal.isErrors { write("\r\u{1B}[K") } }

  static func line(done: Int, skipped: Int, total: Int, seconds: Double, unit: String?, title: String) -> String {
    let left = Double(total - skipped - done) * seconds / Double(max(done, 1))
    let share = 100 * Double(skipped + done) / Double(max(total, 1))
    let rate = unit.map { ", \(grouped(Int(Double(done) / max(seconds, 1e-9)))) \($0) per second" } ?? ""
    return "\(String(format: "%5.1f", share)) %, \(duration(left)) left\(rate)" + (title.isEmpty ? "" : ": \(title)")
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  private static func duration(_ seconds: Double) -> String {
    let seconds = Int(min(seconds, 1e9).rounded(.up))
    return seconds >= 3600
      ? "\(seconds / 3600) h \(seconds / 60 % 60) min" : seconds >= 60 ? "\(seconds / 60) min" : "\(seconds) s"
  }
}
