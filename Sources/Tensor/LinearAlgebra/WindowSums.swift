internal import CKernels

/// The bytes of rows that are added up at once: they stay in the second cache.
private let bandBytes = 1 << 19

extension Tensor where Scalar: RealScalar {
  /// Sets these samples [batch, spatial…, channels] to the transpose of their windows applied to rows: every place becomes
  /// the sum of what stands for it in the windows that read it. A band of rows is computed at a time.
  /// - Parameter upstream: [batch, windows…, n]
  /// - Parameter product: the rows [windows, taps · channels] for some rows [windows, n] of `upstream`.
  package mutating func assign(
    foldOf upstream: Tensor, _ windows: SampleWindows, _ product: (Tensor) -> BlockedProduct<Scalar>
  ) {
    let (rank, channels) = (windows.rank, layout.shape[windows.rank + 1])
    windows.requireSamples(layout, from: 0, channels)
    let (x, line) = (upstream.rowMatrix, windows.output[rank - 1])
    let (lines, row) = (x.layout.shape[0] / line, windows.tapCount * channels)
    let band = Swift.max(1, bandBytes / (line * row * MemoryLayout<Scalar>.stride))
    var rows = Tensor(uninitialized: [0])
    overwrite { result in
      result.fill(0)
      var call = windows.kernelWindows(of: result.layout, channels: channels)
      for first in stride(from: 0, to: lines, by: band) {
        let end = Swift.min(first + band, lines)
        product(x[first * line..<end * line]).write(to: &rows)
        ck_add_windows(
          Kernels.best.table, Scalar.elementType.kernelType, &call, result.start, rows.firstElement, first, end)
      }
    }
  }
}
