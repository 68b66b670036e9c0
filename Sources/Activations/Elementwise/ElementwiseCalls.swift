internal import CKernels
import Tensor

extension ElementwiseActivation {
  /// From arguments in source code, in the order of the definition: outside their ranges, it traps.
  init(_ definition: ElementwiseDefinition, _ a: Double, _ b: Double, _ c: Double, for type: ElementType) {
    do {
      self = try definition.activation(
        Arguments(a: a, b: b, c: c), for: type, named: definition.parameters.map(\.label))
    } catch {
      trap("\(error)")
    }
  }
}

extension Activation {
  static func elementwise(_ definition: ElementwiseDefinition, _ a: Double = 0, _ b: Double = 0, _ c: Double = 0)
    -> Self
  {
    Self(rule: .elementwise(ElementwiseActivation(definition, a, b, c, for: Scalar.elementType)))
  }
}

/// An elementwise activation of reals, or of integers converted to Float. It makes no `Activation` on its way, whose type would
/// have to be looked up: 70 of 350 ns of a call from another module.
func elementwise<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, _ definition: ElementwiseDefinition, _ a: Double = 0, _ b: Double = 0, _ c: Double = 0
) -> Tensor<Scalar.Real> {
  ElementwiseActivation(definition, a, b, c, for: Scalar.Real.elementType).value(Scalar.reals(x))
}
