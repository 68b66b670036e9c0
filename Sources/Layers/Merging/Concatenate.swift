public import Tensor

/// Concatenates its inputs along an axis; their other axes must agree.
///
/// ```swift
/// let joined = try Concatenate()([a, b])    // [batch, …, m] and [batch, …, n] give [batch, …, m + n]
/// ```
///
/// Masks are concatenated too. If another input has a mask, an input without one counts entirely.
public struct Concatenate<Scalar: RealScalar>: Merge {
  /// The axis, numbered from the batch axis, which is 0; negative numbers count from the last axis.
  public let axis: Int

  /// Creates a layer that concatenates its inputs along an axis.
  /// - Precondition: `axis` is not 0, the batch axis.
  public init(axis: Int = -1) {
    requireBehindBatch([axis], "Concatenate")
    self.axis = axis
  }

  public func outputShape(forInputs inputShapes: [[Int]]) throws -> [Int] {
    guard var result = inputShapes.first else {
      throw LayerError.inputCount(layer: className, expected: 1, found: 0)
    }
    let place = try axes([axis], of: result)[0] - 1
    for shape in inputShapes.dropFirst() {
      var agreeing = shape
      if shape.count == result.count { agreeing[place] = result[place] }
      guard agreeing == result else {
        throw LayerError.inputShapes(
          layer: className, expected: "shapes that agree except along the axis \(axis)",
          found: inputShapes.map(batchDescription))
      }
      let (length, overflow) = result[place].addingReportingOverflow(shape[place])
      guard !overflow else {
        throw LayerError.inputShapes(
          layer: className, expected: "shapes whose lengths along the axis \(axis) have a sum that can be counted",
          found: inputShapes.map(batchDescription))
      }
      result[place] = length
    }
    return result
  }

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    let place = try axes([axis], of: inputs[0].shape)[0] - 1
    return try inputs.merged(by: ConcatenationOperation(axis: place)).with(mask: inputs.concatenatedMask(axis: place))
  }
}
