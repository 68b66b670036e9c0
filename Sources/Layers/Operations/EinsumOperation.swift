internal import Tensor

/// A sum of products of two operands by index notation, in which every axis has a letter.
struct EinsumOperation<Scalar: RealScalar>: TensorOperation {
  /// The letters of the operands' axes, the batch's included, and of the result's.
  let first, second, result: String

  struct Residual {
    let first, second: Tensor<Scalar>
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] {
    var lengths: [Character: Int] = [:]
    for (letters, shape) in [(first, operands[0]), (second, operands[1])] {
      // Operands that are samples have a batch axis before these.
      for (letter, length) in zip(letters.suffix(shape.count), shape) { lengths[letter] = length }
    }
    return [result.dropFirst().map { lengths[$0] ?? 1 }]
  }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let residual = Residual(first: context.operand(0), second: context.operand(1))
    context.give(Tensor.einsum("\(first),\(second)->\(result)", residual.first, residual.second))
    return residual
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let upstream = context.upstream()
    if context.needsGradient(of: 0) {
      context.give(gradient(upstream, first, second, residual.second, residual.first.shape), of: 0)
    }
    if context.needsGradient(of: 1) {
      context.give(gradient(upstream, second, first, residual.first, residual.second.shape).contiguous, of: 1)
    }
  }

  private func gradient(
    _ upstream: Tensor<Scalar>, _ own: String, _ otherLetters: String, _ other: Tensor<Scalar>, _ shape: [Int]
  ) -> Tensor<Scalar> {
    // Axes that only the forward computation sums over have one gradient for all their elements.
    let used = own.filter { result.contains($0) || otherLetters.contains($0) }
    let gradient = Tensor.einsum("\(result),\(otherLetters)->\(used)", upstream, other)
    if used.count == own.count { return gradient }
    var lengths = shape
    for (axis, letter) in own.enumerated() where !used.contains(letter) { lengths[axis] = 1 }
    return gradient.reshaped(lengths).broadcast(to: shape)
  }
}
