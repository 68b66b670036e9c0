/// A canvas of characters with 2 × 4 dots, each character in one colour.
struct BrailleCanvas {
  let columns: Int
  let rows: Int
  private var dots: [UInt8]
  private var colours: [Int?]

  var width: Int { 2 * columns }
  var height: Int { 4 * rows }

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    dots = Array(repeating: 0, count: columns * rows)
    colours = Array(repeating: nil, count: columns * rows)
  }

  /// Sets a dot, counted from the top left; ignored outside the canvas.
  mutating func set(_ x: Int, _ y: Int, colour: Int) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    let cell = y / 4 * columns + x / 2
    dots[cell] |= bits[y % 4][x % 2]
    colours[cell] = colour
  }

  /// The character of a cell with its colour; `nil` if no dot is set.
  func character(column: Int, row: Int) -> (text: String, colour: Int)? {
    let cell = row * columns + column
    guard dots[cell] != 0, let colour = colours[cell] else { return nil }
    return (String(UnicodeScalar(0x2800 + UInt32(dots[cell]))!), colour)
  }
}
