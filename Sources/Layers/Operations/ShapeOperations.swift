internal import Tensor

// Views of the same elements, and their repetition.

/// Reshapes samples in row-major order.
struct ReshapeOperation<Scalar: RealScalar>: TensorOperation {
  let shape: [Int]

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [shape] }

  func forward(_ context: Context<Scalar>) throws -> [Int] {
    let x = context.take(0)
    let full = x.shape
    context.give(x.reshaped([full[0]] + shape))
    return full
  }

  func pullback(_ full: consuming [Int], _ context: Context<Scalar>) throws {
    context.give(context.upstream().reshaped(full), of: 0)
  }
}

/// Permutes the axes of samples, as a view.
struct PermuteOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void
  /// The axes of samples, numbered from 0.
  let axes: [Int]

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [axes.map { operands[0][$0] }] }

  func forward(_ context: Context<Scalar>) throws { context.give(context.take(0).permuted([0] + axes.map { $0 + 1 })) }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    context.give(context.upstream().permuted([0] + axes.indices.map { axes.firstIndex(of: $0)! + 1 }), of: 0)
  }
}

/// Repeats each sample along a new first axis.
struct RepeatOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void
  let count: Int

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [[count] + operands[0]] }

  func forward(_ context: Context<Scalar>) throws {
    let x = context.operand(0)
    let shape = [x.shape[0], count] + x.shape.dropFirst()
    var result = context.tensor(shape)
    result.assign(x.expanded(axis: 1).broadcast(to: shape))
    context.give(result)
  }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    context.give(context.upstream().sum(axis: 1), of: 0)
  }
}

/// Concatenates the operands along an axis of samples, numbered from 0.
struct ConcatenationOperation<Scalar: RealScalar>: TensorOperation {
  let axis: Int

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] {
    var shape = operands[0]
    shape[axis] = operands.reduce(0) { $0 + $1[axis] }
    return [shape]
  }

  func forward(_ context: Context<Scalar>) throws -> [Int] {
    let operands = (0..<context.operandCount).map { context.operand($0) }
    context.give(.concatenated(operands, axis: axis + 1))
    return operands.map { $0.shape[axis + 1] }
  }

  func pullback(_ lengths: consuming [Int], _ context: Context<Scalar>) throws {
    let parts = context.upstream().split(lengths: lengths, axis: axis + 1)
    for (index, part) in parts.enumerated() { context.give(part, of: index) }
  }
}

/// Splits samples along an axis, numbered from 0, into parts of these lengths.
struct SplitOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = [Int]
  let lengths: [Int]
  let axis: Int

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] {
    lengths.map { length in
      var shape = operands[0]
      shape[axis] = length
      return shape
    }
  }

  func forward(_ context: Context<Scalar>) throws -> [Int] {
    let x = context.operand(0)
    for (index, part) in x.split(lengths: lengths, axis: axis + 1).enumerated() { context.give(part, as: index) }
    return x.shape
  }

  func pullback(_ full: consuming [Int], _ context: Context<Scalar>) throws {
    let full = full
    let parts = lengths.enumerated().map { index, length in
      var shape = full
      shape[axis + 1] = length
      return context.upstream(index) ?? .zeros(shape)
    }
    context.give(.concatenated(parts, axis: axis + 1), of: 0)
  }
}
