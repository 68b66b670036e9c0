public import Tensor

/// Spreads integers over bins by a hash of their decimal digits, the same as Keras's: a number for each of any number of
/// categories, some of which share one.
///
/// ```swift
/// let bins = try Hashing<Float>(numBins: 100)([[0, 1, 123]])
/// ```
///
/// Fractions are cut off.
public struct Hashing<Scalar: RealScalar>: Layer {
  /// The number of bins.
  public let numBins: Int
  /// The integer whose bin is 0, which no other then has.
  public let maskValue: Int?
  /// The key of the hash, two integers; `nil` for a hash without one.
  public let salt: [Int]?
  /// What is given for a sample.
  public let outputMode: CategoryOutput

  /// - Precondition: `numBins` is at least 1, the salt has two integers, and the output is not `tfIDF`.
  public init(numBins: Int, maskValue: Int? = nil, salt: [Int]? = nil, outputMode: CategoryOutput = .integer) {
    require(numBins >= 1, "Hashing: numBins is \(numBins); allowed: integers of at least 1")
    require(salt?.count ?? 2 == 2, "Hashing: the salt is \(salt ?? []); allowed: two integers")
    require(outputMode != .tfIDF, "Hashing: outputMode is tfIDF; allowed: all others")
    (self.numBins, self.maskValue, self.salt, self.outputMode) = (numBins, maskValue, salt, outputMode)
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try shape(ofCategories: inputShape, outputMode, numBins)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let (layer, mask, salt) = (self.className, maskValue, salt)
    let masked = mask == nil || numBins == 1 ? 0 : 1
    let bins = UInt64(numBins - masked)
    return try x.applying(
      CategoryOperation(output: outputMode, depth: numBins, shape: try outputShape(for: x.shape)) { operands in
        try operands[0].categories(of: layer, "an integer") { element in
          guard let integer = element.rounded(.towardZero).exactInteger else { return nil }
          if masked == 1 && integer == mask { return 0 }
          let digits = Array("\(integer)".utf8)
          let key = salt.map { (UInt64(bitPattern: Int64($0[0])), UInt64(bitPattern: Int64($0[1]))) }
          let hash = key.map { TokenHash.keyed(digits, $0) } ?? TokenHash.fingerprint(digits)
          return Int(hash % bins) + masked
        }
      })
  }
}
