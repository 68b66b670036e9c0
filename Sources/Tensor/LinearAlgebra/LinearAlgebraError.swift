/// A matrix for which a decomposition or a solution does not exist or was not found. `matrix` is its index in the batch,
/// empty for a single matrix; `shape` is the shape of the whole tensor.
@nonexhaustive
public enum LinearAlgebraError: Error, Hashable, Sendable {
  /// Elimination met a pivot that is exactly zero, counted from 0.
  case singular(pivot: Int, shape: [Int], matrix: [Int])
  /// The leading minor of this order (counted from 1) is not positive.
  case notPositiveDefinite(minor: Int, shape: [Int], matrix: [Int])
  /// An iteration ended before all values were found.
  case notConverged(operation: String, shape: [Int], matrix: [Int])
  /// An element is infinite or NaN, where the operation takes finite ones.
  case notFinite(operation: String, shape: [Int])
}

extension LinearAlgebraError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .singular(let pivot, let shape, let matrix):
      "\(Self.subject(shape, matrix)) is singular: pivot \(pivot) is zero"
    case .notPositiveDefinite(let minor, let shape, let matrix):
      "\(Self.subject(shape, matrix)) is not positive definite: its leading minor of order \(minor) is not positive"
    case .notConverged(let operation, let shape, let matrix):
      "\(operation) of \(Self.subject(shape, matrix)) did not converge"
    case .notFinite(let operation, let shape):
      "\(operation) takes finite elements, but a matrix of the shape \(shape) contains an infinity or NaN"
    }
  }

  private static func subject(_ shape: [Int], _ matrix: [Int]) -> String {
    matrix.isEmpty ? "the matrix of the shape \(shape)" : "matrix \(matrix) of the batch of the shape \(shape)"
  }
}
