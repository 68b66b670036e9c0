internal import Tensor

/// A matrix product over several axes: x is [batch, …, a, b] with as many contracted axes as `contracted` says, the
/// kernel [a, b, c, d]; the result is [batch, …, c, d].
struct ProjectionMap<Scalar: RealScalar>: LinearMap {
  /// The number of the kernel's first axes, which are x's last.
  let contracted: Int
  private let product = MatrixMap<Scalar>()

  init(contracted: Int) { self.contracted = contracted }

  func resultShape(_ sample: [Int], kernel: [Int]) -> [Int] {
    sample.dropLast(contracted) + kernel.dropFirst(contracted)
  }

  func makeResult(for x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, _ workspace: Workspace<Scalar>) -> Tensor<Scalar> {
    workspace.tensor(resultShape(x.shape, kernel: kernel.shape))
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    into result: inout Tensor<Scalar>, _ workspace: Workspace<Scalar>
  ) {
    let matrix = kernel.matrix(rowAxes: contracted)
    result.reshaping([x.shape.dropLast(contracted).reduce(1, *), matrix.shape[1]]) {
      product.apply(to: rows(x), matrix, bias: bias?.flattened, epilogue, into: &$0, workspace)
    }
  }

  func packed(_ kernel: Tensor<Scalar>) -> any PackedLinearMap<Scalar> {
    PackedProjectionMap(matrix: PackedMatrix(kernel.matrix(rowAxes: contracted)), contracted: contracted)
  }

  func kernel(_ kernel: Tensor<Scalar>, multipliedBy factors: Tensor<Scalar>) -> Tensor<Scalar> { kernel * factors }

  func inputGradient(
    _ upstream: Tensor<Scalar>, _ kernel: Tensor<Scalar>, into gradient: inout Tensor<Scalar>,
    _ workspace: Workspace<Scalar>
  ) {
    let matrix = kernel.matrix(rowAxes: contracted)
    gradient.reshaping([gradient.count / matrix.shape[0], matrix.shape[0]]) {
      product.inputGradient(upstream.matrix(columns: matrix.shape[1]), matrix, into: &$0, workspace)
    }
  }

  func kernelGradient(
    _ upstream: Tensor<Scalar>, _ x: Tensor<Scalar>, into gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar
  ) {
    let shape = gradient.shape
    let columns = shape.dropFirst(contracted).reduce(1, *)
    gradient.reshaping([gradient.count / columns, columns]) {
      product.kernelGradient(upstream.matrix(columns: columns), rows(x), into: &$0, alpha: alpha, beta: beta)
    }
  }

  func biasGradient(
    _ upstream: Tensor<Scalar>, into gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar
  ) {
    gradient.reshaping([gradient.count]) {
      $0.assignColumnSums(of: upstream.matrix(columns: $0.count), scaledBy: alpha, adding: beta != 0)
    }
  }

  private func rows(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    x.matrix(columns: x.shape.suffix(contracted).reduce(1, *))
  }
}

private struct PackedProjectionMap<Scalar: RealScalar>: PackedLinearMap {
  let matrix: PackedMatrix<Scalar>
  let contracted: Int

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func apply(
    to x: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, into result: inout Tensor<Scalar>,
    _: Workspace<Scalar>
  ) {
    let rows = x.matrix(columns: matrix.rows)
    result.reshaping([rows.shape[0], matrix.columns]) {
      BlockedProduct(rows, matrix, bias: bias?.flattened, epilogue: epilogue).write(to: &$0)
    }
  }
}

extension Tensor {
  /// The tensor as a matrix whose rows are its first axes.
  func matrix(rowAxes: Int) -> Tensor {
    reshaped([shape.prefix(rowAxes).reduce(1, *), shape.dropFirst(rowAxes).reduce(1, *)])
  }

  /// The tensor as a matrix with this number of columns.
  func matrix(columns: Int) -> Tensor { reshaped([columns == 0 ? 0 : count / columns, columns]) }

  /// Lets `body` change this contiguous tensor in another shape, in its own memory.
  mutating func reshaping(_ shape: [Int], _ body: (inout Tensor) -> Void) {
    let own = self.shape
    if shape == own { return body(&self) }
    self = reshaped(shape)
    body(&self)
    self = reshaped(own)
  }
}
