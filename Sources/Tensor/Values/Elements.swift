// Elements in and out.

extension Tensor {
  /// A contiguous copy in storage of its own.
  /// - Complexity: O(*n*), one allocation.
  public func copied() -> Tensor {
    .making(Layout(contiguous: shape)) { $0.copy(operand()) }
  }

  /// The same elements in row-major order without gaps; copies only where they do not lie so already.
  public var contiguous: Tensor { isContiguous ? self : copied() }

  /// The elements of a collection in row-major order.
  ///
  /// ```swift
  /// let counted = Tensor<Int64>(shape: [2, 3], scalars: 0..<6)    // [[0, 1, 2], [3, 4, 5]]
  /// ```
  /// - Precondition: their number is the product of the shape's lengths.
  @inlinable
  public init<Elements: Collection>(shape: [Int], scalars: Elements) where Elements.Element == Scalar {
    self = Tensor.making(shape) { elements in
      let buffer = elements.buffer
      require(
        scalars.count == buffer.count,
        "the shape \(shape) has \(buffer.count) elements, but \(scalars.count) are given")
      let (_, written) = buffer.initialize(from: scalars)
      require(written == buffer.count, "a collection gave \(written) elements and had announced \(buffer.count)")
    }
  }

  /// A tensor of rank 1.
  @inlinable
  public init<Elements: Collection>(_ scalars: Elements) where Elements.Element == Scalar {
    self.init(shape: [scalars.count], scalars: scalars)
  }

  /// A tensor of rank 0.
  public init(_ scalar: Scalar) {
    self = Tensor.making([]) { $0.start.initialize(to: scalar) }
  }

  /// A matrix from rows of equal length.
  @_disfavoredOverload  // so that [] is of rank 1
  public init(_ rows: [[Scalar]]) {
    let length = rows.first?.count ?? 0
    self = Tensor.making([rows.count, length]) { matrix in
      for (index, row) in rows.enumerated() {
        require(row.count == length, "row \(index) has \(row.count) elements, row 0 has \(length)")
        (matrix.start + index * length).update(from: row, count: length)
      }
    }
  }

  /// A tensor of rank 3 from equal matrices.
  @_disfavoredOverload
  public init(_ matrices: [[[Scalar]]]) {
    self = matrices.isEmpty ? .zeros([0, 0, 0]) : .stacked(matrices.map { Tensor($0) })
  }

  /// The elements in row-major order.
  /// - Complexity: O(*n*).
  public var scalars: [Scalar] {
    // The array without elements is one that all threads share, and is not to be initialised.
    if isEmpty { return [] }
    return [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = count
      withContiguousStorage { _ = buffer.update(fromContentsOf: $0) }
    }
  }

  /// The only element.
  /// - Precondition: the tensor has exactly one element.
  public var scalar: Scalar {
    require(count == 1, "a tensor of the shape \(shape) is not a single scalar")
    return storage.base[layout.offset]
  }

  /// The element at a full index; negative indices count from the end.
  /// - Precondition: the index is in range.
  public subscript(at index: Int...) -> Scalar {
    get { storage.base[elementOffset(index)] }
    set {
      makeUnique()
      storage.base[elementOffset(index)] = newValue
    }
  }

  private func elementOffset(_ index: [Int]) -> Int {
    require(
      index.count == rank, "an element of a tensor of the shape \(shape) takes \(rank) indices, not \(index.count)")
    var offset = layout.offset
    for axis in 0..<rank {
      let length = layout.shape[axis]
      let position = index[axis] < 0 ? index[axis] + length : index[axis]
      require(
        position >= 0 && position < length,
        "index \(index[axis]) along axis \(axis) of a tensor of the shape \(shape); allowed: \(-length) to \(length - 1)"
      )
      offset += position * layout.strides[axis]
    }
    return offset
  }

  // MARK: Memory

  private func withContiguousStorage<Result>(
    _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    let dense = contiguous
    return try withExtendedLifetime(dense.storage) {
      try body(UnsafeBufferPointer(start: dense.start, count: dense.count))
    }
  }

  /// The elements in row-major order as memory; a tensor that does not lie so is copied first.
  public func withUnsafeBufferPointer<Result>(
    _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    try withContiguousStorage(body)
  }

  /// The elements in row-major order as memory to write to. The tensor lies contiguous in storage of its own from then on.
  public mutating func withUnsafeMutableBufferPointer<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    if isContiguous { makeUnique() } else { self = copied() }
    return try withExtendedLifetime(storage) {
      try body(UnsafeMutableBufferPointer(start: storage.base + layout.offset, count: count))
    }
  }

  /// The elements in row-major order as a span; a tensor that does not lie so is copied first.
  public func withSpan<Result>(_ body: (Span<Scalar>) throws -> Result) rethrows -> Result {
    try withContiguousStorage { try body($0.span) }
  }

  /// The elements in row-major order as a span to write to.
  public mutating func withMutableSpan<Result>(_ body: (inout MutableSpan<Scalar>) throws -> Result) rethrows -> Result
  {
    try withUnsafeMutableBufferPointer { buffer in
      var span = buffer.mutableSpan
      return try body(&span)
    }
  }

  /// Takes over memory that somebody else allocated, without a copy; `deallocator` is called once when no tensor uses it.
  ///
  /// The memory holds the elements in row-major order and is written to by tensors that hold it alone.
  public init(
    wrapping memory: UnsafeMutableBufferPointer<Scalar>, shape: [Int], deallocator: @escaping @Sendable () -> Void
  ) {
    requireCount(memory.count, shape)
    self.init(
      storage: Storage(
        base: memory.baseAddress ?? UnsafeMutablePointer(bitPattern: 64)!, count: memory.count, deallocator: deallocator
      ),
      layout: Layout(contiguous: shape))
  }

  /// Reads memory that `owner` keeps alive, without a copy. Tensors copy it before they write.
  public init(wrapping memory: UnsafeBufferPointer<Scalar>, shape: [Int], owner: AnyObject) {
    requireCount(memory.count, shape)
    let base = memory.baseAddress.map { UnsafeMutablePointer(mutating: $0) } ?? UnsafeMutablePointer(bitPattern: 64)!
    self.init(
      storage: Storage(base: base, count: memory.count, isWritable: false, owner: owner),
      layout: Layout(contiguous: shape))
  }
}

private func requireCount(_ count: Int, _ shape: [Int]) {
  require(
    Layout.resolvedCount(shape) == count, "the shape \(shape) does not hold the \(count) elements of the memory given")
}

extension Array where Element: TensorScalar {
  /// The elements in row-major order.
  public init(_ tensor: Tensor<Element>) { self = tensor.scalars }
}

extension Array {
  /// The rows of a matrix: `let rows: [[Float]] = Array(matrix)`.
  /// - Precondition: the rank is 2.
  @_disfavoredOverload  // so that Array(tensor) are its elements
  public init<Scalar>(_ matrix: Tensor<Scalar>) where Element == [Scalar] {
    require(matrix.rank == 2, "an array of rows is made from rank 2, not from the shape \(matrix.shape)")
    self = (0..<matrix.shape[0]).map { matrix.row($0).scalars }
  }

  /// The matrices of a tensor.
  /// - Precondition: the rank is 3.
  @_disfavoredOverload
  public init<Scalar>(_ matrices: Tensor<Scalar>) where Element == [[Scalar]] {
    require(matrices.rank == 3, "an array of matrices is made from rank 3, not from the shape \(matrices.shape)")
    self = (0..<matrices.shape[0]).map { [[Scalar]](matrices.row($0)) }
  }
}

extension Tensor: ExpressibleByArrayLiteral {
  /// Nested literals: `let x: Tensor<Float> = [[1, 2], [3, 4]]`.
  /// - Precondition: the parts have the same shape.
  public init(arrayLiteral elements: Tensor...) {
    self = elements.isEmpty ? .zeros([0]) : .stacked(elements)
  }
}

extension Tensor: ExpressibleByIntegerLiteral where Scalar: ExpressibleByIntegerLiteral {
  /// A tensor of rank 0.
  public init(integerLiteral value: Scalar.IntegerLiteralType) { self.init(Scalar(integerLiteral: value)) }
}

extension Tensor: ExpressibleByFloatLiteral where Scalar: ExpressibleByFloatLiteral {
  /// A tensor of rank 0.
  public init(floatLiteral value: Scalar.FloatLiteralType) { self.init(Scalar(floatLiteral: value)) }
}

extension Tensor: ExpressibleByBooleanLiteral where Scalar == Bool {
  /// A tensor of rank 0.
  public init(booleanLiteral value: Bool) { self.init(value) }
}

// MARK: Functions of elements

extension Tensor {
  /// A tensor of this shape with each element transformed. Where a named function exists (`exp`, `clamped`), that is faster.
  @inlinable
  public func map<Result: TensorScalar, Failure: Error>(
    _ transform: (Scalar) throws(Failure) -> Result
  ) throws(Failure) -> Tensor<Result> {
    let x = contiguous
    return try Tensor<Result>.making(shape) { result throws(Failure) in
      let (output, input) = (result.buffer, x.start)
      for i in output.indices { output[i] = try transform(input[i]) }
      withExtendedLifetime(x) {}
    }
  }

  /// A tensor whose elements are made from those of two tensors of one shape.
  /// - Precondition: the shapes agree.
  @inlinable
  public func zip<Other: TensorScalar, Result: TensorScalar, Failure: Error>(
    _ other: Tensor<Other>, _ transform: (Scalar, Other) throws(Failure) -> Result
  ) throws(Failure) -> Tensor<Result> {
    require(shape == other.shape, "zip takes tensors of one shape, not \(shape) and \(other.shape)")
    let x = contiguous
    let y = other.contiguous
    return try Tensor<Result>.making(shape) { result throws(Failure) in
      let (output, first, second) = (result.buffer, x.start, y.start)
      for i in output.indices { output[i] = try transform(first[i], second[i]) }
      withExtendedLifetime((x, y)) {}
    }
  }

  /// The elements converted to another type. To integers, reals are truncated towards zero, numbers beyond the type's
  /// range become its smallest or largest number (unlike in NumPy, where integers wrap around), and NaN gives 0; to
  /// Bool, whatever is not zero is true.
  public func cast<Target: TensorScalar>(to target: Target.Type) -> Tensor<Target> {
    if let same = self as? Tensor<Target> { return same }
    return converted(to: target)
  }
}
