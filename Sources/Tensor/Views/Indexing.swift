internal import CKernels

/// What can stand between the brackets of a tensor: integers, ranges, `Slice`, `.newAxis`, `.ellipsis`, Boolean masks and
/// index tensors, as in NumPy.
///
/// ```swift
/// let first = x[0]                         // the first row
/// let rest = x[-1, 2...]                   // of the last row, from the third element on
/// let column = x[.ellipsis, 0]             // the first element along the last axis
/// let reversed = x[Slice(step: -1)]
/// let positive = x[x .> 0]                 // rank 1
/// let chosen = x[Tensor<Int64>([1, 0])]    // rows 1 and 0
/// ```
public protocol TensorIndex: Sendable {
  /// What an index does to the axis it stands for.
  static func expression(of index: Self) -> IndexExpression
}

extension TensorIndex {
  var indexExpression: IndexExpression { Self.expression(of: self) }
}

/// What an index does to the axis it stands for.
@nonexhaustive
public enum IndexExpression: Sendable {
  /// Takes one position, and the axis away.
  case element(Int)
  /// Takes some positions at equal distances.
  case slice(Slice)
  /// Adds an axis of length 1.
  case newAxis
  /// Takes as many whole axes as the other indices leave over.
  case ellipsis
  /// Takes the elements where the mask is true; stands for as many axes as it has.
  case mask(Tensor<Bool>)
  /// Takes the positions that a tensor gives.
  case gather(Tensor<Int64>)
}

/// Elements from `start` up to but without `end`, every `step`-th. Negative positions count from the end; positions beyond
/// an end are cut off there, as in NumPy. A negative step runs backwards.
public struct Slice: TensorIndex, Hashable {
  /// The first position; the first or the last of all where it is nil.
  public var start: Int?
  /// The position behind the last one; none where it is nil.
  public var end: Int?
  /// The distance of neighbours. Not 0.
  public var step: Int

  /// Up to and with the last position.
  fileprivate init(_ start: Int?, through last: Int) {
    self.init(start, last == -1 || last == .max ? nil : last + 1)
  }

  /// - Precondition: the step is not 0.
  public init(_ start: Int? = nil, _ end: Int? = nil, step: Int = 1) {
    require(step != 0, "a slice cannot have a step of zero")
    self.start = start
    self.end = end
    self.step = step
  }

  public static func expression(of index: Self) -> IndexExpression { .slice(index) }

  /// First position, number of elements.
  func resolved(length: Int) -> (start: Int, count: Int) {
    require(step != 0, "a slice cannot have a step of zero")
    func clamp(_ position: Int, _ range: ClosedRange<Int>) -> Int {
      let fromFront = position < 0 ? position + length : position
      return min(max(fromFront, range.lowerBound), range.upperBound)
    }
    if step > 0 {
      let first = start.map { clamp($0, 0...length) } ?? 0
      let last = end.map { clamp($0, 0...length) } ?? length
      return (first, last <= first ? 0 : (last - first - 1) / step + 1)
    }
    let first = start.map { clamp($0, -1...(length - 1)) } ?? length - 1
    let last = end.map { clamp($0, -1...(length - 1)) } ?? -1
    return (first, first <= last ? 0 : Int(UInt(first - last - 1) / step.magnitude) + 1)
  }
}

extension Int: TensorIndex {
  public static func expression(of index: Self) -> IndexExpression { .element(index) }
}

extension Range: TensorIndex where Bound == Int {
  public static func expression(of index: Self) -> IndexExpression { .slice(Slice(index.lowerBound, index.upperBound)) }
}

extension ClosedRange: TensorIndex where Bound == Int {
  public static func expression(of index: Self) -> IndexExpression {
    .slice(Slice(index.lowerBound, through: index.upperBound))
  }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
  public static func expression(of index: Self) -> IndexExpression { .slice(Slice(index.lowerBound)) }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
  public static func expression(of index: Self) -> IndexExpression { .slice(Slice(nil, index.upperBound)) }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
  public static func expression(of index: Self) -> IndexExpression { .slice(Slice(nil, through: index.upperBound)) }
}

/// A new axis of length 1.
public struct NewAxis: TensorIndex {
  public static func expression(of index: Self) -> IndexExpression { .newAxis }
}

/// As many whole axes as the other indices leave over.
public struct Ellipsis: TensorIndex {
  public static func expression(of index: Self) -> IndexExpression { .ellipsis }
}

extension TensorIndex where Self == NewAxis {
  /// A new axis of length 1.
  public static var newAxis: NewAxis { NewAxis() }
}

extension TensorIndex where Self == Ellipsis {
  /// As many whole axes as the other indices leave over.
  public static var ellipsis: Ellipsis { Ellipsis() }
}

extension TensorIndex where Self == Slice {
  /// A whole axis.
  public static var all: Slice { Slice() }
}

extension Tensor: TensorIndex {
  /// Bool tensors are masks, integer tensors positions.
  /// - Precondition: the tensor is not of real numbers.
  public static func expression(of index: Self) -> IndexExpression {
    if let mask = index as? Tensor<Bool> { return .mask(mask) }
    require(
      Scalar.elementKind == .integer,
      "a tensor of \(Scalar.elementType.name) is no index: positions are integers, masks are Bool")
    return .gather(index.cast(to: Int64.self))
  }
}

/// Where an index leads: a view, and what is looked up in that view.
private struct Selection {
  var layout: Layout
  var lookups: Lookups?
}

extension Tensor {
  /// Reads, and writes through, indices as in NumPy; see ``TensorIndex``. Integers, ranges and new axes give views;
  /// masks and index tensors copy. Assigned values broadcast to the shape selected.
  /// - Precondition: all indices are in range.
  public subscript(_ indices: any TensorIndex...) -> Tensor {
    get { self[indices: indices] }
    set { self[indices: indices] = newValue }
  }

  /// As ``subscript(_:)``, for indices that are put together at run time.
  public subscript(indices indices: [any TensorIndex]) -> Tensor {
    get {
      if indices.count == 1, let positions = indices[0] as? Tensor<Int64>, let rows = takingRows(positions) {
        return rows
      }
      let selection = selection(indices)
      let selected = view(selection.layout)
      guard let lookups = selection.lookups else { return selected }
      return selected.gathering(lookups)
    }
    set {
      // A value that shares this tensor's storage makes it copy its own: nothing is read while it is overwritten.
      makeUnique()
      let selection = selection(indices)
      let part = selection.layout
      overwrite {
        if let lookups = selection.lookups {
          $0.scatter(newValue, lookups, in: part)
        } else {
          $0.copy(newValue.operand(in: newValue.layout(assignedTo: part.shape)), to: part)
        }
      }
    }
  }

  private func selection(_ indices: [any TensorIndex]) -> Selection {
    var lookups = Lookups()
    var masks: [(axis: Int, mask: Tensor<Bool>)] = []
    var view = layout.indexed(by: indices) { expression, axis, sourceAxis in
      switch expression {
      case .gather(let positions):
        lookups.append(axis, positions.wrapped(length: shape[sourceAxis], axis: sourceAxis, shape: shape))
      case .mask(let mask):
        let stretch = Array(shape[sourceAxis..<(sourceAxis + mask.rank)])
        require(
          stretch == mask.shape, "a mask of the shape \(mask.shape) stands for axes of the shape \(stretch)")
        masks.append((axis, mask))
      default: break
      }
    }
    for (axis, mask) in masks {
      // The axes of a single mask are looked up as one where they can be merged.
      let merged = Array(view.shape[..<axis] + [mask.count] + view.shape[(axis + Swift.max(mask.rank, 1))...])
      if masks.count == 1 && lookups.axes.isEmpty, let reshaped = view.reshaped(to: merged) {
        view = reshaped
        lookups.append(axis, Tensor<Int64>(mask.truePositions()))
      } else {
        for (k, positions) in mask.nonZero().enumerated() { lookups.append(axis + k, positions) }
      }
    }
    if lookups.axes.isEmpty { return Selection(layout: view, lookups: nil) }
    let expressions = indices.map(\.indexExpression)
    lookups.place = Self.blockPlace(expressions, ellipsisLength: rank - Layout.axesConsumed(by: indices))
    return Selection(layout: view, lookups: lookups)
  }

  /// Where the block of looked-up positions stands in the result: in the place of the indices that look up where these are
  /// neighbours, else in front. Integers beside masks and index tensors look up too; an ellipsis separates even where
  /// it stands for no axis.
  private static func blockPlace(_ expressions: [IndexExpression], ellipsisLength: Int) -> Int {
    var place: Int?
    var axes = 0
    var hasEnded = false
    for expression in expressions {
      switch expression {
      case .element, .gather, .mask:
        if hasEnded { return 0 }
        place = place ?? axes
      case .slice, .newAxis: axes += 1
      case .ellipsis: axes += ellipsisLength
      }
      switch expression {
      case .slice, .newAxis, .ellipsis: hasEnded = place != nil
      case .element, .gather, .mask: break
      }
    }
    return place ?? 0
  }

  /// Positions in row-major order where elements are true.
  func truePositions() -> [Int64] where Scalar == Bool {
    if isEmpty { return [] }
    return withUnsafeBufferPointer { mask in
      [Int64](unsafeUninitializedCapacity: mask.count) { positions, found in
        found = ck_true_positions(positions.baseAddress!, mask.baseAddress!, mask.count)
      }
    }
  }

  /// Positions along each axis of this tensor where elements are true: [rank][count]. Rank 0 counts as one axis.
  func nonZero() -> [Tensor<Int64>] where Scalar == Bool {
    let flat = truePositions()
    if rank < 2 { return [Tensor<Int64>(flat)] }
    let strides = Layout.contiguousStrides(shape)
    return (0..<rank).map { axis in
      let (length, stride) = (Int64(shape[axis]), Int64(strides[axis]))
      return Tensor<Int64>(flat.map { position in position / stride % length })
    }
  }

  /// Positions with negative ones counted from the end.
  /// - Precondition: all indices are in range.
  func wrapped(length: Int, axis: Int, shape: [Int]) -> Tensor<Int64> where Scalar == Int64 {
    let positions = scalars.map { position in
      let wrapped = position < 0 ? position + Int64(length) : position
      require(
        wrapped >= 0 && wrapped < length,
        "index \(position) along axis \(axis) of the shape \(shape); allowed: \(-length) to \(length - 1)")
      return wrapped
    }
    return Tensor<Int64>(shape: self.shape, scalars: positions)
  }
}

extension Layout {
  /// How many axes indices stand for, an ellipsis aside.
  static func axesConsumed(by indices: [any TensorIndex]) -> Int {
    var consumed = 0
    for index in indices {
      switch index.indexExpression {
      case .element, .slice, .gather: consumed += 1
      case .mask(let mask): consumed += mask.rank
      case .newAxis, .ellipsis: break
      }
    }
    return consumed
  }

  /// The view that integers, ranges and new axes select. Masks and index tensors leave their axes whole and are handed
  /// to `lookUp`, with their first axis in the view and in this layout.
  /// - Precondition: all indices are in range.
  func indexed(
    by indices: [any TensorIndex], lookUp: (_ expression: IndexExpression, _ axis: Int, _ sourceAxis: Int) -> Void
  ) -> Layout {
    let consumed = Self.axesConsumed(by: indices)
    require(consumed <= rank, "\(consumed) indices for a tensor of the shape \(shape) with \(rank) axes")
    var view = Layout(shape: [], strides: [], offset: offset)
    view.shape.reserveCapacity(rank + indices.count)
    view.strides.reserveCapacity(rank + indices.count)
    var axis = 0
    var hasEllipsis = false
    func keep(_ count: Int) {
      for _ in 0..<count {
        view.shape.append(shape[axis])
        view.strides.append(strides[axis])
        axis += 1
      }
    }
    for index in indices {
      let expression = index.indexExpression
      switch expression {
      case .element(let index):
        let length = shape[axis]
        let position = index < 0 ? index + length : index
        require(
          position >= 0 && position < length,
          "index \(index) along axis \(axis) of the shape \(shape); allowed: \(-length) to \(length - 1)")
        view.offset += position * strides[axis]
        axis += 1
      case .slice(let slice):
        let (start, count) = slice.resolved(length: shape[axis])
        if count > 0 { view.offset += start * strides[axis] }
        view.shape.append(count)
        view.strides.append(count > 1 ? strides[axis] * slice.step : strides[axis])
        axis += 1
      case .newAxis:
        view.shape.append(1)
        view.strides.append(0)
      case .ellipsis:
        require(!hasEllipsis, "an index contains at most one ellipsis, not \(indices.count { $0 is Ellipsis })")
        hasEllipsis = true
        keep(rank - consumed)
      case .gather:
        lookUp(expression, view.rank, axis)
        keep(1)
      case .mask(let mask):
        lookUp(expression, view.rank, axis)
        if mask.rank == 0 {
          view.shape.append(1)
          view.strides.append(0)
        } else {
          keep(mask.rank)
        }
      }
    }
    keep(rank - axis)
    return view
  }
}
