extension Tensor {
  /// Every element has the given value.
  public init(repeating value: Scalar, shape: [Int]) {
    self = Tensor.making(shape) { $0.fill(value) }
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
    making([rows, columns ?? rows]) {
      $0.fill(.zeroValue)
      $0.fill(.oneValue, $0.layout.diagonal(offset: offset, axis1: 0, axis2: 1))
    }
  }

  /// A square matrix with the elements of a vector on a diagonal and zeros elsewhere.
  /// - Parameter vector: rank 1.
  /// - Parameter offset: the diagonal above (positive) or below the main one.
  public static func diagonal(_ vector: Tensor, offset: Int = 0) -> Tensor {
    require(vector.rank == 1, "a diagonal is made from rank 1, not from the shape \(vector.shape)")
    let size = exact(
      vector.count.addingReportingOverflow(Int(clamping: offset.magnitude)),
      "a diagonal of \(vector.count) elements at the offset \(offset)")
    return making([size, size]) {
      $0.fill(.zeroValue)
      $0.copy(vector.operand(), to: $0.layout.diagonal(offset: offset, axis1: 0, axis2: 1))
    }
  }
}

extension Tensor where Scalar: BinaryInteger & NumericScalar {
  /// `start`, `start + step`, … up to but without `end`; downwards for a negative step.
  /// - Precondition: the step is not 0, and the element type can represent all numbers.
  ///
  /// ```swift
  /// let digits = Tensor<Int32>.arange(10)               // 0 1 … 9
  /// let down = Tensor<Int32>.arange(10, 0, step: -3)    // 10 7 4 1
  /// let bytes = Tensor<UInt8>.arange(0, 256)            // 0 1 … 255
  /// ```
  public static func arange(_ start: Int, _ end: Int, step: Int = 1) -> Tensor {
    require(step != 0, "arange(\(start), \(end), step: 0) has no end")
    let (low, high) = step > 0 ? (start, end) : (end, start)
    // Unsigned, the distance of two Int cannot overflow.
    let count = low < high ? Int(clamping: (UInt(bitPattern: high &- low) - 1) / step.magnitude + 1) : 0
    require(count < .max, "arange(\(start), \(end), step: \(step)) has more numbers than can be counted")
    if count > 0 {
      let last = start &+ (count - 1) &* step
      require(
        Scalar(exactly: start) != nil && Scalar(exactly: last) != nil,
        "arange(\(start), \(end), step: \(step)) ends with \(last): \(Scalar.elementType.name) does not hold it all")
    }
    return Tensor<Int64>.ramp(count: count, from: start, step: step).cast(to: Scalar.self)
  }

  /// 0, 1, … up to but without `end`.
  public static func arange(_ end: Int) -> Tensor { arange(0, end) }
}

extension Tensor where Scalar == Int64 {
  /// `start + i step`
  static func ramp(count: Int, from start: Int = 0, step: Int) -> Tensor {
    making([count]) { for i in 0..<count { $0.start[i] = Int64(start &+ i &* step) } }
  }
}

extension Tensor where Scalar == Double {
  /// `start + i step`
  fileprivate static func ramp(count: Int, from start: Double, step: Double) -> Tensor {
    // Halves, where a multiple of the step is no number though the sum is.
    let part = (Double(count) * step).isFinite ? 1 : 0.5
    return making([count]) {
      for i in 0..<count { $0.start[i] = (start * part + Double(i) * (step * part)) / part }
    }
  }
}

extension Tensor where Scalar: RealScalar {
  /// `start`, `start + step`, … up to but without `end`; downwards for a negative step. Each number is computed from
  /// its index, in double, so that errors do not add up.
  ///
  /// ```swift
  /// let quarters = Tensor<Float>.arange(0, 1, step: 0.25)    // 0 0.25 0.5 0.75
  /// ```
  ///
  /// Where `end` is a whole number of steps away but for rounding, ``linspace(_:_:count:includingEnd:)`` says how
  /// many numbers there are.
  /// - Precondition: all numbers are finite, and the step is not 0.
  public static func arange(_ start: Scalar, _ end: Scalar, step: Scalar = 1) -> Tensor {
    require(
      step != 0 && step.isFinite && start.isFinite && end.isFinite,
      "arange(\(start), \(end), step: \(step)) has no end")
    var steps = ((end - start) / step).rounded(.up)
    // The distance may be no number though their quotients by the step are.
    if !steps.isFinite { steps = (end / step - start / step).rounded(.up) }
    guard let count = steps < 0 ? 0 : Int(exactly: steps) else {
      trap("arange(\(start), \(end), step: \(step)) has more numbers than can be counted")
    }
    return Tensor<Double>.ramp(count: count, from: Double(start), step: Double(step)).cast(to: Scalar.self)
  }

  /// 0, 1, … up to but without `end`.
  public static func arange(_ end: Scalar) -> Tensor { arange(0, end) }

  /// `count` numbers at equal distances from `start` to `end`: both are exactly among them, or `end` is left out. The
  /// numbers between are computed in double, as NumPy does.
  ///
  /// ```swift
  /// let closed = Tensor<Float>.linspace(0, 1, count: 5)                         // 0 0.25 0.5 0.75 1
  /// let halfOpen = Tensor<Float>.linspace(0, 1, count: 4, includingEnd: false)  // 0 0.25 0.5 0.75
  /// ```
  /// - Precondition: the count is at least 0.
  public static func linspace(
    _ start: Scalar, _ end: Scalar, count: Int, includingEnd: Bool = true
  ) -> Tensor {
    require(count >= 0, "linspace(\(start), \(end), count: \(count)): the count cannot be negative")
    let steps = Double(includingEnd ? Swift.max(count - 1, 1) : Swift.max(count, 1))
    var step = (Double(end) - Double(start)) / steps
    if step.isInfinite { step = Double(end) / steps - Double(start) / steps }
    var result = Tensor<Double>.ramp(count: count, from: Double(start), step: step).cast(to: Scalar.self)
    if includingEnd && count > 1 { result[at: count - 1] = end }
    return result
  }
}
