internal import Tensor

// Arithmetic of a model's tensors: each operator is a layer of the model, as in Keras.

extension Symbol {
  /// The elementwise sum.
  public static func + (x: Symbol, y: Symbol) -> Symbol { result(of: "Add", .symbol(x), .symbol(y)) }
  /// Every element plus a number.
  public static func + (x: Symbol, number: Scalar) -> Symbol { result(of: "Add", .symbol(x), .number(number)) }
  /// A number plus every element.
  public static func + (number: Scalar, x: Symbol) -> Symbol { result(of: "Add", .number(number), .symbol(x)) }

  /// The elementwise difference.
  public static func - (x: Symbol, y: Symbol) -> Symbol { result(of: "Subtract", .symbol(x), .symbol(y)) }
  /// Every element minus a number.
  public static func - (x: Symbol, number: Scalar) -> Symbol { result(of: "Subtract", .symbol(x), .number(number)) }
  /// A number minus every element.
  public static func - (number: Scalar, x: Symbol) -> Symbol { result(of: "Subtract", .number(number), .symbol(x)) }
  /// Every element with the opposite sign.
  public static prefix func - (x: Symbol) -> Symbol { result(of: "Negative", .symbol(x)) }

  /// The elementwise product.
  public static func * (x: Symbol, y: Symbol) -> Symbol { result(of: "Multiply", .symbol(x), .symbol(y)) }
  /// Every element times a number.
  public static func * (x: Symbol, number: Scalar) -> Symbol { result(of: "Multiply", .symbol(x), .number(number)) }
  /// A number times every element.
  public static func * (number: Scalar, x: Symbol) -> Symbol { result(of: "Multiply", .number(number), .symbol(x)) }

  /// The elementwise quotient.
  public static func / (x: Symbol, y: Symbol) -> Symbol { result(of: "TrueDivide", .symbol(x), .symbol(y)) }
  /// Every element divided by a number.
  public static func / (x: Symbol, number: Scalar) -> Symbol { result(of: "TrueDivide", .symbol(x), .number(number)) }
  /// A number divided by every element.
  public static func / (number: Scalar, x: Symbol) -> Symbol { result(of: "TrueDivide", .number(number), .symbol(x)) }

  private enum Operand {
    case symbol(Symbol)
    case number(Scalar)
  }

  private static func result(of name: String, _ operands: Operand...) -> Symbol {
    let layer = OperationLayer<Scalar>(
      .named(name),
      operands.map { operand in
        switch operand {
        case .symbol: .tensor
        case .number(let number): .constant(Tensor(number))
        }
      })
    return layer(operands.compactMap { if case .symbol(let symbol) = $0 { symbol } else { nil } })
  }
}
