internal import CKernels

// Results written to memory that is at hand: that of the tensor assigned to, unless others hold it.

extension Tensor {
  /// self = x
  package mutating func assign(_ x: Tensor) {
    require(x.shape == shape, "a tensor of the shape \(x.shape) does not fit into \(shape)")
    prepareAssignment()
    fill(copying: x)
  }

  /// self = condition ? x : y; the operands are broadcast.
  package mutating func assign(where condition: Tensor<Bool>, _ x: Tensor, _ y: Tensor) {
    prepareAssignment()
    withOperand { result in
      condition.withOperand(condition.operandLayout(for: shape)) { condition in
        x.withOperand(x.operandLayout(for: shape)) { x in
          y.withOperand(y.operandLayout(for: shape)) { y in
            ck_select(Kernels.best.table, Scalar.elementType.kernelType, rank, shape, result, condition, x, y)
          }
        }
      }
    }
  }

  private mutating func prepareAssignment() {
    if layout.repeats || !storage.isExclusive { self = Tensor(uninitialized: shape) }
  }

  private func operandLayout(for shape: [Int]) -> Layout {
    guard let layout = layout.broadcast(to: shape) else {
      trap("an operand of the shape \(self.shape) does not broadcast to \(shape)")
    }
    return layout
  }
}

extension Tensor where Scalar: NumericScalar {
  /// self = x + y; the operands are broadcast.
  package mutating func assign(sumOf x: Tensor, _ y: Tensor) { assign(ck_add, x, y) }
  /// self = x - y; the operands are broadcast.
  package mutating func assign(differenceOf x: Tensor, _ y: Tensor) { assign(ck_subtract, x, y) }
  /// self = x · y; the operands are broadcast.
  package mutating func assign(productOf x: Tensor, _ y: Tensor) { assign(ck_multiply, x, y) }

  private mutating func assign(_ function: ck_function, _ x: Tensor, _ y: Tensor) {
    prepareAssignment()
    withOperand { result in
      x.withOperand(x.operandLayout(for: shape)) { x in
        y.withOperand(y.operandLayout(for: shape)) { y in
          ck_binary(Kernels.best.table, function, Scalar.elementType.kernelType, rank, shape, result, x, y)
        }
      }
    }
  }
}
