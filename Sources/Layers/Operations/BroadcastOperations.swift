internal import Tensor

// Elementwise sums, differences, products and quotients. Samples broadcast after the batch axis as in NumPy: [batch, 4]
// fits [batch, 3, 4]; weights broadcast to samples.

/// The sum of any number of operands.
struct SumOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void
  /// The divisor of the sum.
  var divisor: Scalar = 1

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [try broadcastShape(operands)] }

  func forward(_ context: Context<Scalar>) throws {
    var sum = context.combined({ $0.assign(sumOf: $1, $2) }, { $0 += $1 })
    if divisor != 1 { sum /= divisor }
    context.give(sum)
  }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    var upstream = context.upstream()
    if divisor != 1 { upstream /= divisor }
    context.giveSums(of: upstream) { _, upstream in upstream }
  }
}

/// The first operand minus the second.
struct DifferenceOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [try broadcastShape(operands)] }

  func forward(_ context: Context<Scalar>) throws {
    context.give(context.combined({ $0.assign(differenceOf: $1, $2) }, { $0 -= $1 }))
  }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    context.giveSums(of: context.upstream()) { index, upstream in index == 0 ? upstream : -upstream }
  }
}

/// The product of any number of operands.
struct MultiplicationOperation<Scalar: RealScalar>: TensorOperation {
  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [try broadcastShape(operands)] }

  func forward(_ context: Context<Scalar>) throws -> [Tensor<Scalar>] {
    let factors = context.alignedOperands()
    context.give(context.combined({ $0.assign(productOf: $1, $2) }, { $0 *= $1 }))
    return factors
  }

  func pullback(_ factors: consuming [Tensor<Scalar>], _ context: Context<Scalar>) throws {
    let factors = factors
    // Multiply the other factors instead of dividing the output, because factors may be 0.
    context.giveSums(of: context.upstream()) { index, upstream in
      var gradient = upstream
      for other in factors.indices where other != index { gradient = gradient * factors[other] }
      return gradient
    }
  }
}

/// The first operand divided by the second.
struct QuotientOperation<Scalar: RealScalar>: TensorOperation {
  struct Residual {
    let divisor: Tensor<Scalar>
    let quotient: Tensor<Scalar>
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [try broadcastShape(operands)] }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let operands = context.alignedOperands()
    let quotient = operands[0] / operands[1]
    context.give(quotient)
    return Residual(divisor: operands[1], quotient: quotient)
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let residual = residual
    context.giveSums(of: context.upstream() / residual.divisor) { index, upstream in
      index == 0 ? upstream : -(upstream * residual.quotient)
    }
  }
}

/// The maximum or minimum of the operands; NaN if one is NaN. The gradient is passed to the chosen operands, in equal
/// parts.
struct ExtremeOperation<Scalar: RealScalar>: TensorOperation {
  let isLargest: Bool

  struct Residual {
    let operands: [Tensor<Scalar>]
    let output: Tensor<Scalar>
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [try broadcastShape(operands)] }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let operands = context.alignedOperands()
    let output = operands.dropFirst().reduce(operands[0]) {
      isLargest ? Tensor.maximum($0, $1) : Tensor.minimum($0, $1)
    }
    context.give(output)
    return Residual(operands: operands, output: output)
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let output = residual.output
    let chosen = residual.operands.map { ($0 .== output).cast(to: Scalar.self) }
    var count = chosen[0]
    for other in chosen.dropFirst() { count = count + other }
    // If the result is NaN, no operand is chosen and the gradient is NaN.
    context.giveSums(of: context.upstream() / count) { index, part in part * chosen[index] }
  }
}

/// Shapes of operands do not broadcast. The recorder, which knows the layer, makes a ``LayerError`` of it.
struct BroadcastFailure: Error {}

/// The shape that samples of these shapes, of which there is at least one, broadcast to.
func broadcastShape(_ shapes: [[Int]]) throws(BroadcastFailure) -> [Int] {
  var result = shapes[0]
  for shape in shapes.dropFirst() {
    guard let broadcast = Layout.broadcastLengths(result, shape) else { throw BroadcastFailure() }
    result = broadcast
  }
  return result
}

/// The shape that a layer's inputs of these shapes broadcast to.
/// - Throws: ``LayerError`` if they do not broadcast.
func broadcastShape(_ shapes: [[Int]], of layer: String) throws(LayerError) -> [Int] {
  if shapes.isEmpty { throw .inputCount(layer: layer, expected: 1, found: 0) }
  do {
    return try broadcastShape(shapes)
  } catch {
    throw .doNotBroadcast(shapes.map(batchDescription), layer: layer)
  }
}

extension LayerError {
  static func doNotBroadcast(_ shapes: [String], layer: String) -> LayerError {
    .inputShapes(layer: layer, expected: "shapes whose axes agree or have the length 1", found: shapes)
  }
}

extension Context {
  /// Whether an operand begins with the batch axis.
  private func hasBatch(_ index: Int) -> Bool {
    if case .value = step.operands[index] { true } else { false }
  }

  /// The operands with axes of length 1 inserted after the batch axis so that they broadcast.
  func alignedOperands() -> [Tensor<Scalar>] {
    var rank = 0
    for index in 0..<operandCount { rank = max(rank, operand(index).rank + (hasBatch(index) ? 0 : 1)) }
    return (0..<operandCount).map { index in
      let x = operand(index)
      return hasBatch(index) ? x.expandedBehindBatch(to: rank) : x
    }
  }

  /// Combines the operands from left to right: the first two into existing memory, the others into the result.
  func combined(
    _ first: (inout Tensor<Scalar>, Tensor<Scalar>, Tensor<Scalar>) -> Void,
    _ next: (inout Tensor<Scalar>, Tensor<Scalar>) -> Void
  ) -> Tensor<Scalar> {
    if operandCount == 1 { return operand(0).copied() }
    if operandCount == 2, case .value = step.operands[0], case .value = step.operands[1],
      operand(0).layout.shape == operand(1).layout.shape
    {
      var result = tensor(operand(0).layout.shape)
      first(&result, operand(0), operand(1))
      return result
    }
    let operands = alignedOperands()
    let shape = operands.reduce(operands[0].shape) { Layout.broadcastShape($0, $1.shape)! }
    var result = tensor(shape)
    first(&result, operands[0], operands[1])
    for operand in operands.dropFirst(2) { next(&result, operand) }
    return result
  }

  /// Passes every operand that needs it its gradient: its contribution to the upstream gradient, summed over the axes
  /// along which it was repeated.
  func giveSums(
    of upstream: consuming Tensor<Scalar>, _ part: (_ index: Int, Tensor<Scalar>) -> Tensor<Scalar>
  ) {
    let upstream = upstream
    for index in 0..<operandCount where needsGradient(of: index) {
      let shape = operand(index).shape
      let gradient = part(index, upstream)
      give(hasBatch(index) ? gradient.summed(toInput: shape) : gradient.summed(toWeight: shape), of: index)
    }
  }
}

extension Tensor {
  /// Inserts axes of length 1 after the batch axis up to `rank`.
  func expandedBehindBatch(to rank: Int) -> Tensor {
    if self.rank == rank { return self }
    return reshaped([shape[0]] + [Int](repeating: 1, count: rank - self.rank) + shape.dropFirst())
  }
}

extension Tensor where Scalar: RealScalar {
  /// A gradient with respect to broadcast samples: summed over the axes along which they were repeated.
  func summed(toInput shape: [Int]) -> Tensor {
    if self.shape == shape { return self }
    return summed(to: [shape[0]] + [Int](repeating: 1, count: rank - shape.count) + shape.dropFirst(), shape)
  }

  /// A gradient with respect to a broadcast weight: also summed over the batch.
  func summed(toWeight shape: [Int]) -> Tensor {
    if self.shape == shape { return self }
    return summed(to: [Int](repeating: 1, count: rank - shape.count) + shape, shape)
  }

  private func summed(to aligned: [Int], _ shape: [Int]) -> Tensor {
    let repeated = aligned.indices.filter { aligned[$0] != self.shape[$0] }
    let sum = repeated.isEmpty ? self : sum(axis: repeated, keepDimensions: true)
    return sum.reshaped(shape)
  }
}
