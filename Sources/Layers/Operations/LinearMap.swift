internal import Tensor

/// A map that is linear in samples and linear in a kernel: a matrix product, a convolution. ``LinearOperation`` adds a
/// bias, an activation and the gradients.
protocol LinearMap<Scalar>: Sendable {
  associatedtype Scalar: RealScalar

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

  /// The map by a kernel that does not change, in the order in which it is read fastest.
  func packed(_ kernel: Tensor<Scalar>) -> any PackedLinearMap<Scalar>
  /// Whether a packed kernel has ``PackedLinearMap/add(_:bias:_:to:)``.
  var addsToResult: Bool { get }
  /// The kernel whose results are those of this one, each channel multiplied by its factor.
  func kernel(_ kernel: Tensor<Scalar>, multipliedBy factors: Tensor<Scalar>) -> Tensor<Scalar>

  /// Writes the gradient with respect to x.
  func inputGradient(
    _ upstream: Tensor<Scalar>, _ kernel: Tensor<Scalar>, into gradient: inout Tensor<Scalar>,
    _ workspace: Workspace<Scalar>)
  /// Writes alpha · the gradient with respect to the kernel + beta · what is there.
  func kernelGradient(
    _ upstream: Tensor<Scalar>, _ x: Tensor<Scalar>, into gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar)
  /// Writes alpha · the gradient with respect to the bias + beta · what is there.
  func biasGradient(_ upstream: Tensor<Scalar>, into gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar)
}

extension LinearMap {
  func biasGradient(_ upstream: Tensor<Scalar>, into gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar) {
    gradient.assignColumnSums(of: upstream.rowMatrix, scaledBy: alpha, adding: beta != 0)
  }

  var keepsPreactivation: Bool { false }
  var addsToResult: Bool { false }

  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    preactivation: inout Tensor<Scalar>, into result: inout Tensor<Scalar>
  ) {
    trap("\(Self.self) keeps no preactivation")
  }
}

/// A linear map by a kernel that has been packed.
protocol PackedLinearMap<Scalar>: Sendable {
  associatedtype Scalar: RealScalar

  /// Writes epilogue(map(x) + bias).
  func apply(
    to x: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, into result: inout Tensor<Scalar>,
    _ workspace: Workspace<Scalar>)
  /// Writes epilogue(map(x) + bias + what is there).
  /// - Precondition: the result is contiguous.
  func add(_ x: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, to result: inout Tensor<Scalar>)
}

extension PackedLinearMap {
  func add(_ x: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, to result: inout Tensor<Scalar>) {
    trap("\(Self.self) adds to no result")
  }
}
