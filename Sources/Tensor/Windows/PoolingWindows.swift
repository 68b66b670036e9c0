package import CKernels

/// Windows of tensors [samples, input…, channels] with up to three spatial axes, whose elements are combined.
package struct PoolingWindows: Sendable {
  /// The lengths of the spatial axes.
  package let input: [Int]
  /// The number of windows along each of them.
  package let output: [Int]
  /// As kernels take them: along each of their axes.
  private let ranges: [ck_range]

  /// - Parameter input: the lengths of the spatial axes.
  /// - Parameter ranges: for each axis, the places that each window covers: at least one, and neither beginnings nor
  ///   ends decrease.
  package init(input: [Int], ranges: [[Range<Int>]]) {
    precondition(input.count == ranges.count && input.count <= WINDOW_AXES, "windows have up to three axes")
    for (length, ranges) in Swift.zip(input, ranges) {
      var last = 0..<1
      for range in ranges {
        precondition(
          !range.isEmpty && range.upperBound <= length && range.lowerBound >= last.lowerBound
            && range.upperBound >= last.upperBound, "a window covers places of its axis, in ascending order")
        last = range
      }
    }
    self.input = input
    output = ranges.map(\.count)
    let others = [ck_range](repeating: ck_range(first: 0, end: 1), count: WINDOW_AXES - input.count)
    self.ranges = others + ranges.joined().map { ck_range(first: $0.lowerBound, end: $0.upperBound) }
  }

  fileprivate func withKernelWindows(samples: Int, channels: Int, _ body: (UnsafePointer<ck_pooling_windows>) -> Void) {
    func lengths(_ list: [Int]) -> (Int, Int, Int) {
      let all = [Int](repeating: 1, count: 3 - list.count) + list
      return (all[0], all[1], all[2])
    }
    ranges.withUnsafeBufferPointer {
      var windows = ck_pooling_windows(
        samples: samples, channels: channels, input: lengths(input), output: lengths(output), ranges: $0.baseAddress!)
      body(&windows)
    }
  }
}

extension Tensor where Scalar: RealScalar {
  /// self = the results [samples, output…, channels] of the windows of x, in this tensor's own memory unless others
  /// hold it.
  package mutating func assign(
    _ pooling: ck_pooling, of x: Tensor, _ windows: PoolingWindows, kernels: Kernels = .best
  ) {
    let x = x.contiguous
    windows.require(windows.input, of: x)
    replaceContiguous(of: windows.output, windows) { result, samples, channels in
      windows.withKernelWindows(samples: samples, channels: channels) {
        ck_pool_windows(kernels.table, pooling, Scalar.elementType.kernelType, $0, result, x.start)
      }
    }
    withExtendedLifetime(x.storage.memory) {}
  }

  /// self = the gradient with respect to the input of windows, in this tensor's own memory unless others hold it.
  /// - Parameter operands: what was pooled, and its result; the mean needs neither.
  package mutating func assign(
    pullbackOf pooling: ck_pooling, _ upstream: Tensor, at operands: (x: Tensor, output: Tensor)?,
    _ windows: PoolingWindows, kernels: Kernels = .best
  ) {
    let (upstream, x, output) = (upstream.contiguous, operands?.x.contiguous, operands?.output.contiguous)
    precondition(operands != nil || pooling == ck_pooling_mean, "the largest elements are found again in the input")
    windows.require(windows.output, of: upstream)
    if let x, let output {
      windows.require(windows.input, of: x)
      windows.require(windows.output, of: output)
    }
    replaceContiguous(of: windows.input, windows) { result, samples, channels in
      windows.withKernelWindows(samples: samples, channels: channels) {
        ck_pull_back_windows(
          kernels.table, pooling, Scalar.elementType.kernelType, $0, result, upstream.start, x?.start, output?.start)
      }
    }
    withExtendedLifetime((upstream.storage.memory, x?.storage.memory, output?.storage.memory)) {}
  }

  /// Replaces all elements of this tensor [samples, lengths…, channels].
  private mutating func replaceContiguous(
    of lengths: [Int], _ windows: PoolingWindows,
    _ write: (_ result: UnsafeMutablePointer<Scalar>, _ samples: Int, _ channels: Int) -> Void
  ) {
    windows.require(lengths, of: self)
    let (samples, channels) = (layout.shape[0], layout.shape[rank - 1])
    if !isContiguous { self = Tensor(uninitialized: shape) }
    replace { write($0.start, samples, channels) }
  }
}

extension PoolingWindows {
  fileprivate func require<Scalar>(_ lengths: [Int], of tensor: Tensor<Scalar>) {
    precondition(
      tensor.rank == lengths.count + 2 && tensor.layout.shape[1...lengths.count].elementsEqual(lengths),
      "windows of [samples, \(input), channels] with the result [samples, \(output), channels] for \(tensor.shape)")
  }
}
