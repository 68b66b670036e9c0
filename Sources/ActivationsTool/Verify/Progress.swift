import Foundation
import Synchronization

/// How far a long check is, on standard error: in place on a terminal, elsewhere a line every half minute.
final class Progress: Sendable {
  private struct State {
    var done = 0
    var skipped = 0
    var title = ""
    var lastPrinted: ContinuousClock.Instant
  }

  private let total: Int
  private let state: Mutex<State>
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1

  init(total: Int) {
    self.total = total
    state = Mutex(State(lastPrinted: .now))
  }

  func begin(_ title: String) { state.withLock { $0.title = title } }

  /// What was done in an earlier run takes no time in this one.
  func skip(_ count: Int) { state.withLock { $0.skipped += count } }

  func add(_ count: Int) {
    state.withLock { state in
      state.done += count
      let now = ContinuousClock.now
      guard now - state.lastPrinted >= (isTerminal ? .milliseconds(500) : .seconds(30)) else { return }
      state.lastPrinted = now
      let left = Double(total - state.skipped - state.done) * ((now - start) / .seconds(1)) / Double(state.done)
      let share = 100 * Double(state.skipped + state.done) / Double(total)
      let line = "\(String(format: "%5.1f", share)) %, \(duration(left)) left: \(state.title)"
      write(isTerminal ? "\r\u{1B}[K" + line : line + "\n")
    }
  }

  /// Leaves a clean line for what is printed next.
  func clear() { if isTerminal { write("\r\u{1B}[K") } }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  private func duration(_ seconds: Double) -> String {
    let seconds = Int(seconds.rounded(.up))
    return seconds >= 3600
      ? "\(seconds / 3600) h \(seconds / 60 % 60) min" : seconds >= 60 ? "\(seconds / 60) min" : "\(seconds) s"
  }
}
