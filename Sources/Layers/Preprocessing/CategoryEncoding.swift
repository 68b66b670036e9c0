public import Tensor

/// Turns numbers of categories into rows of zeros and ones, or of counts.
///
/// ```swift
/// let rows = try CategoryEncoding<Float>(numTokens: 4)([[0, 2], [3, 3]])
/// // [[1, 0, 1, 0], [0, 0, 0, 1]]
/// ```
///
/// Another number than 0 up to `numTokens` throws ``LayerError/inputValue(layer:position:expected:found:)``.
public struct CategoryEncoding<Scalar: RealScalar>: Layer {
  /// The number of categories: the length of rows.
  public let numTokens: Int
  /// What is given for a sample.
  public let outputMode: CategoryOutput

  /// - Precondition: `numTokens` is at least 1, and the output is one-hot, multi-hot or a count.
  public init(numTokens: Int, outputMode: CategoryOutput = .multiHot) {
    require(numTokens >= 1, "CategoryEncoding: numTokens is \(numTokens); allowed: integers of at least 1")
    require(
      [.oneHot, .multiHot, .count].contains(outputMode),
      "CategoryEncoding: outputMode is \(outputMode); allowed: oneHot, multiHot and count")
    self.numTokens = numTokens
    self.outputMode = outputMode
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try shape(ofCategories: inputShape, outputMode, numTokens)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let (count, layer) = (numTokens, className)
    return try x.applying(
      CategoryOperation(output: outputMode, depth: count, shape: try outputShape(for: x.shape)) { operands in
        try operands[0].categories(of: layer, "one of the integers \(0..<count)") { number in
          Int(exactly: number).flatMap { 0..<count ~= $0 ? $0 : nil }
        }
      })
  }
}

extension Tensor where Scalar: RealScalar {
  /// A number for each element.
  /// - Throws: ``LayerError/inputValue(layer:position:expected:found:)`` for the first element that has none.
  func categories(
    of layer: String, _ expected: @autoclosure () -> String, _ number: (Scalar) -> Int?
  ) throws -> [Int] {
    try scalars.enumerated().map { place, element in
      guard let number = number(element) else {
        throw LayerError.inputValue(
          layer: layer, position: position(ofElement: place, in: shape), expected: expected(), found: "\(element)")
      }
      return number
    }
  }
}

extension RealScalar {
  /// The number as an integer, if it is one and its neighbours are numbers of this type, too: beyond, another integer may have
  /// been rounded to it.
  var exactInteger: Int? {
    magnitude < Self(1 << (Self.significandBitCount + 1)) ? Int(exactly: self) : nil
  }
}
