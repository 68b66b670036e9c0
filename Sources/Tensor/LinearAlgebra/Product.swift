package import CKernels

/// What ends a product, elementwise.
package struct ProductEpilogue: Sendable {
  let function: ck_function?
  let parameters: ck_parameters

  package static let identity = ProductEpilogue(function: nil)

  package init(_ function: ck_function, _ parameters: ck_parameters) { self.init(function: function, parameters) }

  private init(function: ck_function?, _ parameters: ck_parameters = .none) {
    self.function = function
    self.parameters = parameters
  }
}

/// A right operand that is used for many products.
package final class PackedMatrix<Scalar: RealScalar>: Sendable {
  let matrix: Tensor<Scalar>
  package init(_ matrix: Tensor<Scalar>, kernels: Kernels = .best) { self.matrix = matrix }
}

extension Tensor where Scalar: RealScalar {
  /// result = epilogue(x · matrix + bias).
  package static func product(
    _ x: Tensor, _ matrix: PackedMatrix<Scalar>, bias: Tensor? = nil, epilogue: ProductEpilogue = .identity,
    into result: inout Tensor
  ) { product(x, matrix.matrix, bias: bias, epilogue: epilogue, into: &result) }

  package static func product(
    _ x: Tensor, _ matrix: Tensor, bias: Tensor? = nil, epilogue: ProductEpilogue = .identity, into result: inout Tensor
  ) {
    var matrix = x.matmul(matrix)
    if let bias { matrix += bias }
    result = epilogue.function.map { matrix.unary($0, epilogue.parameters) } ?? matrix
  }

  package static func product(
    _ x: Tensor, _ matrix: Tensor, bias: Tensor?, epilogue: ProductEpilogue, preactivation: inout Tensor,
    into result: inout Tensor
  ) {
    product(x, matrix, bias: bias, into: &preactivation)
    result = epilogue.function.map { preactivation.unary($0, epilogue.parameters) } ?? preactivation
  }

  /// result = alpha a · b + beta result for matrices.
  package static func multiply(
    _ a: Tensor, _ b: Tensor, alpha: Scalar = 1, beta: Scalar = 0, into result: inout Tensor
  ) {
    if beta == 0 { result = .zeros([a.shape[0], b.shape[1]]) }
    result.addMatmul(a, b, alpha: alpha, beta: beta)
  }

  /// [..., n] as a matrix [rows, n].
  package var rowMatrix: Tensor { reshaped([shape.dropLast().reduce(1, *), shape[rank - 1]]) }
}
