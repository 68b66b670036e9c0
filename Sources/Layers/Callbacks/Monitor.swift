/// Which of two values of a result is better.
public enum MonitorMode: Hashable, Sendable {
  /// Smaller is better.
  case minimum
  /// Larger is better.
  case maximum
  /// As the name says: of `accuracy`, `auc`, `precision`, `recall`, `f1…` and the like the largest, else the smallest.
  case automatic
}

/// A result that a callback watches, and the best value so far.
struct Monitor {
  let callback: String
  let name: String
  let minimumDelta: Double
  private let wantsMaximum: Bool
  private(set) var best: Double?

  init(_ callback: String, _ name: String, _ mode: MonitorMode, minimumDelta: Double = 0) {
    self.callback = callback
    self.name = name
    self.minimumDelta = abs(minimumDelta)
    wantsMaximum =
      switch mode {
      case .minimum: false
      case .maximum: true
      case .automatic:
        ["acc", "auc", "precision", "recall", "f1", "fbeta", "r2", "iou", "positives", "negatives"]
          .contains { name.contains($0) } && !name.contains("false")
      }
  }

  /// Throws where the result is not computed.
  func value(_ logs: Logs) throws -> Double {
    guard let value = logs[name] else {
      throw TrainingError.notMonitored(callback: callback, name: name, available: logs.names)
    }
    return value
  }

  /// Throws where a result of validation is watched and there is none, before training begins.
  func requireComputed(_ names: [String]) throws {
    if !name.hasPrefix("val_") || names.contains(name) { return }
    throw TrainingError.notMonitored(callback: callback, name: name, available: names)
  }

  /// Whether a value is better than the best by more than the least difference; then it is the best. NaN never is.
  mutating func improves(_ value: Double) -> Bool {
    guard isBetter(value) else { return false }
    best = value
    return true
  }

  func isBetter(_ value: Double) -> Bool {
    guard let best else { return !value.isNaN }
    return wantsMaximum ? value - minimumDelta > best : value + minimumDelta < best
  }

  mutating func reset() { best = nil }
}
