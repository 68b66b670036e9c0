internal import CKernels
internal import Tensor

/// Reads each place of images [rows, columns, channels] elsewhere. Operands: the images, and maps [8], which have no gradient.
struct WarpOperation<Scalar: RealScalar>: TensorOperation {
  let warp: ImageWarp

  init(fillMode: FillMode, fillValue: Double, interpolation: Interpolation) {
    let border =
      switch fillMode {
      case .reflect: ck_border_reflected
      case .wrap: ck_border_wrapped
      case .constant: ck_border_constant
      case .nearest: ck_border_nearest
      }
    warp = ImageWarp(border: border, fill: fillValue, isNearest: interpolation == .nearest)
  }

  func forward(_ context: Context<Scalar>) throws -> Tensor<Scalar> {
    let (x, maps) = (context.operand(0), context.operand(1))
    var result = context.tensor(x.shape)
    result.assign(warp, of: x, maps: maps)
    context.give(result)
    return maps
  }

  func pullback(_ maps: consuming Tensor<Scalar>, _ context: Context<Scalar>) throws {
    let upstream = context.upstream()
    var gradient = context.tensor(upstream.shape)
    gradient.assign(pullbackOf: warp, upstream, maps: maps)
    context.recycle(upstream)
    context.give(gradient, of: 0)
  }
}
