/// Determines which of two values of a result is better.
public enum MonitorMode: Hashable, Sendable {
  /// Smaller is better.
  case minimum
  /// Larger is better.
  case maximum
  /// Determined by the name: larger is better for `accuracy`, `auc`, `precision`, `recall`, `f1…` and similar results,
  /// smaller for all others.
  case automatic
}

/// A result that a callback monitors, and its best value so far.
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

  /// Throws if the result is not computed.
  func value(_ logs: Logs) throws -> Double {
    guard let value = logs[name] else {
      throw TrainingError.notMonitored(callback: callback, name: name, available: logs.names)
    }
    return value
  }

  /// Throws before training begins if a validation result is monitored and there is no validation.
  func requireComputed(_ names: [String]) throws {
    if !name.hasPrefix("val_") || names.contains(name) { return }
    throw TrainingError.notMonitored(callback: callback, name: name, available: names)
  }

  /// Whether a value is better than the best by more than the minimum difference; if so, it becomes the best. NaN is
  /// never better.
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
