public import Tensor

/// Spreads the tones of images evenly over the range of values in training: every tone becomes the share of darker ones. It has no
/// gradient.
///
/// As in Keras, tones are counted over all images of a batch, for each channel.
public struct Equalization<Scalar: RealScalar>: RandomColors {
  /// The number of tones that are distinguished.
  public let bins: Int
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter valueRange: the darkest and the brightest value of images.
  /// - Parameter bins: the number of tones that are distinguished, from 2 to 65,536.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    valueRange: ClosedRange<Double> = 0...255, bins: Int = 256, dataFormat: DataFormat = .channelsLast
  ) {
    requireValueRange(valueRange, Self.className)
    require((2...65_536).contains(bins), "Equalization: bins is \(bins); allowed: integers from 2 to 65536")
    self.valueRange = valueRange
    self.bins = bins
    self.dataFormat = dataFormat
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    try inBytes(images) { try $0.applying(EqualizationOperation(bins: bins)) }
  }
}

private struct EqualizationOperation<Scalar: RealScalar>: TensorOperation {
  let bins: Int

  /// The residual is 1 for channels that stay as they are, [channels].
  func forward(_ context: Context<Scalar>) throws -> Tensor<Scalar> {
    let x = context.operand(0)
    let channels = x.shape[3]
    // Keras counts in Float and looks up in the type of the images.
    let counted = bin((x.cast(to: Float.self) * Float(bins - 1) / 255).scalars)
    let tones = bin((x / 255 * Scalar(bins - 1)).scalars)
    var values = x.scalars
    var isKept = [Scalar](repeating: 0, count: channels)
    for channel in 0..<channels {
      let places = stride(from: channel, to: values.count, by: channels)
      var counts = [Int](repeating: 0, count: bins)
      for place in places { counts[counted[place]] += 1 }
      if counts.count(where: { $0 > 0 }) <= 1 {
        isKept[channel] = 1
        continue
      }
      var sum = 0
      let sums = counts.map { count in
        sum += count
        return sum
      }
      let first = sums.first { $0 > 0 }!
      let table = sums.map {
        min(max((Double(($0 - first) * 255) / Double(sum - first)).rounded(.toNearestOrEven), 0), 255)
      }
      for place in places { values[place] = Scalar(table[tones[place]]) }
    }
    context.give(Tensor(shape: x.shape, scalars: values))
    return Tensor(isKept)
  }

  /// The numbers of bins.
  private func bin<Value: BinaryFloatingPoint>(_ values: [Value]) -> [Int] {
    values.map { $0.isNaN ? 0 : Int(min(max($0, 0), Value(bins - 1))) }
  }

  func pullback(_ isKept: consuming Tensor<Scalar>, _ context: Context<Scalar>) throws {
    context.give(context.upstream() * isKept, of: 0)
  }
}
