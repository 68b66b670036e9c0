internal import CKernels

// Products whose left operand is the windows of samples, or the transpose of that.

extension BlockedProduct {
  /// The windows of samples [batch, spatial…, channels] by a kernel that has been packed for them.
  /// - Parameter channel: the first of a window's channels, as many as the kernel has.
  package init(
    _ x: Tensor<Scalar>, _ windows: SampleWindows, from channel: Int = 0, _ kernel: PackedKernel<Scalar>,
    bias: Tensor<Scalar>? = nil, epilogue: ProductEpilogue = .identity
  ) {
    self.init(
      x, windows, channel, kernel.right, bias, epilogue, kernel.kernels, isPacked: kernel.isPacked,
      transformed: kernel.transformed)
  }

  /// By a matrix [taps · channels, n] that changes from call to call.
  package init(
    _ x: Tensor<Scalar>, _ windows: SampleWindows, from channel: Int = 0, _ matrix: Tensor<Scalar>,
    bias: Tensor<Scalar>? = nil, epilogue: ProductEpilogue = .identity, kernels: Kernels = .best
  ) {
    self.init(x, windows, channel, WindowedKernel(matrix, windows), bias, epilogue, kernels)
  }

  /// By a kernel [taps…, channels, n], whose taps and other axes may lie in any order.
  package init(
    _ x: Tensor<Scalar>, _ windows: SampleWindows, from channel: Int = 0, taps kernel: Tensor<Scalar>,
    bias: Tensor<Scalar>? = nil, epilogue: ProductEpilogue = .identity, kernels: Kernels = .best
  ) {
    self.init(x, windows, channel, WindowedKernel(taps: kernel, windows), bias, epilogue, kernels)
  }

  private init(
    _ x: Tensor<Scalar>, _ windows: SampleWindows, _ channel: Int, _ kernel: WindowedKernel<Scalar>,
    _ bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, _ kernels: Kernels, isPacked: Bool = false,
    transformed: Storage<Scalar>? = nil
  ) {
    let x = x.withContiguousChannels
    windows.requireSamples(x.layout, from: channel, kernel.channels)
    let steps = windows.tapCount * kernel.channels
    let axes = [x.layout.shape[0]] + windows.output + [steps]
    let start = x.storage.base + x.layout.offset + channel
    let rows = x.layout.shape[0] * windows.count
    if let row = windows.arePlaces ? x.layout.placeStride : nil {
      let left = MatrixLayout(rows: rows, columns: steps, rowStride: row, columnStride: 1)
      self.init(
        x.storage.memory, start, left, axes: axes, windows: nil, kernel.right, kernel.columns, kernel.owner, bias,
        epilogue, kernels)
      if isPacked { call.packed = call.right.data }
      return
    }
    let left = MatrixLayout(rows: rows, columns: steps, rowStride: 0, columnStride: 0)
    let kept = isPacked ? nil : transformed ?? kernel.transformed(for: windows, kernels)
    self.init(
      x.storage.memory, start, left, axes: axes,
      windows: ProductWindows(
        windows.kernelWindows(of: x.layout, channels: kernel.channels, taps: kernel.taps), transformed: kept?.memory),
      kernel.right, kernel.columns, kernel.owner, bias, epilogue, kernels)
    call.right_has_taps = kernel.taps != nil
    if isPacked { call.packed = call.right.data }
    call.transformed = kept.map { UnsafeRawPointer($0.base) }
  }

  /// The transpose of the windows' matrix by a matrix of a row for each window: [taps · channels, n].
  /// - Parameter channels: those of a window.
  package init(
    transposing x: Tensor<Scalar>, _ windows: SampleWindows, channels: Range<Int>, by rows: Tensor<Scalar>,
    alpha: Scalar = 1, kernels: Kernels = .best
  ) {
    let x = x.withContiguousChannels
    windows.requireSamples(x.layout, from: channels.lowerBound, channels.count)
    let right = rows.layout.matrix
    require(
      right.rows == x.layout.shape[0] * windows.count,
      "\(right.rows) rows for \(x.layout.shape[0] * windows.count) windows")
    let start = x.storage.base + x.layout.offset + channels.lowerBound
    let steps = windows.tapCount * channels.count
    let row = windows.arePlaces ? x.layout.placeStride : nil
    let left = MatrixLayout(rows: steps, columns: right.rows, rowStride: 1, columnStride: row ?? 0)
    self.init(
      x.storage.memory, start, left, axes: nil,
      windows: row == nil ? ProductWindows(windows.kernelWindows(of: x.layout, channels: channels.count)) : nil,
      rows.kernelMatrix(right), right.columns, rows.storage.memory, nil, .identity, kernels)
    call.transposes_windows = row == nil
    call.alpha = Double(alpha)
    call.sums_in_any_order = true
  }
}
