import Tensor

/// A layer of sequences [batch, steps, channels], images [batch, rows, columns, channels] or volumes [batch, planes, rows,
/// columns, channels], or of such with their channels first.
public protocol SpatialLayer<Scalar>: Layer {
  /// The position of the channel axis.
  var dataFormat: DataFormat { get }
  /// The number of axes between the batch and the channels.
  static var spatialRank: Int { get }
}

extension SpatialLayer {
  /// The lengths of the spatial axes.
  /// - Throws: ``LayerError/inputShape(layer:expected:found:)`` for another number of axes.
  func spatialLengths(_ inputShape: [Int]) throws -> [Int] {
    try requireAxes(Self.spatialRank + 1, inputShape)
    return dataFormat.spatial(inputShape)
  }

  /// A sample's shape with other lengths of the spatial axes.
  func shape(_ inputShape: [Int], with lengths: [Int]) -> [Int] {
    dataFormat.shape(lengths, channels: dataFormat.channels(inputShape))
  }

  /// The first spatial axis of samples.
  var firstSpatialAxis: Int { dataFormat == .channelsLast ? 0 : 1 }
}
