internal import Tensor

/// `x · kernel`: x is [batch, …, inputs], the kernel [inputs, units].
struct MatrixMap<Scalar: RealScalar>: LinearMap {
  func resultShape(_ sample: [Int], kernel: [Int]) -> [Int] { sample.dropLast() + [kernel[kernel.count - 1]] }

  func makeResult(for x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, _ workspace: Workspace<Scalar>) -> Tensor<Scalar> {
    workspace.tensor(x.layout.shape, last: kernel.layout.shape[1])
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    into result: inout Tensor<Scalar>, _: Workspace<Scalar>
  ) {
    BlockedProduct(x, kernel, bias: bias, epilogue: epilogue).write(to: &result)
  }

  var keepsPreactivation: Bool { true }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    preactivation: inout Tensor<Scalar>, into result: inout Tensor<Scalar>
  ) {
    BlockedProduct(x, kernel, bias: bias, epilogue: epilogue).write(to: &result, preactivation: &preactivation)
  }

  func packed(_ kernel: Tensor<Scalar>) -> any PackedLinearMap<Scalar> {
    PackedMatrixMap(matrix: PackedMatrix(kernel))
  }

  var addsToResult: Bool { true }

  func kernel(_ kernel: Tensor<Scalar>, multipliedBy factors: Tensor<Scalar>) -> Tensor<Scalar> { kernel * factors }

  func inputGradient(
    _ upstream: Tensor<Scalar>, _ kernel: Tensor<Scalar>, into gradient: inout Tensor<Scalar>, _: Workspace<Scalar>
  ) {
    if upstream.rank == 2 {
      BlockedProduct(reordering: upstream, kernel, transposingSecond: true).write(to: &gradient)
    } else {
      BlockedProduct(upstream, kernel.transposed).write(to: &gradient)
    }
  }

  func kernelGradient(
    _ upstream: Tensor<Scalar>, _ x: Tensor<Scalar>, into gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar
  ) {
    BlockedProduct(reordering: x.rowMatrix, upstream.rowMatrix, transposingFirst: true, alpha: alpha)
      .add(to: &gradient, times: beta)
  }
}

struct PackedMatrixMap<Scalar: RealScalar>: PackedLinearMap {
  let matrix: PackedMatrix<Scalar>

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func apply(
    to x: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, into result: inout Tensor<Scalar>,
    _: Workspace<Scalar>
  ) {
    BlockedProduct(x, matrix, bias: bias, epilogue: epilogue).write(to: &result)
  }

  func add(_ x: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, to result: inout Tensor<Scalar>) {
    BlockedProduct(x, matrix, bias: bias, epilogue: epilogue).write(columnsFrom: 0, of: &result, times: 1)
  }
}
