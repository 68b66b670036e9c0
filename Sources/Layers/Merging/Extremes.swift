public import Tensor

/// The largest of the inputs, element by element, which broadcast behind the batch axis; NaN where one is NaN.
///
/// The gradient goes to the largest, in equal parts where several are.
public struct Maximum<Scalar: RealScalar>: ElementwiseMergingLayer {
  /// The largest of what it is called on.
  public init() {}

  public func forward(_ inputs: consuming [Tensor<Scalar>], _ pass: Pass<Scalar>) -> Tensor<Scalar> {
    inputs.extreme { .maximum($0, $1) }
  }

  public func pullback(
    _ upstream: consuming Tensor<Scalar>, inputs: [Tensor<Scalar>], output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> [Tensor<Scalar>] {
    inputs.partsOfExtreme(output, upstream)
  }
}

/// The smallest of the inputs, element by element, which broadcast behind the batch axis; NaN where one is NaN.
///
/// The gradient goes to the smallest, in equal parts where several are.
public struct Minimum<Scalar: RealScalar>: ElementwiseMergingLayer {
  /// The smallest of what it is called on.
  public init() {}

  public func forward(_ inputs: consuming [Tensor<Scalar>], _ pass: Pass<Scalar>) -> Tensor<Scalar> {
    inputs.extreme { .minimum($0, $1) }
  }

  public func pullback(
    _ upstream: consuming Tensor<Scalar>, inputs: [Tensor<Scalar>], output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> [Tensor<Scalar>] {
    inputs.partsOfExtreme(output, upstream)
  }
}

extension Array {
  fileprivate func extreme<Scalar: RealScalar>(
    _ better: (consuming Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Tensor<Scalar> where Element == Tensor<Scalar> {
    let inputs: [Tensor<Scalar>] = aligned()
    return inputs.dropFirst().reduce(inputs[0]) { better($0, $1) }
  }

  fileprivate func partsOfExtreme<Scalar: RealScalar>(
    _ output: Tensor<Scalar>, _ upstream: Tensor<Scalar>
  ) -> [Tensor<Scalar>] where Element == Tensor<Scalar> {
    let inputs: [Tensor<Scalar>] = aligned()
    let chosen = inputs.map { ($0 .== output).cast(to: Scalar.self) }
    var count = chosen[0]
    for other in chosen.dropFirst() { count = count + other }
    // Where NaN came out, none is chosen and the part is NaN.
    let part = upstream / count
    return indices.map { (part * chosen[$0]).summed(toInput: self[$0].shape) }
  }
}
