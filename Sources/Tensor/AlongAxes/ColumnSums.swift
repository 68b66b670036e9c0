internal import CKernels

extension Tensor where Scalar: RealScalar {
  /// self [n] = the sums of x [m, n] over its rows, or self + these sums; in this tensor's own memory unless others hold it.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package mutating func assignColumnSums(of x: Tensor, adding: Bool) {
    require(x.rank == 2 && shape == [x.shape[1]], "the sums of \(x.shape) over the rows do not fit into \(shape)")
    if x.shape[0] == 1 && !adding { return assign(x.reshaped(shape)) }
    if adding || layout.repeats || !storage.isExclusive {
      let sums = x.sum(axis: 0)
      if adding { self += sums } else { self = sums }
      return
    }
    withOperand(Layout(shape: x.shape, strides: [0] + layout.strides, offset: layout.offset)) { result in
      x.withOperand { operand in
        ck_reduce(
          Kernels.best.table, ck_sum, Scalar.elementType.kernelType, 2, x.shape, [true, false], result, operand)
      }
    }
  }
}
