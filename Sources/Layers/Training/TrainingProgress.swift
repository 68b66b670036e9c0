internal import Glibc

/// The progress display of a training.
@nonexhaustive
public enum TrainingProgress: Hashable, Sendable {
  /// A bar if standard output is a terminal, and lines otherwise.
  case automatic
  /// A bar that grows with the batches, as in Keras.
  case bar
  /// A line for each epoch.
  case lines
  /// No display.
  case none
}

/// Writes the progress of a training to standard output.
struct ProgressReport {
  private let form: TrainingProgress
  private let epochs: Int
  /// `nil` in an epoch of unknown length.
  private var batches: Int?
  private var done = 0
  private let width = 20
  private var epochStart = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  private let write: (String) -> Void

  init(
    _ form: TrainingProgress, epochs: Int, batches: Int? = nil,
    write: @escaping (String) -> Void = { text in
      print(text, terminator: "")
      fflush(nil)
    }
  ) {
    self.form = form != .automatic ? form : isatty(STDOUT_FILENO) == 1 ? .bar : .lines
    self.epochs = epochs
    self.batches = batches
    self.write = write
  }

  var showsBatches: Bool { form == .bar }

  mutating func epochBegins(_ epoch: Int, batches: Int? = nil) {
    if let batches { self.batches = batches }
    done = 0
    epochStart = .now
    lastDrawn = nil
    switch form {
    case .bar: write("Epoch \(epoch + 1)/\(epochs)\n")
    case .lines: write("Epoch \(epoch + 1)/\(epochs) - ")
    default: break
    }
  }

  /// Drawn at most some twenty times a second.
  mutating func batchEnded(_ batch: Int, _ logs: Logs) {
    done = batch + 1
    guard form == .bar else { return }
    let now = ContinuousClock.now
    if let lastDrawn, now - lastDrawn < .milliseconds(50) { return }
    lastDrawn = now
    write("\r" + line(done: done, logs, elapsed: now - epochStart) + "\u{1B}[K")
  }

  mutating func epochEnded(_ logs: Logs, _ reason: StopReason?) {
    let elapsed = ContinuousClock.now - epochStart
    switch form {
    case .bar: write("\r" + line(done: batches ?? done, logs, elapsed: elapsed) + "\u{1B}[K\n")
    case .lines: write("\(duration(elapsed)) - \(logs)\n")
    default: return
    }
    if let reason { write("Training ended: \(reason)\n") }
  }

  private func line(done: Int, _ logs: Logs, elapsed: Duration) -> String {
    let step = done == 0 ? Duration.zero : elapsed / done
    let times = "\(duration(elapsed)) \(duration(step))/step - \(logs)"
    guard let batches else { return "\(done)/Unknown \(times)" }
    let filled = batches == 0 ? width : min(done * width / batches, width)
    let count = "\(batches)".count
    let number = String(repeating: " ", count: max(0, count - "\(done)".count)) + "\(done)"
    let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: width - filled)
    return "\(number)/\(batches) \(bar) \(times)"
  }
}

/// A time in the largest unit in which it is at least 1: `3s`, `12ms`, `450us`.
func duration(_ duration: Duration) -> String {
  let seconds = duration / .seconds(1)
  if seconds >= 60 { return "\(Int(seconds) / 60):\(Int(seconds) % 60 < 10 ? "0" : "")\(Int(seconds) % 60)" }
  if seconds >= 1 { return "\(Int(seconds.rounded()))s" }
  if seconds >= 1e-3 { return "\(Int((seconds * 1e3).rounded()))ms" }
  return "\(Int((seconds * 1e6).rounded()))us"
}
