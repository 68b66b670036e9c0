internal import Tensor

/// A convolution of each channel by itself: of samples [batch, spatial…, channels] by a kernel [taps…, channels,
/// multiplier], to as many results for each channel as the multiplier says.
struct DepthwiseMap<Scalar: RealScalar>: LinearMap {
  let windows: SampleWindows
  let multiplier: Int
  private let transposed: [TransposedWindows]

  init(_ windows: SampleWindows, multiplier: Int) {
    self.windows = windows
    self.multiplier = multiplier
    transposed = windows.transposed
  }

  func resultShape(_ sample: [Int], kernel: [Int]) -> [Int] { windows.output + [kernel[windows.rank] * multiplier] }

  func makeResult(for x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, _ workspace: Workspace<Scalar>) -> Tensor<Scalar> {
    workspace.tensor([x.layout.shape[0]] + windows.output + [kernel.layout.shape[windows.rank] * multiplier])
  }

  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    into result: inout Tensor<Scalar>, _: Workspace<Scalar>
  ) {
    Tensor.convolveDepthwise(repeated(x), windows, lines(kernel), bias: bias, epilogue: epilogue, into: &result)
  }

  func packed(_ kernel: Tensor<Scalar>) -> any PackedLinearMap<Scalar> {
    PackedDepthwiseMap(map: self, kernel: kernel)
  }

  func kernel(_ kernel: Tensor<Scalar>, multipliedBy factors: Tensor<Scalar>) -> Tensor<Scalar> {
    kernel * factors.reshaped([kernel.shape[windows.rank], multiplier])
  }

  func inputGradient(
    _ upstream: Tensor<Scalar>, _ kernel: Tensor<Scalar>, into gradient: inout Tensor<Scalar>,
    _ workspace: Workspace<Scalar>
  ) {
    if multiplier == 1 { return applyTransposed(to: upstream, kernel, into: &gradient) }
    var all = workspace.tensor([upstream.layout.shape[0]] + windows.input + [upstream.layout.shape[windows.rank + 1]])
    applyTransposed(to: upstream, kernel, into: &all)
    gradient = all.reshaped(gradient.shape + [multiplier]).sum(axis: -1)
    workspace.recycle(all)
  }

  private func applyTransposed(
    to upstream: Tensor<Scalar>, _ kernel: Tensor<Scalar>, into gradient: inout Tensor<Scalar>
  ) {
    let kernel = lines(kernel)
    if windows.leavesPlaces { gradient.assign(Tensor(0).broadcast(to: gradient.shape)) }
    for places in transposed {
      Tensor.convolveDepthwise(upstream, places.windows, places.taps(of: kernel), at: places, into: &gradient)
    }
  }

  func kernelGradient(
    _ upstream: Tensor<Scalar>, _ x: Tensor<Scalar>, into gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar
  ) {
    let lines = Tensor.depthwiseKernelGradient(repeated(x), windows, upstream)
    let found = lines.reshaped(gradient.shape)
    if beta == 0 {
      gradient = found * alpha
    } else {
      gradient *= beta
      gradient.add(found, scaledBy: alpha)
    }
  }

  /// Every channel as often as the multiplier says.
  private func repeated(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    if multiplier == 1 { return x }
    let shape = x.shape
    return x.expanded(axis: -1).broadcast(to: shape + [multiplier])
      .reshaped(shape.dropLast() + [shape[windows.rank + 1] * multiplier])
  }

  /// The kernel [taps…, channels · multiplier].
  private func lines(_ kernel: Tensor<Scalar>) -> Tensor<Scalar> {
    kernel.reshaped(windows.lengths + [kernel.shape[windows.rank] * multiplier])
  }
}

/// Depthwise kernels are read as they lie.
private struct PackedDepthwiseMap<Scalar: RealScalar>: PackedLinearMap {
  let map: DepthwiseMap<Scalar>
  let kernel: Tensor<Scalar>

  func apply(
    to x: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, into result: inout Tensor<Scalar>,
    _ workspace: Workspace<Scalar>
  ) {
    map.apply(to: x, kernel, bias: bias, epilogue, into: &result, workspace)
  }
}
