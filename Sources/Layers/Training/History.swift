/// The results of training, epoch by epoch.
public struct History: Hashable, Sendable {
  /// The epochs, numbered from 0, from the training's initial epoch on.
  public internal(set) var epochs: [Int] = []
  /// The results of each epoch.
  public internal(set) var logs: [Logs] = []
  /// The reason why training ended before its last epoch, or `nil`.
  public internal(set) var stopReason: StopReason?

  /// Creates an empty history.
  public init() {}

  /// The values of a result, for the epochs that have it: `history["val_accuracy"]`.
  public subscript(name: String) -> [Double] { logs.compactMap { $0[name] } }
}

/// The reason why training ended before its last epoch. The model has the weights after the last batch, unless a
/// callback sets others.
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
