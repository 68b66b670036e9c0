/// What training reported, epoch by epoch.
public struct History: Hashable, Sendable {
  /// Numbered from 0; they begin where training was told to.
  public internal(set) var epochs: [Int] = []
  /// One for each epoch.
  public internal(set) var logs: [Logs] = []
  /// Why training ended before its last epoch.
  public internal(set) var stopReason: StopReason?

  /// Nothing yet.
  public init() {}

  /// The values of a name, for those epochs that have it: `history["val_accuracy"]`.
  public subscript(name: String) -> [Double] { logs.compactMap { $0[name] } }
}

/// Why training ends before its last epoch. The weights are those after the last batch, unless a callback sets others.
@nonexhaustive
public enum StopReason: Hashable, Sendable {
  /// The task was cancelled.
  case cancelled
  /// A callback asked for it.
  case callback(String)
}

extension StopReason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cancelled: "cancelled"
    case .callback(let reason): reason
    }
  }
}
