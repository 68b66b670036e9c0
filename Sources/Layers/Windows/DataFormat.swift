/// The position of the channel axis in images and sequences.
public enum DataFormat: String, Hashable, Sendable, CaseIterable {
  /// Channels last: [batch, …, channels].
  case channelsLast = "channels_last"
  /// Channels first: [batch, channels, …].
  case channelsFirst = "channels_first"
}

extension DataFormat: CustomStringConvertible {
  /// The value as source code.
  public var description: String { self == .channelsLast ? "channelsLast" : "channelsFirst" }
}

extension DataFormat {
  /// The axis of the channels in samples with this number of spatial axes.
  func channelAxis(spatialRank: Int) -> Int { self == .channelsLast ? spatialRank : 0 }

  /// The spatial axes of a sample's shape.
  func spatial(_ shape: [Int]) -> [Int] { Array(self == .channelsLast ? shape.dropLast() : shape.dropFirst()) }

  /// The number of channels in a sample's shape.
  func channels(_ shape: [Int]) -> Int { self == .channelsLast ? shape[shape.count - 1] : shape[0] }

  /// A sample's shape.
  func shape(_ spatial: [Int], channels: Int) -> [Int] {
    self == .channelsLast ? spatial + [channels] : [channels] + spatial
  }
}

extension Traced {
  /// The tensor with its channels last.
  func channelsLast(from format: DataFormat) throws -> Traced {
    if format == .channelsLast || shape.count < 2 { return self }
    return try permuted(Array(1..<shape.count) + [0])
  }

  /// A tensor whose channels are last in another format.
  func moved(to format: DataFormat) throws -> Traced {
    if format == .channelsLast || shape.count < 2 { return self }
    return try permuted([shape.count - 1] + Array(0..<shape.count - 1))
  }
}
