internal import CKernels

// Products whose left operand is the windows of samples, or the transpose of that.

extension BlockedProduct {
  /// The windows of samples [batch, spatial…, channels] by a matrix [taps · channels, n] that has been packed.
  /// - Parameter channel: the first of a window's channels, as many as the matrix has rows for.
  package init(
    _ x: Tensor<Scalar>, _ windows: SampleWindows, from channel: Int = 0, _ matrix: PackedMatrix<Scalar>,
    bias: Tensor<Scalar>? = nil, epilogue: ProductEpilogue = .identity
  ) {
    let right = ck_matrix(data: matrix.storage.base, row: 0, column: 0)
    self.init(
      x, windows, channel, right, matrix.rows, matrix.columns, matrix.storage.memory, bias, epilogue, matrix.kernels)
    call.packed = UnsafeRawPointer(matrix.storage.base)
  }

  /// By a matrix [taps · channels, n] that changes from call to call.
  package init(
    _ x: Tensor<Scalar>, _ windows: SampleWindows, from channel: Int = 0, _ matrix: Tensor<Scalar>,
    bias: Tensor<Scalar>? = nil, epilogue: ProductEpilogue = .identity, kernels: Kernels = .best
  ) {
    require(matrix.rank == 2, "a product takes a matrix on the right, not the shape \(matrix.shape)")
    let layout = matrix.layout.matrix
    self.init(
      x, windows, channel, matrix.kernelMatrix(layout), layout.rows, layout.columns, matrix.storage.memory, bias,
      epilogue, kernels)
  }

  /// By a kernel [taps…, channels, n], whose taps and other axes may lie in any order.
  package init(
    _ x: Tensor<Scalar>, _ windows: SampleWindows, from channel: Int = 0, taps kernel: Tensor<Scalar>,
    bias: Tensor<Scalar>? = nil, epilogue: ProductEpilogue = .identity, kernels: Kernels = .best
  ) {
    let (shape, strides, rank) = (kernel.shape, kernel.layout.strides, windows.rank)
    require(
      shape.count == rank + 2 && Array(shape.prefix(rank)) == windows.lengths,
      "a kernel of the shape \(shape) for windows of \(windows.lengths)")
    let right = ck_matrix(
      data: kernel.storage.base + kernel.layout.offset, row: strides[rank], column: strides[rank + 1])
    self.init(
      x, windows, channel, right, windows.tapCount * shape[rank], shape[rank + 1], kernel.storage.memory, bias,
      epilogue, kernels, taps: Array(strides.prefix(rank)))
  }

  private init(
    _ x: Tensor<Scalar>, _ windows: SampleWindows, _ channel: Int, _ right: ck_matrix, _ steps: Int, _ columns: Int,
    _ owner: Memory, _ bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, _ kernels: Kernels, taps: [Int]? = nil
  ) {
    let (x, channels) = (x.withContiguousChannels, steps / windows.tapCount)
    windows.requireSamples(x.layout, from: channel, channels)
    let axes = [x.layout.shape[0]] + windows.output + [steps]
    let start = x.storage.base + x.layout.offset + channel
    let rows = x.layout.shape[0] * windows.count
    if let row = windows.arePlaces ? x.layout.placeStride : nil {
      let left = MatrixLayout(rows: rows, columns: steps, rowStride: row, columnStride: 1)
      self.init(
        x.storage.memory, start, left, axes: axes, windows: nil,
        taps == nil ? right : ck_matrix(data: right.data, row: right.row, column: right.column), columns, owner, bias,
        epilogue, kernels)
    } else {
      let left = MatrixLayout(rows: rows, columns: steps, rowStride: 0, columnStride: 0)
      self.init(
        x.storage.memory, start, left, axes: axes,
        windows: ProductWindows(windows.kernelWindows(of: x.layout, channels: channels, taps: taps)), right, columns,
        owner, bias,
        epilogue, kernels)
      call.right_has_taps = taps != nil
    }
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
