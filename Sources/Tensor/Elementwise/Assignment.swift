internal import CKernels

// Results written to memory that is at hand: that of the tensor assigned to, unless others hold it.

extension Tensor {
  /// self = x
  package mutating func assign(_ x: Tensor) {
    require(x.shape == shape, "a tensor of the shape \(x.shape) does not fit into \(shape)")
    replace { $0.copy(x.operand()) }
  }

  /// self = condition ? x : y; the operands are broadcast.
  package mutating func assign(where condition: Tensor<Bool>, _ x: Tensor, _ y: Tensor) {
    let shape = shape
    replace {
      $0.write(
        x.operand(broadcastTo: shape), where: condition.operand(broadcastTo: shape), else: y.operand(broadcastTo: shape)
      )
    }
  }

  fileprivate func operand(broadcastTo shape: [Int]) -> Operand {
    guard let layout = layout.broadcast(to: shape) else {
      trap("an operand of the shape \(self.shape) does not broadcast to \(shape)")
    }
    return operand(in: layout)
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
    let shape = shape
    replace { $0.write(function, of: x.operand(broadcastTo: shape), y.operand(broadcastTo: shape)) }
  }
}
