internal import Tensor

/// A map that is linear in samples and linear in a kernel: a matrix product, a convolution. ``LinearOperation`` adds a
/// bias, an activation and the gradients.
protocol LinearMap<Scalar>: Sendable {
  associatedtype Scalar: RealScalar
  /// A kernel in the order in which the map reads it fastest.
  associatedtype Packed: Sendable

  /// The shape of a sample's result for a kernel of this shape.
  func resultShape(_ sample: [Int], kernel: [Int]) -> [Int]
  /// A tensor with undefined elements for the results of a batch.
  func makeResult(for x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, _ workspace: Workspace<Scalar>) -> Tensor<Scalar>

  /// Writes epilogue(map(x, kernel) + bias).
  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    into result: inout Tensor<Scalar>, _ workspace: Workspace<Scalar>)
  /// Whether ``apply(to:_:bias:_:preactivation:into:)`` saves a pass over the result.
  var keepsPreactivation: Bool { get }
  /// Writes the same, and map(x, kernel) + bias.
  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    preactivation: inout Tensor<Scalar>, into result: inout Tensor<Scalar>)

  func packed(_ kernel: Tensor<Scalar>) -> Packed
  /// Writes the same for a kernel that has been packed.
  func apply(
    to x: Tensor<Scalar>, _ kernel: Packed, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    into result: inout Tensor<Scalar>, _ workspace: Workspace<Scalar>)
  /// Whether ``add(_:_:bias:_:to:)`` exists.
  var addsToResult: Bool { get }
  /// Writes epilogue(map(x, kernel) + bias + what is there) for a kernel that has been packed.
  /// - Precondition: the result is contiguous.
  func add(
    _ x: Tensor<Scalar>, _ kernel: Packed, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    to result: inout Tensor<Scalar>)
  /// The kernel whose results are those of this one, each channel multiplied by its factor.
  func kernel(_ kernel: Tensor<Scalar>, multipliedBy factors: Tensor<Scalar>) -> Tensor<Scalar>

  /// Writes the gradient with respect to x.
  func inputGradient(
    _ upstream: Tensor<Scalar>, _ kernel: Tensor<Scalar>, into gradient: inout Tensor<Scalar>,
    _ workspace: Workspace<Scalar>)
  /// Writes alpha · the gradient with respect to the kernel + beta · what is there.
  func kernelGradient(
    _ upstream: Tensor<Scalar>, _ x: Tensor<Scalar>, into gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar)
}

extension LinearMap {
  var keepsPreactivation: Bool { false }
  var addsToResult: Bool { false }

  func add(
    _ x: Tensor<Scalar>, _ kernel: Packed, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    to result: inout Tensor<Scalar>
  ) {
    trap("\(Self.self) adds to no result")
  }

  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    preactivation: inout Tensor<Scalar>, into result: inout Tensor<Scalar>
  ) {
    trap("\(Self.self) keeps no preactivation")
  }
}

/// `x · kernel`: x is [batch, …, inputs], the kernel [inputs, units].
struct MatrixMap<Scalar: RealScalar>: LinearMap {
  func resultShape(_ sample: [Int], kernel: [Int]) -> [Int] { sample.dropLast() + [kernel[kernel.count - 1]] }

  func makeResult(for x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, _ workspace: Workspace<Scalar>) -> Tensor<Scalar> {
    workspace.tensor(x.layout.shape, last: kernel.layout.shape[1])
  }

  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    into result: inout Tensor<Scalar>, _: Workspace<Scalar>
  ) {
    BlockedProduct(x, kernel, bias: bias, epilogue: epilogue).write(to: &result)
  }

  var keepsPreactivation: Bool { true }

  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    preactivation: inout Tensor<Scalar>, into result: inout Tensor<Scalar>
  ) {
    BlockedProduct(x, kernel, bias: bias, epilogue: epilogue).write(to: &result, preactivation: &preactivation)
  }

  func packed(_ kernel: Tensor<Scalar>) -> PackedMatrix<Scalar> { PackedMatrix(kernel) }

  func apply(
    to x: Tensor<Scalar>, _ kernel: PackedMatrix<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    into result: inout Tensor<Scalar>, _: Workspace<Scalar>
  ) {
    BlockedProduct(x, kernel, bias: bias, epilogue: epilogue).write(to: &result)
  }

  var addsToResult: Bool { true }

  func add(
    _ x: Tensor<Scalar>, _ kernel: PackedMatrix<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    to result: inout Tensor<Scalar>
  ) {
    BlockedProduct(x, kernel, bias: bias, epilogue: epilogue).write(columnsFrom: 0, of: &result, times: 1)
  }

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
