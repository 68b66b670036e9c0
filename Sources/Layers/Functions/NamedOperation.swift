package import Activations
internal import Glibc
internal import Tensor

/// One of Keras's functions of tensors, with its parameters.
package struct NamedOperation<Scalar: RealScalar>: Sendable {
  /// The operands that a function takes.
  package enum Operands: Hashable, Sendable {
    /// So many, which broadcast as in NumPy.
    case broadcasting(Int)
    /// So many, of any shapes.
    case separate(Int)
    /// A list of tensors, of any number.
    case list
  }

  /// Keras's class.
  package let name: String
  /// Keras's module of the class.
  package let module: String
  /// The parameters by Keras's names.
  package let parameters: [String: Configuration]
  package var operands: Operands
  /// The arguments of a call in Keras behind the operands, and those under names.
  package var arguments: [Configuration] = []
  package var namedArguments: [String: Configuration] = [:]
  package var outputCount = 1
  let compute: @Sendable ([Traced<Scalar>]) throws -> [Traced<Scalar>]

  init(
    _ name: String, module: String = "numpy", parameters: [String: Configuration] = [:],
    _ operands: Operands = .broadcasting(1), results: @escaping @Sendable ([Traced<Scalar>]) throws -> [Traced<Scalar>]
  ) {
    self.name = name
    self.module = module.contains(".") ? module : "keras.src.ops.\(module)"
    self.parameters = parameters
    self.operands = operands
    self.compute = results
  }

  init(
    _ name: String, module: String = "numpy", parameters: [String: Configuration] = [:],
    _ operands: Operands = .broadcasting(1), _ result: @escaping @Sendable ([Traced<Scalar>]) throws -> Traced<Scalar>
  ) {
    self.init(name, module: module, parameters: parameters, operands, results: { [try result($0)] })
  }

  /// The number of operands; `nil` if it is any.
  package var operandCount: Int? {
    switch operands {
    case .broadcasting(let count), .separate(let count): count
    case .list: nil
    }
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
  package static var plain: [NamedOperation] { unary + binary + truths + products }

  /// - Precondition: there is a function of this name in ``plain``.
  static func named(_ name: String) -> NamedOperation { plain.first { $0.name == name }! }
}

// MARK: Functions of one tensor

extension NamedOperation {
  static func unary(
    _ name: String, module: String = "numpy", parameters: [String: Configuration] = [:],
    _ value: @escaping @Sendable (consuming Tensor<Scalar>) -> Tensor<Scalar>,
    slope: @escaping @Sendable (_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar>
  ) -> NamedOperation {
    NamedOperation(name, module: module, parameters: parameters) {
      try $0[0].applying(UnaryOperation(value: value, slope: slope))
    }
  }

  /// A function whose slope is 0 wherever it has one.
  static func stepwise(
    _ name: String, module: String = "numpy", parameters: [String: Configuration] = [:],
    _ value: @escaping @Sendable (consuming Tensor<Scalar>) -> Tensor<Scalar>
  ) -> NamedOperation {
    unary(name, module: module, parameters: parameters, value, slope: { x, _ in .zeros(x.shape) })
  }

  private static var unary: [NamedOperation] {
    let (log2, log10) = (Scalar(M_LN2), Scalar(M_LN10))
    return [
      NamedOperation("Negative") { try -$0[0] },
      unary("Absolute", { $0.absolute() }, slope: { x, _ in x.sign() }),
      unary("Square", { $0.squared() }, slope: { x, _ in x * 2 }),
      unary("Sqrt", { $0.squareRoot() }, slope: { _, y in 0.5 / y }),
      unary(
        "Rsqrt", module: "math", { $0.reciprocalSquareRoot() },
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
      stepwise("Trunc") { $0.truncated() },
      stepwise("ZerosLike", parameters: ["dtype": nil]) { Tensor(0).broadcast(to: $0.shape) },
      stepwise("OnesLike", parameters: ["dtype": nil]) { Tensor(1).broadcast(to: $0.shape) },
      stepwise("StopGradient", module: "core") { $0 },
    ]
  }
}

// MARK: Functions of two tensors

extension NamedOperation {
  private static func binary(
    _ name: String, parameters: [String: Configuration] = [:],
    _ compute: @escaping @Sendable (Traced<Scalar>, Traced<Scalar>) throws -> Traced<Scalar>
  ) -> NamedOperation {
    NamedOperation(name, parameters: parameters, .broadcasting(2)) { try compute($0[0], $0[1]) }
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
      binary("FloorDivide") { x, y in
        try x.applying(BinaryOperation(value: { $0.floorDivided(by: $1) }, gradients: nil), y)
      },
      binary("Mod") { x, y in
        try x.applying(
          BinaryOperation(
            value: { $0 % $1 },
            gradients: { index, x, y, upstream in
              index == 0 ? upstream : -(upstream * x.floorDivided(by: y))
            }), y)
      },
      binary("Arctan2") { y, x in
        try y.applying(
          BinaryOperation(
            value: { Tensor.atan2(y: $0, x: $1) },
            gradients: { index, y, x, upstream in
              upstream * (index == 0 ? x : -y) / (x * x + y * y)
            }), x)
      },
      binary("FullLike", parameters: ["dtype": nil]) { x, value in
        try x.applying(
          BinaryOperation(
            value: { x, value in value.broadcast(to: x.shape) },
            gradients: { index, _, _, upstream in index == 0 ? .zeros(upstream.shape) : upstream }), value)
      },
    ]
  }
}
