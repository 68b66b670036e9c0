internal import CKernels

extension Tensor where Scalar: RealScalar {
  /// self [n] = the sums of x [m, n] over its rows, or self + alpha · these sums, with one rounding; in this tensor's own memory
  /// unless others hold it.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package mutating func assignColumnSums(of x: Tensor, scaledBy alpha: Scalar = 1, adding: Bool) {
    require(
      x.rank == 2 && rank == 1 && layout.shape[0] == x.layout.shape[1] && (adding || alpha == 1),
      "the sums of \(x.shape) over the rows do not fit into \(shape)")
    if adding {
      var sums = x
      if x.layout.shape[0] != 1 {
        sums = Tensor(uninitialized: shape)
        sums.assignColumnSums(of: x, adding: false)
      }
      return Self.optimize(ck_descent_step(.init(rate: Double(-alpha))), &self, gradient: sums)
    }
    if x.layout.shape[0] == 1 { return assign(x.view(x.layout.removing(axis: 0))) }
    replace { sums in
      let layout = sums.layout
      let rows = Layout(shape: x.shape, strides: [0] + layout.strides, offset: layout.offset)
      sums.write(to: rows, reading: x.operand()) {
        ck_reduce(
          Kernels.best.table, ck_sum, Scalar.elementType.kernelType, 2, $0.shape, [true, false], $0.result, $0.x)
      }
    }
  }
}
