internal import Tensor

/// Tensors whose elements nobody needs any more, by shape: memory for the next results.
final class Workspace<Scalar: RealScalar> {
  private var free: [Tensor<Scalar>] = []
  /// More than a step of a large model gives back; the oldest go first.
  private static var limit: Int { 64 }

  /// A tensor of this shape with undefined elements, which nobody else holds.
  func tensor(_ shape: [Int]) -> Tensor<Scalar> {
    // The one given back last is the likeliest to be in cache.
    if let index = free.lastIndex(where: { $0.shape == shape }) { return free.remove(at: index) }
    return Tensor(uninitialized: shape)
  }

  /// The same for a shape that differs from another in the last axis, which is made only where there is no such tensor.
  func tensor(_ shape: [Int], last: Int) -> Tensor<Scalar> {
    let end = shape.count - 1
    for index in free.indices.reversed() {
      let candidate = free[index].layout.shape
      guard candidate.count == shape.count, candidate[end] == last else { continue }
      var axis = 0
      while axis < end && candidate[axis] == shape[axis] { axis += 1 }
      if axis == end { return free.remove(at: index) }
    }
    return Tensor(uninitialized: shape.dropLast() + [last])
  }

  func recycle(_ x: consuming Tensor<Scalar>) {
    guard x.isReusable && x.isContiguous else { return }
    if free.count == Self.limit { free.removeFirst() }
    free.append(x)
  }
}
