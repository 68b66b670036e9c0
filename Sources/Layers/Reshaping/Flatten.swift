public import Tensor

/// Flattens samples to vectors: [batch, a, b] becomes [batch, a · b], and [batch] becomes [batch, 1]. The result is a
/// view if the input is contiguous.
public struct Flatten<Scalar: RealScalar>: Layer {
  /// The position of the channel axis in the input.
  public let dataFormat: DataFormat

  /// - Parameter dataFormat: with channels first, axis 1 is moved to the end before samples are flattened, so that both
  ///   formats give the same order.
  public init(dataFormat: DataFormat = .channelsLast) { self.dataFormat = dataFormat }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { [try count(ofSample: inputShape)] }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let movesChannels = dataFormat == .channelsFirst && x.shape.count > 1
    let ordered = movesChannels ? try x.permuted(Array(1..<x.shape.count) + [0]) : x
    return try ordered.reshaped(outputShape(for: x.shape))
  }
}
