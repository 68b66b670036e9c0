internal import Tensor

/// A linear rearrangement of samples: a view, a repetition, or a border around them.
struct RearrangementOperation<Scalar: RealScalar>: TensorOperation {
  /// The shape of a sample of the result.
  let shape: [Int]
  let apply: @Sendable (Tensor<Scalar>) -> Tensor<Scalar>
  /// Returns the gradient with respect to the operand, whose shape is given, the batch axis included.
  let pullBack: @Sendable (_ upstream: Tensor<Scalar>, _ shape: [Int]) -> Tensor<Scalar>

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [shape] }

  func forward(_ context: Context<Scalar>) throws -> [Int] {
    let x = context.operand(0)
    context.give(apply(x))
    return x.shape
  }

  func pullback(_ full: consuming [Int], _ context: Context<Scalar>) throws {
    context.give(pullBack(context.upstream(), full), of: 0)
  }
}

extension Traced {
  func rearranged(
    to shape: [Int], _ apply: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar>,
    back pullBack: @escaping @Sendable (_ upstream: Tensor<Scalar>, _ shape: [Int]) -> Tensor<Scalar>
  ) throws -> Traced {
    try applying(RearrangementOperation(shape: shape, apply: apply, pullBack: pullBack))
  }
}

extension Traced {
  /// Keras's axes, which count the batch axis and may be negative, as axes of batches. There is none twice.
  /// - Throws: ``LayerError`` for axes that do not exist, the batch axis, and repeated ones.
  func batchAxes(_ axes: [Int], rank: Int? = nil) throws -> [Int] {
    let rank = rank ?? shape.count
    let resolved = axes.map { $0 < 0 ? $0 + rank + 1 : $0 }
    guard resolved.allSatisfy({ 1 <= $0 && $0 <= rank }), Set(resolved).count == resolved.count else {
      throw unexpectedShape("one with the axes \(axes) behind the batch, each once")
    }
    return resolved
  }

  func unexpectedShape(_ expected: String) -> LayerError {
    .inputShape(layer: value.recorder.site.className, expected: expected, found: batchDescription(shape))
  }
}
