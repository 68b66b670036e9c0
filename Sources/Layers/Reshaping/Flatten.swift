public import Tensor

/// Samples as vectors: [batch, a, b] becomes [batch, a · b], [batch] becomes [batch, 1]. A view where the input lies
/// contiguous.
public struct Flatten<Scalar: RealScalar>: Layer {
  /// Where the axis of channels stands in the input.
  public let dataFormat: DataFormat

  /// - Parameter dataFormat: with channels first, the axis 1 is moved to the end before samples are flattened, so that both
  ///   formats give the same order.
  public init(dataFormat: DataFormat = .channelsLast) { self.dataFormat = dataFormat }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { [try count(ofSample: inputShape)] }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let movesChannels = dataFormat == .channelsFirst && x.shape.count > 1
    let ordered = movesChannels ? try x.permuted(Array(1..<x.shape.count) + [0]) : x
    return try ordered.reshaped(outputShape(for: x.shape))
  }
}

/// Where the axis of channels stands in images and sequences.
public enum DataFormat: String, Hashable, Sendable, CaseIterable {
  /// Behind the others: [batch, …, channels].
  case channelsLast = "channels_last"
  /// Behind the batch: [batch, channels, …].
  case channelsFirst = "channels_first"
}

extension DataFormat: CustomStringConvertible {
  /// As it is written in source code.
  public var description: String { self == .channelsLast ? "channelsLast" : "channelsFirst" }
}
