import Layers
import Tensor

/// A decoded picture.
struct Picture {
  let height: Int
  let width: Int
  /// Red, green, blue and, if there is one, alpha of each pixel, row by row.
  let pixels: [UInt8]
  let hasAlpha: Bool

  /// The largest number of pixels of a picture, about that of a camera with 180 megapixels; Pillow has the same limit.
  static let maximumPixels = 178_956_970

  /// Throws for a picture that is larger than any in use, before there is memory for its pixels.
  /// - Parameter expansion: the largest number of pixels that a byte of the file can stand for.
  static func requireSize(
    _ height: Int, _ width: Int, bytes: Int, expansion: Int, file: String
  ) throws(FileError) {
    guard height > 0, width > 0 else {
      throw FileError(file: file, expected: "a picture with pixels", found: "\(width) x \(height)")
    }
    let (count, overflow) = height.multipliedReportingOverflow(by: width)
    guard !overflow, count <= maximumPixels else {
      throw FileError(file: file, expected: "at most \(grouped(maximumPixels)) pixels", found: "\(width) x \(height)")
    }
    guard count / expansion <= bytes else {
      throw FileError(file: file, expected: "the data of \(width) x \(height) pixels", found: "\(bytes) bytes")
    }
  }

  /// The picture [rows, columns, channels] with values 0...255, as Keras's `load_img` converts it: alpha is left out
  /// where it is not asked for, and 255 where a picture has none.
  func tensor<Scalar: RealScalar>(_ channels: PictureChannels) -> Tensor<Scalar> {
    let stored = Tensor(shape: [height, width, hasAlpha ? 4 : 3], scalars: pixels)
    let chosen: Tensor<UInt8> =
      switch channels {
      case .grey: Tensor(shape: [height, width, 1], scalars: greys)
      case .rgb: hasAlpha ? stored[0..., 0..., 0..<3] : stored
      case .rgba: hasAlpha ? stored : .concatenated([stored, .filled([height, width, 1], with: 255)], axis: -1)
      }
    return chosen.cast(to: Scalar.self)
  }

  /// The luma of ITU-R BT.601, rounded as Pillow rounds it.
  private var greys: [UInt8] {
    stride(from: 0, to: pixels.count, by: hasAlpha ? 4 : 3).map { place in
      let (red, green, blue) = (UInt32(pixels[place]), UInt32(pixels[place + 1]), UInt32(pixels[place + 2]))
      return UInt8((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16)
    }
  }
}
