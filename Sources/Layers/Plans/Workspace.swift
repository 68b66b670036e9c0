internal import Tensor

/// Memory of one computation, kept from run to run: tensors whose elements nobody needs any more, by shape, and a pool for what
/// operations, losses and optimizers make besides.
final class Workspace<Scalar: RealScalar> {
  private let pool = MemoryPool()
  private var free: [Tensor<Scalar>] = []
  /// How many of them, from the first on, have been there since this run began.
  private var unusedCount = 0

  /// A run of the computation, or a part of one. Tensors that a run has had no use for go to the pool at its end.
  func lend(to run: () throws -> Void) rethrows {
    let outer = pool.enter()
    defer { pool.leave(for: outer) }
    try run()
    if !pool.isWithin(outer) { dropUnused() }
  }

  private func dropUnused() {
    if unusedCount > 0 { free.removeFirst(unusedCount) }
    unusedCount = free.count
  }

  /// A tensor of this shape with undefined elements.
  func tensor(_ shape: [Int]) -> Tensor<Scalar> {
    // The one given back last is the likeliest to be in cache.
    if let index = free.lastIndex(where: { $0.layout.shape == shape }) { return take(index) }
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
      if axis == end { return take(index) }
    }
    return Tensor(uninitialized: shape.dropLast() + [last])
  }

  private func take(_ index: Int) -> Tensor<Scalar> {
    if index < unusedCount { unusedCount -= 1 }
    return free.remove(at: index)
  }

  func recycle(_ x: consuming Tensor<Scalar>) {
    guard x.isReusable && x.isContiguous else { return }
    free.append(x)
  }
}
