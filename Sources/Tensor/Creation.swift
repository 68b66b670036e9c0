extension Tensor {
  /// Every element has the given value.
  public init(repeating value: Scalar, shape: [Int]) {
    self.init(uninitialized: shape)
    fill(value)
  }

  /// Every element has the given value.
  public static func filled(_ shape: [Int], with value: Scalar) -> Tensor { Tensor(repeating: value, shape: shape) }

  /// Zeros; `false` for Bool.
  public static func zeros(_ shape: [Int]) -> Tensor { Tensor(repeating: .zeroValue, shape: shape) }

  /// Ones; `true` for Bool.
  public static func ones(_ shape: [Int]) -> Tensor { Tensor(repeating: .oneValue, shape: shape) }

  /// Zeros in the shape of another tensor.
  public static func zeros(like other: Tensor) -> Tensor { zeros(other.shape) }

  /// Ones in the shape of another tensor.
  public static func ones(like other: Tensor) -> Tensor { ones(other.shape) }

  /// One value in the shape of another tensor.
  public static func filled(like other: Tensor, with value: Scalar) -> Tensor { filled(other.shape, with: value) }

  /// Ones on a diagonal, zeros elsewhere: [rows, columns]. `offset` is above (positive) or below the main diagonal.
  public static func identity(_ rows: Int, columns: Int? = nil, offset: Int = 0) -> Tensor {
    let result = zeros([rows, columns ?? rows])
    result.view(result.layout.diagonal(offset: offset, axis1: 0, axis2: 1)).fill(.oneValue)
    return result
  }

  /// A square matrix with the elements of a vector on a diagonal and zeros elsewhere.
  /// - Parameter vector: rank 1.
  public static func diagonal(_ vector: Tensor, offset: Int = 0) -> Tensor {
    require(vector.rank == 1, "a diagonal is made from rank 1, not from the shape \(vector.shape)")
    let size = vector.count + abs(offset)
    let result = zeros([size, size])
    result.view(result.layout.diagonal(offset: offset, axis1: 0, axis2: 1)).fill(copying: vector)
    return result
  }
}

extension Tensor where Scalar: BinaryInteger & NumericScalar {
  /// `start`, `start + step`, … up to but without `end`. Traps for a step of zero.
  ///
  ///     Tensor<Int32>.arange(0, 10, step: 3)    // 0 3 6 9
  public static func arange(_ start: Scalar = 0, _ end: Scalar, step: Int = 1) -> Tensor {
    require(step != 0, "arange(\(start), \(end), step: 0) has no end")
    return Tensor(stride(from: Int(start), to: Int(end), by: step).map { Scalar($0) })
  }
}

extension Tensor where Scalar: RealScalar {
  /// `start`, `start + step`, … up to but without `end`, each computed from its index so that errors do not add up.
  /// Traps for a step of zero.
  ///
  ///     Tensor<Float>.arange(0, 1, step: 0.25)    // 0 0.25 0.5 0.75
  public static func arange(_ start: Scalar = 0, _ end: Scalar, step: Scalar = 1) -> Tensor {
    require(step != 0 && step.isFinite, "arange(\(start), \(end), step: \(step)) has no end")
    let count = Swift.max(0, Int(((end - start) / step).rounded(.up)))
    return Tensor((0..<count).map { start + Scalar($0) * step })
  }

  /// `count` numbers at equal distances from `start` to `end`, both included.
  public static func linspace(_ start: Scalar, _ end: Scalar, count: Int) -> Tensor {
    require(count >= 0, "linspace(\(start), \(end), count: \(count)): the count cannot be negative")
    if count == 1 { return Tensor([start]) }
    let step = (end - start) / Scalar(count - 1)
    return Tensor((0..<count).map { $0 == count - 1 ? end : start + Scalar($0) * step })
  }
}
