public import Tensor

/// What ``RandomFlip`` reverses.
public enum RandomFlipMode: String, Hashable, Sendable, CaseIterable {
  /// The columns: left and right are exchanged.
  case horizontal
  /// The rows: above and below are exchanged.
  case vertical
  /// Rows and columns together, which turns an image round.
  case horizontalAndVertical = "horizontal_and_vertical"
}

extension RandomFlipMode: CustomStringConvertible {
  /// The value as source code.
  public var description: String { self == .horizontalAndVertical ? "horizontalAndVertical" : rawValue }
}

/// Reverses half of the images in training, whose rows, columns or both change their order.
public struct RandomFlip<Scalar: RealScalar>: RandomImageLayer {
  /// What is reversed.
  public let mode: RandomFlipMode
  public let dataFormat: DataFormat

  /// - Parameter mode: what is reversed. As in Keras, `horizontalAndVertical` reverses both or neither.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(mode: RandomFlipMode = .horizontalAndVertical, dataFormat: DataFormat = .channelsLast) {
    self.mode = mode
    self.dataFormat = dataFormat
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    try images.warped(WarpOperation(fillMode: .nearest, fillValue: 0, interpolation: .nearest)) { [mode] in
      $2.isTrue(withProbability: 0.5...0.5) ? .flip(mode, height: $0, width: $1) : .identity
    }
  }
}
