/// An n-dimensional array with value semantics.
///
/// Storage is shared between copies and views and copied when it is written to while shared. Transposing, slicing,
/// broadcasting and (where strides allow) reshaping never copy.
///
/// ```swift
/// var x: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
/// let y = x.transposed.matmul(x)          // [3, 3]
/// x[0..., 1] = 0                          // the second column
/// ```
public struct Tensor<Scalar: TensorScalar>: Sendable {
  var storage: Storage<Scalar>
  /// Shape, strides and offset of the elements in the storage.
  package internal(set) var layout: Layout

  init(storage: Storage<Scalar>, layout: Layout) {
    require(layout.rank <= Self.maximumRank, "a tensor has at most \(Self.maximumRank) axes, not \(layout.rank)")
    self.storage = storage
    self.layout = layout
  }

  /// New storage with undefined contents.
  init(uninitialized layout: Layout) {
    self.init(storage: Storage(count: layout.count), layout: layout)
  }

  package init(uninitialized shape: [Int]) {
    guard let count = Layout.resolvedCount(shape) else { trap("a tensor cannot have the shape \(shape)") }
    self.init(storage: Storage(count: count), layout: Layout(contiguous: shape))
  }

  /// The most axes a tensor can have.
  public static var maximumRank: Int { 32 }

  /// The length of each axis.
  public var shape: [Int] { layout.shape }
  /// How many elements neighbours along each axis lie apart in memory: negative along flipped axes, 0 along broadcast ones.
  public var strides: [Int] { layout.strides }
  /// The number of axes.
  public var rank: Int { layout.rank }
  /// The number of elements: the product of the shape, 1 at rank 0.
  public var count: Int { layout.count }
  /// Whether there is no element.
  public var isEmpty: Bool { count == 0 }
  /// Whether the elements lie in row-major order without gaps.
  public var isContiguous: Bool { layout.isContiguous }

  /// Whether this tensor alone holds its storage and fills it: then it can be overwritten with a result.
  package var isReusable: Bool {
    @inline(__always) mutating get {
      storage.isExclusive && storage.count == layout.count && layout.isDense
    }
  }

  /// Makes the storage this tensor's own before it is written to.
  @inline(__always)
  mutating func makeUnique() {
    if layout.repeats || !storage.isExclusive { self = copied() }
  }

  /// Where the first element lies, to be read while the tensor is there.
  @usableFromInline var start: UnsafePointer<Scalar> { UnsafePointer(storage.base + layout.offset) }

  func view(_ layout: Layout) -> Tensor { Tensor(storage: storage, layout: layout) }
}
