import Layers
import Tensor

/// The pictures that a model takes, by the shape of its input.
struct PictureInput {
  /// The rows and columns; `nil` if pictures keep theirs.
  let size: (height: Int, width: Int)?
  let channels: PictureChannels
  let dataFormat: DataFormat
  /// Whether grey pictures have an axis for their channel.
  private let hasChannels: Bool

  /// - Throws: ``FileError`` if the model takes no pictures.
  init<Scalar: RealScalar>(_ model: Model<Scalar>, file: String) throws {
    let inputs = model.inputs
    guard inputs.count == 1, let shape = inputs[0].shape, let found = Self(shape) else {
      throw FileError(
        file: file,
        expected: "a model of pictures: one input (None, rows, columns, channels) with 1, 3 or 4 channels, "
          + "(None, channels, rows, columns) or (None, rows, columns)",
        found: inputs.map { "\($0)" }.joined(separator: ", "))
    }
    self = found
  }

  private init?(_ shape: [Int?]) {
    func channels(_ length: Int?) -> PictureChannels? { length.flatMap { PictureChannels(rawValue: $0) } }
    let lengths: [Int?]
    hasChannels = shape.count == 3
    if shape.count == 2 {
      (lengths, self.channels, dataFormat) = (shape, .grey, .channelsLast)
    } else if shape.count == 3, let found = channels(shape[2]) {
      (lengths, self.channels, dataFormat) = ([shape[0], shape[1]], found, .channelsLast)
    } else if shape.count == 3, let found = channels(shape[0]) {
      (lengths, self.channels, dataFormat) = ([shape[1], shape[2]], found, .channelsFirst)
    } else {
      return nil
    }
    switch (lengths[0], lengths[1]) {
    case (let height?, let width?) where height > 0 && width > 0: size = (height, width)
    case (nil, nil): size = nil
    default: return nil
    }
  }

  /// The shape of samples, where pictures are resized.
  var shape: [Int]? {
    guard let size else { return nil }
    if !hasChannels { return [size.height, size.width] }
    return dataFormat == .channelsLast
      ? [size.height, size.width, channels.rawValue] : [channels.rawValue, size.height, size.width]
  }

  /// A picture [rows, columns, channels] as a sample of the input.
  func sample<Scalar: RealScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    if !hasChannels { return x.reshaped(Array(x.shape.dropLast())) }
    return dataFormat == .channelsLast ? x : x.permuted([2, 0, 1])
  }
}
