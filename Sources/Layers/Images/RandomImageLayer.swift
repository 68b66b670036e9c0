import Tensor

/// A layer that changes images [batch, rows, columns, channels] in training, each by numbers that are drawn for it, and leaves
/// them as they are in use. Shapes do not change.
///
/// ```swift
/// let model = Sequential<Float> {
///   Input(28, 28, 1)
///   RandomFlip(mode: .horizontal)
///   RandomRotation(factor: 0.1)
///   Flatten()
///   Dense(10, activation: .softmax)
/// }
/// ```
///
/// The generator of the training determines the numbers: the same seed gives the same changes. Gradients pass through.
public protocol RandomImageLayer<Scalar>: SpatialLayer {
  /// Describes the change in training of images whose channels are last.
  func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar>
}

extension RandomImageLayer {
  public static var spatialRank: Int { 2 }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    _ = try spatialLengths(inputShape)
    return inputShape
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    guard x.isTraining else { return x.with(mask: nil) }
    return try changed(x.channelsLast(from: dataFormat)).moved(to: dataFormat)
  }
}
