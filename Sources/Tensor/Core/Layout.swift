/// Where the elements of a tensor lie in its storage: `[i, j, …]` at `offset + i * strides[0] + j * strides[1] + …`.
///
/// Strides are counted in elements; they may be negative (flipped axes) or zero (broadcast axes). Everything here is
/// arithmetic on integers: nothing touches memory.
package struct Layout: Hashable, Sendable {
  /// The length of each axis.
  package internal(set) var shape: [Int]
  /// How far neighbours along each axis lie apart, in elements.
  package internal(set) var strides: [Int]
  /// Where the first element lies in the storage.
  package internal(set) var offset: Int

  init(shape: [Int], strides: [Int], offset: Int = 0) {
    self.shape = shape
    self.strides = strides
    self.offset = offset
  }

  /// Row-major: the last axis is contiguous.
  init(contiguous shape: [Int]) {
    self.init(shape: shape, strides: Self.contiguousStrides(shape))
  }

  /// The number of axes.
  package var rank: Int { shape.count }

  /// The number of elements; 1 at rank 0.
  package var count: Int {
    var count = 1
    for length in shape { count *= length }
    return count
  }

  /// Row-major strides. An axis of length 0 counts as 1, so that the others keep meaningful strides.
  static func contiguousStrides(_ shape: [Int]) -> [Int] {
    var strides = shape
    var stride = 1
    var axis = shape.count
    while axis > 0 {
      axis -= 1
      let length = shape[axis]
      strides[axis] = stride
      let (product, overflow) = stride.multipliedReportingOverflow(by: max(length, 1))
      require(!overflow, "a tensor cannot have the shape \(shape)")
      stride = product
    }
    return strides
  }

  /// Whether the elements follow each other in row-major order without gaps.
  package var isContiguous: Bool {
    var expected = 1
    var axis = rank
    while axis > 0 {
      axis -= 1
      let length = shape[axis]
      if length == 0 { return true }
      if length != 1 && strides[axis] != expected { return count == 0 }
      expected *= length
    }
    return true
  }

  /// Whether the elements fill a stretch of memory without gaps or repetition, in whatever order of axes; none of them
  /// flipped.
  package var isDense: Bool {
    if isContiguous { return true }
    return permuted(axesInMemoryOrder).isContiguous
  }

  /// The axes from the largest stride to the smallest; equal strides keep their order.
  var axesInMemoryOrder: [Int] {
    (0..<rank).sorted { (strides[$0].magnitude, $1) > (strides[$1].magnitude, $0) }
  }

  /// Whether elements stand for several: an axis repeats them, or windows overlap.
  var repeats: Bool {
    var reach = 0
    var axis = rank
    while axis > 0 {
      axis -= 1
      if shape[axis] == 1 { continue }
      let stride = abs(strides[axis])
      if stride <= reach || stride == 0 { return overlaps }
      reach += (shape[axis] - 1) * stride
    }
    return false
  }

  /// The same for axes in any order: each must reach beyond all that lie within it.
  private var overlaps: Bool {
    var reach = 0
    for axis in axesInMemoryOrder.reversed() where shape[axis] > 1 {
      let stride = abs(strides[axis])
      if stride <= reach { return true }
      reach += (shape[axis] - 1) * stride
    }
    return false
  }

  /// A layout of new storage for the same shape, with this layout's order of axes (NumPy's order K); row-major where
  /// axes are repeated.
  var compacted: Layout {
    if isContiguous || repeats { return Layout(contiguous: shape) }
    let order = axesInMemoryOrder
    let inOrder = Self.contiguousStrides(order.map { shape[$0] })
    var result = Layout(shape: shape, strides: shape)
    for (position, axis) in order.enumerated() { result.strides[axis] = inOrder[position] }
    return result
  }

  /// The lowest and highest element offset in use; `nil` without elements.
  var extent: ClosedRange<Int>? {
    if count == 0 { return nil }
    var low = offset
    var high = offset
    for (length, stride) in zip(shape, strides) {
      if stride < 0 { low += (length - 1) * stride } else { high += (length - 1) * stride }
    }
    return low...high
  }

  // MARK: Axes

  /// The axis counted from the front; negative axes count from the back. `nil` when out of range.
  static func resolved(axis: Int, rank: Int) -> Int? {
    let resolved = axis < 0 ? axis + rank : axis
    return resolved >= 0 && resolved < rank ? resolved : nil
  }

  func permuted(_ axes: [Int]) -> Layout {
    Layout(shape: axes.map { shape[$0] }, strides: axes.map { strides[$0] }, offset: offset)
  }

  var transposed: Layout {
    Layout(shape: shape.reversed(), strides: strides.reversed(), offset: offset)
  }

  func moving(axis: Int, to destination: Int) -> Layout {
    if axis == destination { return self }
    var order = Array(0..<rank)
    order.insert(order.remove(at: axis), at: destination)
    return permuted(order)
  }

  func removing(axis: Int) -> Layout {
    var result = self
    result.shape.remove(at: axis)
    result.strides.remove(at: axis)
    return result
  }

  func inserting(axis: Int, length: Int = 1, stride: Int = 0) -> Layout {
    var result = self
    result.shape.insert(length, at: axis)
    result.strides.insert(stride, at: axis)
    return result
  }

  func flipped(axis: Int) -> Layout {
    var result = self
    if shape[axis] > 0 { result.offset += (shape[axis] - 1) * strides[axis] }
    result.strides[axis] = -strides[axis]
    return result
  }

  /// The elements `start`, `start + step`, … (`count` of them) along an axis.
  func sliced(axis: Int, start: Int, count: Int, step: Int) -> Layout {
    var result = self
    if count > 0 { result.offset += start * strides[axis] }
    result.shape[axis] = count
    // A step beyond the axis is never taken; its product with the stride could overflow.
    if count > 1 { result.strides[axis] = strides[axis] * step }
    return result
  }

  /// The diagonal of two axes as the last axis; `offset` above (positive) or below (negative) the main one.
  func diagonal(offset diagonalOffset: Int, axis1: Int, axis2: Int) -> Layout {
    let rowStart = -max(min(diagonalOffset, 0), -Int.max)
    let columnStart = max(diagonalOffset, 0)
    let length = max(0, min(shape[axis1] - rowStart, shape[axis2] - columnStart))
    let stride = strides[axis1] + strides[axis2]
    var result = removing(axis: max(axis1, axis2)).removing(axis: min(axis1, axis2))
    if length > 0 { result.offset += rowStart * strides[axis1] + columnStart * strides[axis2] }
    result.shape.append(length)
    result.strides.append(stride)
    return result
  }

  /// Whether the shapes are the same but for one axis.
  func agrees(with other: Layout, exceptAlong except: Int) -> Bool {
    guard rank == other.rank else { return false }
    for axis in 0..<rank where axis != except && shape[axis] != other.shape[axis] { return false }
    return true
  }

  // MARK: Broadcasting and reshaping

  /// NumPy's rule: shapes are aligned at the last axis, lengths must agree or be 1. `nil` when they do not.
  /// - Precondition: a tensor can have the resulting shape.
  package static func broadcastShape(_ first: [Int], _ second: [Int]) -> [Int]? {
    guard let result = broadcastLengths(first, second) else { return nil }
    require(resolvedCount(result) != nil, "\(first) and \(second) broadcast to \(result), which no tensor can have")
    return result
  }

  /// As ``broadcastShape(_:_:)``, for shapes that come from outside: however many elements the result has.
  package static func broadcastLengths(_ first: [Int], _ second: [Int]) -> [Int]? {
    if first == second { return first }
    let rank = max(first.count, second.count)
    var result = [Int](repeating: 1, count: rank)
    for back in 1...rank {
      let a = back <= first.count ? first[first.count - back] : 1
      let b = back <= second.count ? second[second.count - back] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result[rank - back] = a == 1 ? b : a
    }
    return result
  }

  /// This layout repeated along new axes and axes of length 1. `nil` where the shapes do not allow it.
  package func broadcast(to target: [Int]) -> Layout? {
    if shape == target { return self }
    guard target.count >= rank, Self.resolvedCount(target) != nil else { return nil }
    let added = target.count - rank
    var strides = [Int](repeating: 0, count: target.count)
    for axis in 0..<rank {
      if shape[axis] == target[axis + added] {
        strides[axis + added] = self.strides[axis]
      } else if shape[axis] != 1 {
        return nil
      }
    }
    return Layout(shape: target, strides: strides, offset: offset)
  }

  /// The number of elements of a shape; `nil` where a length is negative or the number cannot be represented. Lengths of
  /// 0 count as 1 there, because strides are computed so.
  package static func resolvedCount(_ shape: [Int]) -> Int? {
    var count = 1
    var isEmpty = false
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(length, 1))
      guard length >= 0, !overflow else { return nil }
      count = product
      if length == 0 { isEmpty = true }
    }
    return isEmpty ? 0 : count
  }

  /// The shape with its one `-1` replaced by what the others leave of `count`; `nil` where that does not go up.
  package static func resolved(shape: [Int], count: Int) -> [Int]? {
    guard let inferred = shape.firstIndex(of: -1) else { return resolvedCount(shape) == count ? shape : nil }
    var result = shape
    result[inferred] = 1
    guard let known = resolvedCount(result), known > 0, count % known == 0 else { return nil }
    result[inferred] = count / known
    return result
  }

  /// The same elements in the same (row-major) order under another shape, without moving them. `nil` where that is
  /// impossible. The counts must agree.
  func reshaped(to target: [Int]) -> Layout? {
    if shape == target { return self }
    if isContiguous { return Layout(shape: target, strides: Self.contiguousStrides(target), offset: offset) }
    // Groups of old axes and groups of new axes with equal counts; each old group must be one even run.
    let kept = (0..<rank).filter { shape[$0] != 1 }
    let old = permuted(kept)
    var result = Layout(shape: target, strides: [Int](repeating: 0, count: target.count), offset: offset)
    var oldAxis = 0
    var newAxis = 0
    while oldAxis < old.rank {
      var oldCount = old.shape[oldAxis]
      var oldEnd = oldAxis + 1
      var newCount = 1
      var newEnd = newAxis
      while newCount != oldCount {
        if newCount < oldCount {
          newCount *= target[newEnd]
          newEnd += 1
        } else {
          oldCount *= old.shape[oldEnd]
          oldEnd += 1
        }
      }
      for axis in oldAxis..<(oldEnd - 1)
      where old.strides[axis] != old.strides[axis + 1] * old.shape[axis + 1] {
        return nil
      }
      var stride = old.strides[oldEnd - 1]
      for axis in (newAxis..<newEnd).reversed() {
        result.strides[axis] = stride
        stride *= target[axis]
      }
      oldAxis = oldEnd
      newAxis = newEnd
    }
    for axis in newAxis..<target.count { result.strides[axis] = 1 }
    return result
  }
}
