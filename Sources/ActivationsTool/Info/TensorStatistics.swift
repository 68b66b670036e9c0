import ModelFiles
import Tensor

/// Statistics of a tensor's elements.
struct TensorStatistics: Hashable {
  /// The range of the elements except NaN; `nil` if there are none.
  var minimum: Double?
  var maximum: Double?
  var nanCount = 0
  var infiniteCount = 0

  private static let elementsPerPiece = 1 << 20

  init(_ tensor: AnyTensor) {
    switch tensor {
    case .float(let x): add(reals: x)
    case .double(let x): add(reals: x)
    case .int32(let x): add(integers: x)
    case .int64(let x): add(integers: x)
    case .uint8(let x): add(integers: x)
    case .bool(let x): add(integers: x.cast(to: UInt8.self))
    }
  }

  /// Computes them piece by piece, so that mapped files need not fit in memory.
  private mutating func add<Scalar: RealScalar>(reals x: Tensor<Scalar>) {
    Self.forEachPiece(of: x) { piece in
      let isNaN = piece.isNaN
      let nans = Int(isNaN.countTrue().scalar)
      nanCount += nans
      infiniteCount += piece.count - nans - Int(piece.isFinite.countTrue().scalar)
      if nans == piece.count { return }
      let lowest = nans == 0 ? piece.min() : Tensor.where(isNaN, Tensor(.infinity), piece).min()
      let highest = nans == 0 ? piece.max() : Tensor.where(isNaN, Tensor(-.infinity), piece).max()
      add(Double(lowest.scalar), Double(highest.scalar))
    }
  }

  private mutating func add<Scalar: NumericScalar & FixedWidthInteger>(integers x: Tensor<Scalar>) {
    if x.isEmpty { return }
    add(Double(x.min().scalar), Double(x.max().scalar))
  }

  private mutating func add(_ lowest: Double, _ highest: Double) {
    minimum = min(minimum ?? lowest, lowest)
    maximum = max(maximum ?? highest, highest)
  }

  private static func forEachPiece<Scalar>(of x: Tensor<Scalar>, _ body: (Tensor<Scalar>) -> Void) {
    if x.isEmpty { return }
    guard x.count > elementsPerPiece, x.rank > 0, x.shape[0] > 1 else { return body(x) }
    let step = max(1, elementsPerPiece / (x.count / x.shape[0]))
    for start in stride(from: 0, to: x.shape[0], by: step) {
      forEachPiece(of: x[start..<min(start + step, x.shape[0])], body)
    }
  }
}
