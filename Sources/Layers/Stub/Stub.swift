public import Tensor
public struct Compilation<Scalar: RealScalar>: Sendable {}
extension Graph { mutating func applyTrainability(_ isTrainable: Bool = true) {} }
