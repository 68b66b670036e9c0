internal import Tensor

/// A function of each element.
struct UnaryOperation<Scalar: RealScalar>: TensorOperation {
  let value: @Sendable (consuming Tensor<Scalar>) -> Tensor<Scalar>
  let slope: @Sendable (_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar>

  struct Residual {
    let input: Tensor<Scalar>
    let output: Tensor<Scalar>
  }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let x = context.operand(0)
    let y = value(x)
    context.give(y)
    return Residual(input: x, output: y)
  }

  func infer(_ context: Context<Scalar>) throws { context.give(value(context.take(0))) }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    context.give(context.upstream() * slope(residual.input, residual.output), of: 0)
  }
}

/// The first operand to the power of the second.
struct PowerOperation<Scalar: RealScalar>: TensorOperation {
  struct Residual {
    let base: Tensor<Scalar>
    let exponent: Tensor<Scalar>
    let power: Tensor<Scalar>
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [try broadcastShape(operands)] }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let operands = context.alignedOperands()
    let power = operands[0].power(operands[1])
    context.give(power)
    return Residual(base: operands[0], exponent: operands[1], power: power)
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let residual = residual
    let (x, y, zero) = (residual.base, residual.exponent, Tensor<Scalar>(0))
    context.giveSums(of: context.upstream()) { index, upstream in
      // x⁰ is 1 everywhere, and 0ʸ does not change with y, where the formulas give 0 · ∞.
      index == 0
        ? upstream * Tensor.where(y .== 0, zero, y * x.power(y - 1))
        : upstream * Tensor.where(x .== 0, zero, residual.power * x.log())
    }
  }
}

/// A function of the elements of two operands, which broadcast.
struct BinaryOperation<Scalar: RealScalar>: TensorOperation {
  let value: @Sendable (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>
  /// The part of an operand in the upstream gradient; `nil` if the slopes are 0 wherever there are any.
  let gradients:
    (@Sendable (_ index: Int, Tensor<Scalar>, Tensor<Scalar>, _ upstream: Tensor<Scalar>) -> Tensor<Scalar>)?

  struct Residual {
    let x, y: Tensor<Scalar>
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [try broadcastShape(operands)] }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let operands = context.alignedOperands()
    context.give(value(operands[0], operands[1]))
    return Residual(x: operands[0], y: operands[1])
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let residual = residual
    context.giveSums(of: context.upstream()) { index, upstream in
      gradients?(index, residual.x, residual.y, upstream) ?? .zeros(upstream.shape)
    }
  }
}

/// The second operand where the first is not 0, and the third elsewhere.
struct SelectionOperation<Scalar: RealScalar>: TensorOperation {
  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [try broadcastShape(operands)] }

  func forward(_ context: Context<Scalar>) throws -> Tensor<Bool> {
    let operands = context.alignedOperands()
    let condition = operands[0] .!= 0
    context.give(Tensor.where(condition, operands[1], operands[2]))
    return condition
  }

  func pullback(_ condition: consuming Tensor<Bool>, _ context: Context<Scalar>) throws {
    let (condition, zero) = (condition, Tensor<Scalar>(0))
    context.giveSums(of: context.upstream()) { index, upstream in
      switch index {
      case 0: .zeros(upstream.shape)
      case 1: Tensor.where(condition, upstream, zero)
      default: Tensor.where(condition, zero, upstream)
      }
    }
  }
}
