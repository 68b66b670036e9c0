public import Tensor

/// Spreads combinations of integers over bins by a hash, the same as Keras's: one integer of each input gives one bin.
///
/// ```swift
/// let bins = try HashedCrossing<Float>(numBins: 100)([[3], [4]] as Tensor, [[7], [7]] as Tensor)
/// ```
public struct HashedCrossing<Scalar: RealScalar>: Merge {
  /// The number of bins.
  public let numBins: Int
  /// What is given for a sample: the bin, or a row with a 1 at its place.
  public let outputMode: CategoryOutput

  /// - Precondition: `numBins` is at least 1, and the output is an integer or one-hot.
  public init(numBins: Int, outputMode: CategoryOutput = .integer) {
    require(numBins >= 1, "HashedCrossing: numBins is \(numBins); allowed: integers of at least 1")
    require(
      outputMode == .integer || outputMode == .oneHot,
      "HashedCrossing: outputMode is \(outputMode); allowed: integer and oneHot")
    (self.numBins, self.outputMode) = (numBins, outputMode)
  }

  public func outputShape(forInputs inputShapes: [[Int]]) throws -> [Int] {
    guard inputShapes.count > 1 else {
      throw LayerError.inputCount(layer: className, expected: 2, found: inputShapes.count)
    }
    guard Set(inputShapes).count == 1, inputShapes[0] == [] || inputShapes[0] == [1] else {
      throw LayerError.inputShapes(
        layer: className, expected: "[batch] or [batch, 1], the same for all", found: inputShapes.map(batchDescription))
    }
    return try shape(ofCategories: inputShapes[0], outputMode, numBins)
  }

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    let (layer, bins) = (className, UInt64(numBins))
    let shape = try outputShape(forInputs: inputs.map(\.shape))
    let operation = CategoryOperation<Scalar>(output: outputMode, depth: numBins, shape: shape) { operands in
      let all = try operands.map {
        try $0.categories(of: layer, "an integer") { $0.exactInteger }
      }
      return all[0].indices.map { place in
        Int(TokenHash.crossed(all.map { UInt64(bitPattern: Int64($0[place])) }) % bins)
      }
    }
    return try inputs[0].results(of: operation, Array(inputs.dropFirst()))[0]
  }
}
