// Tensors as text, as NumPy prints arrays. Source: NumPy's `numpy/_core/arrayprint.py` (2.4).

extension Tensor: CustomStringConvertible {
  /// The elements in nested brackets and aligned columns, as NumPy's `str` gives them; more than 1,000 elements are
  /// summarised.
  ///
  ///     [[1.   0.5]
  ///      [2.   0.25]]
  public var description: String {
    rank == 0 ? Scalar.element.text(scalar) : formatted()
  }

  /// The elements in nested brackets and aligned columns, as NumPy's `array2string` gives them.
  /// - Parameters:
  ///   - precision: the most digits behind the point; no more are shown than tell a number from its neighbours.
  ///   - threshold: the most elements of which all are shown.
  ///   - edgeItems: how many are shown at both ends of each axis where not all are.
  ///   - lineWidth: the most characters of a line.
  public func formatted(
    precision: Int = 8, threshold: Int = 1000, edgeItems: Int = 3, lineWidth: Int = 75
  ) -> String {
    require(precision >= 0, "a precision of \(precision) digits: it cannot be negative")
    require(edgeItems > 0, "\(edgeItems) edge items: there must be at least one")
    if isEmpty { return "[]" }
    let precision = Swift.min(precision, 1100)  // no number has more digits
    let lineWidth = Swift.max(lineWidth, 0)
    let edge = count > threshold ? Swift.min(edgeItems, Int.max / 2) : Int.max / 2
    var elements: [Scalar] = []
    collect(axis: 0, offset: layout.offset, edge: edge, into: &elements)
    let element = Scalar.element
    let words =
      rank == 0 && element.kind != .real
      ? elements.map { element.text($0) } : element.columnTexts(elements, precision: precision)
    var arrangement = Arrangement(shape: shape, words: words, edge: edge, lineWidth: lineWidth)
    return arrangement.text()
  }

  /// The elements at the edges, in row-major order.
  private func collect(axis: Int, offset: Int, edge: Int, into elements: inout [Scalar]) {
    if axis == rank {
      elements.append(storage.base[offset])
      return
    }
    let length = shape[axis]
    let isSummarised = length > 2 * edge
    for place in 0..<(isSummarised ? 2 * edge : length) {
      let position = isSummarised && place >= edge ? length - 2 * edge + place : place
      collect(axis: axis + 1, offset: offset + position * layout.strides[axis], edge: edge, into: &elements)
    }
  }
}

extension Tensor: CustomDebugStringConvertible {
  /// The type and the shape, and the elements below.
  public var debugDescription: String { "Tensor<\(Scalar.self)> \(shape)\n\(description)" }
}

/// One number by itself, as NumPy prints it: with the fewest digits that tell it from its neighbours.
func realText<Real: RealScalar>(_ real: Real, scientificFrom limit: Real) -> String {
  guard real.isFinite else { return nonFiniteText(real) }
  let digits = Digits(shortest: real)
  let isScientific = real != 0 && (real.magnitude >= limit || Double(real.magnitude) < 1e-4)
  let (integer, fraction) = digits.parts(isScientific: isScientific)
  if isScientific { return integer + (fraction.isEmpty ? "" : ".") + fraction + digits.exponentText(width: 2) }
  return integer + "." + (fraction.isEmpty ? "0" : fraction)
}

private func nonFiniteText(_ real: some BinaryFloatingPoint) -> String {
  real.isNaN ? "nan" : real < 0 ? "-inf" : "inf"
}

extension String {
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - utf8.count)) + self
  }
  fileprivate func rightPadded(to width: Int, with filler: String) -> String {
    self + String(repeating: filler, count: max(0, width - utf8.count))
  }
}

// MARK: Columns of reals

/// One format for all elements: positional or scientific, and the widths before and after the point.
struct RealFormat {
  private var isScientific = false
  private let precision: Int
  private var integerWidth = 0
  private var fractionWidth = 0
  private var exponentWidth = 0

  /// - Parameter limit: the number from which on the largest is shown with an exponent.
  init<Real: RealScalar>(_ reals: [Real], precision: Int, scientificFrom limit: Real) {
    self.precision = precision
    let finite = reals.filter(\.isFinite)
    let magnitudes = finite.map(\.magnitude).filter { $0 != 0 }
    if let largest = magnitudes.max(), let smallest = magnitudes.min() {
      isScientific = largest >= limit || smallest < Real(0.0001) || largest / smallest > 1000
    }
    for real in finite {
      let parts = isScientific ? Digits(real, significant: precision) : Digits(real, fractional: precision)
      let (integer, fraction) = parts.parts(isScientific: isScientific)
      integerWidth = max(integerWidth, integer.utf8.count)
      fractionWidth = max(fractionWidth, fraction.utf8.count)
      if isScientific { exponentWidth = max(exponentWidth, parts.exponentText(width: 0).utf8.count - 2) }
    }
    if finite.count < reals.count {
      let width = reals.contains { $0 == -.infinity } ? 4 : 3
      integerWidth = max(integerWidth, width - totalFractionWidth - 1)
    }
  }

  /// The characters behind the point, those of an exponent included.
  private var totalFractionWidth: Int { fractionWidth + (isScientific ? exponentWidth + 2 : 0) }

  func texts<Real: RealScalar>(_ reals: [Real]) -> [String] { reals.map { text($0) } }

  private func text<Real: RealScalar>(_ real: Real) -> String {
    guard real.isFinite else { return nonFiniteText(real).leftPadded(to: integerWidth + 1 + totalFractionWidth) }
    if isScientific {
      // All have the digits of the one that needs most.
      let shortest = Digits(shortest: real)
      let isLongest = shortest.digits.count == fractionWidth + 1
      let digits = isLongest ? shortest : Digits(real, exactly: fractionWidth)
      let (integer, fraction) = digits.parts(isScientific: true)
      return integer.leftPadded(to: integerWidth) + "." + fraction.rightPadded(to: fractionWidth, with: "0")
        + digits.exponentText(width: exponentWidth)
    }
    let (integer, fraction) = Digits(real, fractional: precision).parts(isScientific: false)
    return integer.leftPadded(to: integerWidth) + "." + fraction.rightPadded(to: fractionWidth, with: " ")
  }
}

// MARK: Lines and brackets

/// Puts the words of all visible elements between brackets, in lines of limited width.
private struct Arrangement {
  let shape: [Int]
  let words: [String]
  let edge: Int
  let lineWidth: Int
  private var next = 0

  init(shape: [Int], words: [String], edge: Int, lineWidth: Int) {
    self.shape = shape
    self.words = words
    self.edge = edge
    self.lineWidth = lineWidth
  }

  mutating func text() -> String { text(axis: 0, indent: " ", width: lineWidth) }

  private mutating func text(axis: Int, indent: String, width: Int) -> String {
    if axis == shape.count {
      next += 1
      return words[next - 1]
    }
    let isRow = axis == shape.count - 1
    let length = shape[axis]
    let isSummarised = length > 2 * edge
    let visible = isSummarised ? 2 * edge : length
    var text = ""
    var line = indent
    func add(_ word: String) {
      // A line break that would not help is not made.
      if line.utf8.count + word.utf8.count > width - 1 && line.utf8.count > indent.utf8.count {
        while line.last == " " { line.removeLast() }
        text += line + "\n"
        line = indent
      }
      line += word
    }
    let separator = isRow ? " " : String(repeating: "\n", count: shape.count - axis - 1)
    for position in 0..<visible {
      if isSummarised && position == edge {
        if isRow { add("...") } else { text += indent + "..." }
        if isRow { line += separator } else { text += separator }
      }
      let word = self.text(axis: axis + 1, indent: indent + " ", width: width - 1)
      if isRow { add(word) } else { text += indent + word }
      if position < visible - 1 { if isRow { line += separator } else { text += separator } }
    }
    if isRow { text += line }
    return "[" + text.dropFirst(indent.utf8.count) + "]"
  }
}
