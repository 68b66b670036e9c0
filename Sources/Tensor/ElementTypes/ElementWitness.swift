/// What the package knows of an element type.
///
/// Only the package makes one, so that no other type can conform to ``TensorScalar``: the kernels would read its memory as something else.
public struct ElementWitness<Scalar>: Sendable {
  let element: any Element<Scalar>.Type
  /// The same, of a real type.
  let real: (any RealElement<Scalar>.Type)?

  init(_ element: any Element<Scalar>.Type) {
    self.element = element
    real = nil
  }

  init(real: any RealElement<Scalar>.Type) {
    element = real
    self.real = real
  }
}

/// What an element type says of itself.
protocol Element<Scalar>: SendableMetatype {
  associatedtype Scalar: TensorScalar
  /// What the elements are in a file, unless another type is asked for.
  static var storedType: StoredType { get }
  static var kind: ElementKind { get }
  /// One element by itself, as NumPy prints it.
  static func text(_ element: Scalar) -> String
  /// Elements of a column, as NumPy prints them: all with one width.
  static func columnTexts(_ elements: [Scalar], precision: Int) -> [String]
  /// Writes elements as another type of files of the same kind.
  /// - Returns: the first number that does not fit.
  static func write(_ elements: UnsafeBufferPointer<Scalar>, as type: StoredType, to result: UnsafeMutableRawPointer)
    -> String?
}

extension Element {
  static func columnTexts(_ elements: [Scalar], precision: Int) -> [String] {
    let texts = elements.map { text($0) }
    let width = texts.lazy.map(\.utf8.count).max() ?? 0
    return texts.map { $0.leftPadded(to: width) }
  }
}

/// An integer type.
protocol IntegerElement<Scalar>: Element where Scalar: NumericScalar & FixedWidthInteger {}

extension IntegerElement {
  static var kind: ElementKind { .integer }
  static func text(_ element: Scalar) -> String { "\(element)" }
}

/// A real type, with the functions of BLAS and LAPACK for it.
protocol RealElement<Scalar>: Element, BLASFunctions, LAPACKFunctions where Scalar: RealScalar {
  /// From this number on, one by itself is printed with an exponent.
  static var leastWithExponent: Scalar { get }
  /// A power of two by which numbers with too small squares are multiplied, and those with too large ones divided.
  static var squareScale: Scalar { get }
}

extension RealElement {
  static var kind: ElementKind { .real }
  static func text(_ element: Scalar) -> String { realText(element, scientificFrom: leastWithExponent) }
  static func columnTexts(_ elements: [Scalar], precision: Int) -> [String] {
    RealFormat(elements, precision: precision, scientificFrom: min(leastWithExponent, 1e8)).texts(elements)
  }
}

extension TensorScalar {
  static var element: any Element<Self>.Type { elementWitness.element }
  package static var elementKind: ElementKind { element.kind }
}

extension RealScalar {
  static var realElement: any RealElement<Self>.Type { elementWitness.real! }
}
