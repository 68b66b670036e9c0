internal import Tensor

/// The transpose of a convolution: of samples [batch, spatial…, channels] by a kernel [taps…, filters, channels]. Its
/// input gradient is the convolution.
struct TransposedConvolutionMap<Scalar: RealScalar>: LinearMap {
  let convolution: ConvolutionMap<Scalar>

  private var rank: Int { convolution.windows.rank }

  func resultShape(_ sample: [Int], kernel: [Int]) -> [Int] { convolution.windows.input + [kernel[rank]] }

  func makeResult(for x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, _ workspace: Workspace<Scalar>) -> Tensor<Scalar> {
    workspace.tensor([x.layout.shape[0]] + convolution.windows.input + [kernel.layout.shape[rank]])
  }

  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    into result: inout Tensor<Scalar>, _ workspace: Workspace<Scalar>
  ) {
    if convolution.hasFewChannels(kernel) {
      let matrix = kernel.rowMatrix.transposed
      return fold(x, bias, epilogue, into: &result) { BlockedProduct($0, matrix) }
    }
    convolution.applyTransposed(bias: bias, epilogue, into: &result, workspace) { place, _, bias, epilogue in
      let places = convolution.transposed[place]
      return BlockedProduct(
        x, places.windows, taps: places.taps(of: kernel).swappingAxes(-2, -1), bias: bias, epilogue: epilogue)
    }
  }

  fileprivate func fold(
    _ x: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, into result: inout Tensor<Scalar>,
    _ product: (Tensor<Scalar>) -> BlockedProduct<Scalar>
  ) {
    result.assign(foldOf: x, convolution.windows, product)
    if let bias { result += bias }
    result = result.applying(epilogue)
  }

  func packed(_ kernel: Tensor<Scalar>) -> any PackedLinearMap<Scalar> {
    if convolution.hasFewChannels(kernel) {
      return PackedFold(map: self, taps: PackedMatrix(kernel.rowMatrix.transposed))
    }
    let kernels = convolution.transposed.map {
      PackedKernel($0.taps(of: kernel).swappingAxes(-2, -1).rowMatrix, for: $0.windows)
    }
    return PackedTransposedConvolution(convolution: convolution, kernels: kernels)
  }

  func kernel(_ kernel: Tensor<Scalar>, multipliedBy factors: Tensor<Scalar>) -> Tensor<Scalar> {
    kernel * factors.expanded(axis: -1)
  }

  func inputGradient(
    _ upstream: Tensor<Scalar>, _ kernel: Tensor<Scalar>, into gradient: inout Tensor<Scalar>,
    _ workspace: Workspace<Scalar>
  ) {
    convolution.apply(to: upstream, kernel, bias: nil, .identity, into: &gradient, workspace)
  }

  func kernelGradient(
    _ upstream: Tensor<Scalar>, _ x: Tensor<Scalar>, into gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar
  ) {
    convolution.kernelGradient(x, upstream, into: &gradient, alpha: alpha, beta: beta)
  }
}

private struct PackedTransposedConvolution<Scalar: RealScalar>: PackedLinearMap {
  let convolution: ConvolutionMap<Scalar>
  /// One for each of the convolution's ``ConvolutionMap/transposed``.
  let kernels: [PackedKernel<Scalar>]

  func apply(
    to x: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, into result: inout Tensor<Scalar>,
    _ workspace: Workspace<Scalar>
  ) {
    convolution.applyTransposed(bias: bias, epilogue, into: &result, workspace) { place, _, bias, epilogue in
      BlockedProduct(x, convolution.transposed[place].windows, kernels[place], bias: bias, epilogue: epilogue)
    }
  }
}

/// Products to all taps at once, which are added up.
private struct PackedFold<Scalar: RealScalar>: PackedLinearMap {
  let map: TransposedConvolutionMap<Scalar>
  let taps: PackedMatrix<Scalar>

  func apply(
    to x: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, into result: inout Tensor<Scalar>,
    _: Workspace<Scalar>
  ) {
    map.fold(x, bias, epilogue, into: &result) { BlockedProduct($0, taps) }
  }
}
