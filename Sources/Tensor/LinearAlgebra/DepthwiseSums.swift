internal import CKernels

extension Tensor where Scalar: RealScalar {
  /// epilogue(the sum over the taps of x · kernel + bias), each channel by itself, in the order of the taps.
  /// - Parameter x: [batch, spatial…, channels]
  /// - Parameter kernel: [taps…, channels], whose taps may lie in any order.
  /// - Parameter places: where the sums belong in the result; by default its places are the windows.
  /// - Parameter result: [batch, spatial…, channels], contiguous, with a place for each window.
  package static func convolveDepthwise(
    _ x: Tensor, _ windows: SampleWindows, _ kernel: Tensor, bias: Tensor? = nil, epilogue: ProductEpilogue = .identity,
    at places: TransposedWindows? = nil, into result: inout Tensor
  ) {
    let (x, kernel, bias) = (x.withContiguousChannels, kernel.withContiguousChannels, bias.map { $0.contiguous })
    result.overwrite { result in
      var call = depthwiseCall(x, windows, kernel, into: &result, at: places)
      call.bias = bias.map { UnsafeRawPointer($0.firstElement) }
      call.activates = epilogue.function != nil
      call.activation = epilogue.function ?? ck_rectifier
      call.parameters = epilogue.parameters
      ck_convolve_depthwise(Kernels.best.table, Scalar.elementType.kernelType, &call)
      withExtendedLifetime((x, kernel, bias)) {}
    }
  }

  /// The gradient by the kernel, [taps…, channels], of ``convolveDepthwise(_:_:_:bias:epilogue:at:into:)``.
  /// - Parameter upstream: the gradient by the result, [batch, spatial…, channels].
  package static func depthwiseKernelGradient(_ x: Tensor, _ windows: SampleWindows, _ upstream: Tensor) -> Tensor {
    let (x, upstream) = (x.withContiguousChannels, upstream.withContiguousChannels)
    var gradient = Tensor.zeros(windows.lengths + [x.layout.shape[windows.rank + 1]])
    gradient.overwrite { gradient in
      var call = depthwiseCall(x, windows, gradient.start, gradient.layout, upstream.firstElement, upstream.layout)
      ck_add_depthwise_gradient(Kernels.best.table, Scalar.elementType.kernelType, &call)
      withExtendedLifetime((x, upstream)) {}
    }
    return gradient
  }

  private static func depthwiseCall(
    _ x: Tensor, _ windows: SampleWindows, _ kernel: Tensor, into result: inout Destination<Scalar>,
    at places: TransposedWindows?
  ) -> ck_depthwise {
    let layout = places?.part(of: result.layout) ?? result.layout
    return depthwiseCall(
      x, windows, kernel.firstElement, kernel.layout, result.start + (layout.offset - result.layout.offset), layout)
  }

  private static func depthwiseCall(
    _ x: Tensor, _ windows: SampleWindows, _ weights: UnsafeMutablePointer<Scalar>, _ kernel: Layout,
    _ result: UnsafeMutablePointer<Scalar>, _ resultLayout: Layout
  ) -> ck_depthwise {
    let (rank, channels) = (windows.rank, x.layout.shape[windows.rank + 1])
    windows.requireSamples(x.layout, from: 0, channels)
    require(
      kernel.shape == windows.lengths + [channels]
        && resultLayout.shape == [x.layout.shape[0]] + windows.output + [channels],
      "a kernel of the shape \(kernel.shape) and a result of \(resultLayout.shape) for windows of \(windows.lengths)")
    return ck_depthwise(
      samples: x.layout.shape[0],
      windows: windows.kernelWindows(of: x.layout, channels: channels, taps: Array(kernel.strides.prefix(rank))),
      x: UnsafeRawPointer(x.firstElement), weights: UnsafeMutableRawPointer(weights), bias: nil, activates: false,
      activation: ck_rectifier, parameters: .none, result: UnsafeMutableRawPointer(result),
      result_sample: resultLayout.strides[0], result_step: triple(Array(resultLayout.strides[1...rank]), 0))
  }
}
