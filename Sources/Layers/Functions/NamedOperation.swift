package import Activations
internal import Glibc
internal import Tensor

/// One of Keras's functions of tensors, with its parameters.
package struct NamedOperation<Scalar: RealScalar>: Sendable {
  /// Keras's class.
  package let name: String
  /// Keras's module of the class.
  package let module: String
  /// The parameters by Keras's names.
  package let parameters: [String: Configuration]
  package let operandCount: Int
  let compute: @Sendable ([Traced<Scalar>]) throws -> Traced<Scalar>

  init(
    _ name: String, module: String = "keras.src.ops.numpy", parameters: [String: Configuration] = [:],
    operandCount: Int = 1, _ compute: @escaping @Sendable ([Traced<Scalar>]) throws -> Traced<Scalar>
  ) {
    self.name = name
    self.module = module
    self.parameters = parameters
    self.operandCount = operandCount
    self.compute = compute
  }
}

extension NamedOperation {
  /// An activation as a function of `keras.ops` or `keras.activations`, with the parameters that Keras's class has.
  package init(
    _ activation: Activation<Scalar>, name: String, module: String, parameters: [String: Configuration]
  ) {
    self.init(name, module: module, parameters: parameters) { try $0[0].activated(by: activation) }
  }

  /// Every element limited to a range.
  package static func clip(from least: Double, to greatest: Double) -> Self {
    let (low, high) = (Scalar(least), Scalar(greatest))
    return NamedOperation("Clip", parameters: ["x_min": .number(least), "x_max": .number(greatest)]) { operands in
      let recorder = operands[0].value.recorder
      return try operands[0]
        .applying(ExtremeOperation(isLargest: true), recorder.constant(Tensor(low)))
        .applying(ExtremeOperation(isLargest: false), recorder.constant(Tensor(high)))
    }
  }

  /// The functions without parameters, except activations.
  package static var plain: [NamedOperation] { unary + binary }

  /// - Precondition: there is a function of this name in ``plain``.
  static func named(_ name: String) -> NamedOperation { plain.first { $0.name == name }! }
}

// MARK: Functions of one tensor

extension NamedOperation {
  private static func unary(
    _ name: String, module: String = "keras.src.ops.numpy",
    _ value: @escaping @Sendable (consuming Tensor<Scalar>) -> Tensor<Scalar>,
    slope: @escaping @Sendable (_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar>
  ) -> NamedOperation {
    NamedOperation(name, module: module) { try $0[0].applying(UnaryOperation(value: value, slope: slope)) }
  }

  private static func stepwise(
    _ name: String, _ value: @escaping @Sendable (consuming Tensor<Scalar>) -> Tensor<Scalar>
  ) -> NamedOperation {
    unary(name, value, slope: { x, _ in .zeros(x.shape) })
  }

  private static var unary: [NamedOperation] {
    let (log2, log10) = (Scalar(M_LN2), Scalar(M_LN10))
    return [
      NamedOperation("Negative") { try -$0[0] },
      unary("Absolute", { $0.absolute() }, slope: { x, _ in x.sign() }),
      unary("Square", { $0.squared() }, slope: { x, _ in x * 2 }),
      unary("Sqrt", { $0.squareRoot() }, slope: { _, y in 0.5 / y }),
      unary(
        "Rsqrt", module: "keras.src.ops.math", { $0.reciprocalSquareRoot() },
        slope: { _, y in y * y * y * -0.5 }),
      unary("Reciprocal", { 1 / $0 }, slope: { _, y in -(y * y) }),
      unary("Exp", { $0.exp() }, slope: { _, y in y }),
      unary("Exp2", { $0.exp2() }, slope: { _, y in y * log2 }),
      unary("Expm1", { $0.expMinusOne() }, slope: { _, y in y + 1 }),
      unary("Log", { $0.log() }, slope: { x, _ in 1 / x }),
      unary("Log2", { $0.log2() }, slope: { x, _ in 1 / (x * log2) }),
      unary("Log10", { $0.log10() }, slope: { x, _ in 1 / (x * log10) }),
      unary("Log1p", { $0.logOnePlus() }, slope: { x, _ in 1 / (x + 1) }),
      unary("Sin", { $0.sin() }, slope: { x, _ in x.cos() }),
      unary("Cos", { $0.cos() }, slope: { x, _ in -x.sin() }),
      unary("Tan", { $0.tan() }, slope: { _, y in y * y + 1 }),
      unary("Arcsin", { $0.asin() }, slope: { x, _ in (1 - x * x).reciprocalSquareRoot() }),
      unary("Arccos", { $0.acos() }, slope: { x, _ in -(1 - x * x).reciprocalSquareRoot() }),
      unary("Arctan", { $0.atan() }, slope: { x, _ in 1 / (x * x + 1) }),
      unary("Sinh", { $0.sinh() }, slope: { x, _ in x.cosh() }),
      unary("Cosh", { $0.cosh() }, slope: { x, _ in x.sinh() }),
      unary("Arcsinh", { $0.asinh() }, slope: { x, _ in (x * x + 1).reciprocalSquareRoot() }),
      unary("Arccosh", { $0.acosh() }, slope: { x, _ in (x * x - 1).reciprocalSquareRoot() }),
      unary("Arctanh", { $0.atanh() }, slope: { x, _ in 1 / (1 - x * x) }),
      stepwise("Sign") { $0.sign() },
      stepwise("Floor") { $0.floor() },
      stepwise("Ceil") { $0.ceil() },
    ]
  }
}

// MARK: Functions of two tensors

extension NamedOperation {
  private static func binary(
    _ name: String, _ compute: @escaping @Sendable (Traced<Scalar>, Traced<Scalar>) throws -> Traced<Scalar>
  ) -> NamedOperation {
    NamedOperation(name, operandCount: 2) { try compute($0[0], $0[1]) }
  }

  private static var binary: [NamedOperation] {
    [
      binary("Add") { try $0 + $1 },
      binary("Subtract") { try $0 - $1 },
      binary("Multiply") { try $0 * $1 },
      binary("Divide") { try $0 / $1 },
      binary("TrueDivide") { try $0 / $1 },
      binary("Power") { try $0.applying(PowerOperation(), $1) },
      binary("Maximum") { try $0.applying(ExtremeOperation(isLargest: true), $1) },
      binary("Minimum") { try $0.applying(ExtremeOperation(isLargest: false), $1) },
    ]
  }
}
