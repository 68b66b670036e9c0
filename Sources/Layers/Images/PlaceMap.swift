internal import Glibc
internal import Tensor

/// Where an image's places are read from: the result in column x and row y is the image in the column
/// `(m0 x + m1 y + m2) / (m6 x + m7 y + 1)` and the row `(m3 x + m4 y + m5) / (m6 x + m7 y + 1)`.
public struct PlaceMap: Hashable, Sendable {
  /// The eight numbers.
  public let numbers: [Double]

  private init(_ numbers: Double...) { self.init(numbers) }

  init(_ numbers: [Double]) { self.numbers = numbers }

  /// Every place itself.
  public static let identity = PlaceMap(1, 0, 0, 0, 1, 0, 0, 0)

  /// Turns an image about its centre, with increasing columns as the first axis and increasing rows as the second.
  /// - Parameter angle: in radians.
  /// - Parameter height: the image's rows.
  /// - Parameter width: the image's columns.
  public static func rotation(by angle: Double, height: Int, width: Int) -> PlaceMap {
    let (x, y) = (Double(width - 1) / 2, Double(height - 1) / 2)
    let (sine, cosine) = (sin(angle), cos(angle))
    return PlaceMap(cosine, -sine, x - x * cosine + y * sine, sine, cosine, y - x * sine - y * cosine, 0, 0)
  }

  /// Moves an image by so many columns and rows.
  public static func translation(columns: Double, rows: Double) -> PlaceMap {
    PlaceMap(1, 0, -columns, 0, 1, -rows, 0, 0)
  }

  /// Reads so many times as large a part of an image about its centre: below 1, the image grows.
  public static func zoom(columns: Double, rows: Double, height: Int, width: Int) -> PlaceMap {
    PlaceMap(columns, 0, Double(width - 1) / 2 * (1 - columns), 0, rows, Double(height - 1) / 2 * (1 - rows), 0, 0)
  }

  /// Moves rows along themselves in proportion to their number, and columns likewise.
  public static func shear(columns: Double, rows: Double) -> PlaceMap { PlaceMap(1, columns, 0, rows, 1, 0, 0, 0) }

  /// Reverses columns, rows or both.
  static func flip(_ mode: RandomFlipMode, height: Int, width: Int) -> PlaceMap {
    let (reversesColumns, reversesRows) = (mode != .vertical, mode != .horizontal)
    return PlaceMap(
      reversesColumns ? -1 : 1, 0, reversesColumns ? Double(width - 1) : 0, 0, reversesRows ? -1 : 1,
      reversesRows ? Double(height - 1) : 0, 0, 0)
  }
}

extension Traced {
  /// Images [rows, columns, channels] in which each place is read where a map, drawn for each image, says.
  func warped(
    _ operation: WarpOperation<Scalar>,
    by draw: @escaping @Sendable (_ height: Int, _ width: Int, inout PhiloxGenerator) -> PlaceMap
  ) throws -> Traced {
    let (height, width) = (shape[0], shape[1])
    return try applying(operation, drawn([8]) { draw(height, width, &$0).numbers })
  }
}
