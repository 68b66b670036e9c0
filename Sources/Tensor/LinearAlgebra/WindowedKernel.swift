internal import CKernels

/// A kernel that windows are multiplied by, where it lies.
struct WindowedKernel<Scalar: RealScalar>: Sendable {
  let channels, columns: Int
  /// The matrix of the first tap, or of all if they lie one behind the other.
  nonisolated(unsafe) let right: ck_matrix
  /// The elements from one tap to the next along each axis; `nil` if they lie one behind the other.
  let taps: [Int]?
  let owner: Memory

  /// A matrix [taps · channels, columns].
  init(_ matrix: Tensor<Scalar>, _ windows: SampleWindows) {
    require(matrix.rank == 2, "a product takes a matrix on the right, not the shape \(matrix.shape)")
    let layout = matrix.layout.matrix
    (channels, columns) = (layout.rows / windows.tapCount, layout.columns)
    (right, taps, owner) = (matrix.kernelMatrix(layout), nil, matrix.storage.memory)
  }

  /// A kernel that has been packed, which is read instead.
  fileprivate init(_ matrix: PackedMatrix<Scalar>, _ windows: SampleWindows) {
    (channels, columns) = (matrix.rows / windows.tapCount, matrix.columns)
    (right, taps) = (ck_matrix(data: matrix.storage.base, row: 0, column: 0), nil)
    owner = matrix.storage.memory
  }

  /// A kernel [taps…, channels, columns].
  init(taps kernel: Tensor<Scalar>, _ windows: SampleWindows) {
    let (shape, strides, rank) = (kernel.shape, kernel.layout.strides, windows.rank)
    require(
      shape.count == rank + 2 && Array(shape.prefix(rank)) == windows.lengths,
      "a kernel of the shape \(shape) for windows of \(windows.lengths)")
    (channels, columns) = (shape[rank], shape[rank + 1])
    right = ck_matrix(data: kernel.storage.base + kernel.layout.offset, row: strides[rank], column: strides[rank + 1])
    taps = Array(strides.prefix(rank))
    owner = kernel.storage.memory
  }

  /// Winograd's transform of the kernel, if that saves multiplications.
  func transformed(for windows: SampleWindows, _ kernels: Kernels) -> Storage<Scalar>? {
    guard windows.areTransformed(channels: channels, columns: columns) else { return nil }
    let type = Scalar.elementType.kernelType
    let bytes = ck_transformed_bytes(kernels.table, type, channels, columns)
    let storage = Storage<Scalar>(count: bytes / MemoryLayout<Scalar>.stride)
    let steps = taps ?? [windows.lengths[1] * channels * right.row, channels * right.row]
    ck_transform_kernel(kernels.table, type, storage.base, right, steps, channels, columns)
    withExtendedLifetime(owner) {}
    return storage
  }
}

extension SampleWindows {
  /// Whether windows of 3 × 3 places side by side are computed in fours by Winograd's transform: 16 multiplications by
  /// each channel and column instead of 36. This depends on neither the batch nor the memory, as results do not.
  func areTransformed(channels: Int, columns: Int) -> Bool {
    guard rank == 2, lengths[0] == 3, lengths[1] == 3, strides[0] == 1, strides[1] == 1, dilation[0] == 1,
      dilation[1] == 1, channels >= 8, columns >= 8
    else { return false }
    // Sums before and after the products are a quarter more; windows beyond the last ones are computed for nothing.
    let fours = (output[0] + 1) / 2 * ((output[1] + 1) / 2)
    return 16 * 5 * fours <= 9 * 4 * count
  }
}

/// A kernel laid out once for many products of windows with it. A kernel that is transformed is held on to as well: who
/// changes it meanwhile, changes a copy.
package final class PackedKernel<Scalar: RealScalar>: Sendable {
  /// The kernel itself beside its transform, else the packed one: then the kernel's own memory is not held on to, and its owner can
  /// change it in place.
  let right: WindowedKernel<Scalar>
  let isPacked: Bool
  let transformed: Storage<Scalar>?
  let kernels: Kernels

  /// - Parameter matrix: [taps · channels, n].
  package init(_ matrix: Tensor<Scalar>, for windows: SampleWindows, kernels: Kernels = .best) {
    let kernel = WindowedKernel(matrix, windows)
    self.kernels = kernels
    transformed = kernel.transformed(for: windows, kernels)
    isPacked = transformed == nil
    right = isPacked ? WindowedKernel(PackedMatrix(matrix, kernels: kernels), windows) : kernel
  }

  /// The channels of a window.
  package var channels: Int { right.channels }
}
