internal import CKernels
import Tensor

extension Activation {
  /// An elementwise activation from arguments in source code, in the order of its definition: outside their ranges, it traps.
  static func elementwise(_ definition: Definition, _ a: Double = 0, _ b: Double = 0, _ c: Double = 0) -> Self {
    do {
      let arguments = Definition.Arguments(a: a, b: b, c: c)
      return Self(rule: .elementwise(try definition.activation(arguments, for: Scalar.self) { $0.label }))
    } catch {
      trap("\(error)")
    }
  }
}

/// An elementwise activation of reals, or of integers converted to Float.
func elementwise<Scalar: NumericScalar>(
  _ activation: Activation<Scalar.Real>, _ x: consuming Tensor<Scalar>
) -> Tensor<Scalar.Real> {
  guard case .elementwise(let activation) = activation.rule else { trap("\(activation) is not elementwise") }
  return activation.value(Scalar.reals(x))
}
