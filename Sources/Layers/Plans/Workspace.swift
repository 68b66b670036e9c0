internal import Tensor

/// The memory of one computation, kept between runs: tensors that are no longer needed, by shape, and a pool for
/// everything else that operations, losses and optimizers create.
final class Workspace<Scalar: RealScalar> {
  private let pool = MemoryPool()
  private var free: [Tensor<Scalar>] = []
  /// The number of tensors, from the first one, that have been unused since this run began.
  private var unusedCount = 0

  /// Runs the computation, or a part of it. Tensors that the run has not used go to the pool at its end.
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

  /// Returns a tensor of this shape with undefined elements.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func tensor(_ shape: [Int]) -> Tensor<Scalar> {
    // The tensor released last is the most likely to be in cache.
    if let index = free.lastIndex(where: { $0.layout.shape == shape }) { return take(index) }
    return Tensor(uninitialized: shape)
  }

  /// Returns a tensor for a shape that differs from another in the last axis; the shape is created only if there is no
  /// such tensor.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
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

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func recycle(_ x: consuming Tensor<Scalar>) {
    guard x.isReusable && x.isContiguous else { return }
    free.append(x)
  }
}
