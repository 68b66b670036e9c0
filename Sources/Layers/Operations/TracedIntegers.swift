public import Tensor

/// Integers that a layer will compute with: identifiers of words, positions, classes.
///
/// They are Int64 as all indices of this package are: tensors are taken apart by them without conversion. An operation whose
/// `ResultScalar` is `Int64` makes them; in an operation, `context.integers(index)` is their tensor. There are no gradients by them.
public struct TracedIntegers<Scalar: RealScalar>: TracedTensor {
  public let value: TracedValue<Scalar>
}

extension Traced {
  /// The elements as integers. The computation throws ``LayerError/inputValue(layer:position:expected:found:)`` where one is no whole
  /// number of the range.
  public func integers(in range: Range<Int>) throws -> TracedIntegers<Scalar> {
    try applying(WholeNumbers(range: range))
  }
}

private struct WholeNumbers<Scalar: RealScalar>: UndifferentiatedOperation {
  typealias ResultScalar = Int64
  let range: Range<Int>

  func forward(_ context: Context<Scalar>) throws {
    let x = context.operand(0)
    // What is no number, or too large for an integer, is never equal to what becomes of it.
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
