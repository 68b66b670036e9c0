internal import CKernels

/// A matrix laid out once for many products with it on the right: weights that stay.
///
/// It is never changed, so whoever holds it may share it. It takes the memory of the matrix, its columns rounded up to half a
/// panel (16 Floats with AVX-512).
package final class PackedMatrix<Scalar: RealScalar>: Sendable {
  package let rows: Int
  package let columns: Int
  let storage: Storage<Scalar>
  /// Each instruction set has its own arrangement.
  let kernels: Kernels

  /// From a matrix of any layout; `matrix.transposed` packs the transpose.
  /// - Precondition: the rank is 2.
  /// - Complexity: O(rows · columns), one allocation.
  package init(_ matrix: Tensor<Scalar>, kernels: Kernels = .best) {
    require(matrix.rank == 2, "PackedMatrix takes a matrix, not the shape \(matrix.shape)")
    let layout = matrix.layout.matrix
    (rows, columns, self.kernels) = (layout.rows, layout.columns, kernels)
    let type = Scalar.elementType.kernelType
    storage = Storage(
      count: ck_packed_bytes(kernels.table, type, rows, columns) / MemoryLayout<Scalar>.stride)
    ck_pack_matrix(kernels.table, type, storage.base, matrix.kernelMatrix(layout), rows, columns)
    withExtendedLifetime(matrix.storage.memory) {}
  }
}
