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

  public func forward(_ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) -> Tensor<Scalar> {
    let x = movesChannels(x.rank) ? x.movingAxis(1, to: -1) : x
    return x.reshaped([x.shape[0], x.shape.dropFirst().reduce(1, *)])
  }

  public func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    if !movesChannels(input.rank) { return upstream.reshaped(input.shape) }
    return upstream.reshaped(input.movingAxis(1, to: -1).shape).movingAxis(-1, to: 1)
  }

  private func movesChannels(_ rank: Int) -> Bool { dataFormat == .channelsFirst && rank > 2 }
}

/// Where the axis of channels stands in images and sequences.
public enum DataFormat: String, Hashable, Sendable, CaseIterable {
  /// Behind the others: [batch, …, channels].
  case channelsLast = "channels_last"
  /// Behind the batch: [batch, channels, …].
  case channelsFirst = "channels_first"
}
