public import Tensor

/// Future integers of a layer's computation: word identifiers, positions, classes.
///
/// They are Int64, like all indices in this package, so they index tensors without conversion. An operation whose
/// `ResultScalar` is `Int64` creates them; in an operation, `context.integers(index)` is their tensor. They have no
/// gradients.
public struct TracedIntegers<Scalar: RealScalar>: TracedTensor {
  public let value: TracedValue<Scalar>
}

extension Traced {
  /// Returns the elements as integers. The computation throws ``LayerError/inputValue(layer:position:expected:found:)``
  /// if an element is not an integer in the range.
  public func integers(in range: Range<Int>) throws -> TracedIntegers<Scalar> {
    try applying(WholeNumbers(range: range))
  }
}

private struct WholeNumbers<Scalar: RealScalar>: UndifferentiatedOperation {
  typealias ResultScalar = Int64
  let range: Range<Int>

  func forward(_ context: Context<Scalar>) throws {
    let x = context.operand(0)
    // NaN and numbers too large for an integer never equal the result of their conversion.
    let integers = x.cast(to: Int64.self)
    let isWrong =
      (integers.cast(to: Scalar.self) .!= x) .| (integers .< Int64(range.lowerBound))
      .| (integers .>= Int64(range.upperBound))
    if isWrong.any().scalar {
      let flat = isWrong.flattened.cast(to: Int64.self).argMax()
      throw LayerError.inputValue(
        layer: context.step.site.className, position: position(ofElement: flat, in: x.shape),
        expected: "one of the integers \(range)", found: "\(x.flattened[flat].scalar)")
    }
    context.give(integers: integers)
  }
}
