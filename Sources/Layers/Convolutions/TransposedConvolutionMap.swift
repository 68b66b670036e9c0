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
    convolution.applyTransposed(bias: bias, epilogue, into: &result, workspace) { place, _, bias, epilogue in
      let places = convolution.transposed[place]
      return BlockedProduct(
        x, places.windows!, taps: places.taps(of: kernel).swappingAxes(-2, -1), bias: bias, epilogue: epilogue)
    }
  }

  func packed(_ kernel: Tensor<Scalar>) -> [PackedMatrix<Scalar>?] {
    convolution.transposed.map {
      $0.windows == nil ? nil : PackedMatrix($0.taps(of: kernel).swappingAxes(-2, -1).rowMatrix)
    }
  }

  func apply(
    to x: Tensor<Scalar>, _ kernel: [PackedMatrix<Scalar>?], bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    into result: inout Tensor<Scalar>, _ workspace: Workspace<Scalar>
  ) {
    convolution.applyTransposed(bias: bias, epilogue, into: &result, workspace) { place, _, bias, epilogue in
      BlockedProduct(x, convolution.transposed[place].windows!, kernel[place]!, bias: bias, epilogue: epilogue)
    }
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
