package import CKernels

/// How images [samples, rows, columns, channels] are read at other places.
package struct ImageWarp: Sendable {
  /// What stands for places beyond the border, and the number there if that is a constant.
  package let border: ck_border
  package let fill: Double
  /// Whether the nearest place is read instead of the four around, weighted by their distance.
  package let isNearest: Bool

  package init(border: ck_border, fill: Double, isNearest: Bool) {
    (self.border, self.fill, self.isNearest) = (border, fill, isNearest)
  }
}

extension Tensor where Scalar: RealScalar {
  /// self = the images x, in which each place is read from elsewhere, in this tensor's own memory unless others hold it.
  /// - Parameter maps: [samples, 8]: how places of the result are mapped to those of an image, as `ck_warp` says.
  package mutating func assign(_ warp: ImageWarp, of x: Tensor, maps: Tensor) {
    replace(warp, x, maps, ck_warp_images)
  }

  /// self = the gradient with respect to warped images, in this tensor's own memory unless others hold it.
  package mutating func assign(pullbackOf warp: ImageWarp, _ upstream: Tensor, maps: Tensor) {
    replace(warp, upstream, maps, ck_pull_back_warp)
  }

  private mutating func replace(
    _ warp: ImageWarp, _ operand: Tensor, _ maps: Tensor,
    _ kernel: (ck_type, UnsafePointer<ck_warp>, UnsafeMutableRawPointer, UnsafeRawPointer) -> Void
  ) {
    let operand = operand.contiguous
    let lengths = operand.shape
    precondition(
      lengths.count == 4 && shape == lengths && maps.shape == [lengths[0], Int(CK_WARP_NUMBERS)],
      "images \(lengths) to \(shape) by maps \(maps.shape)")
    if !isContiguous { self = Tensor(uninitialized: shape) }
    maps.cast(to: Double.self).scalars.withUnsafeBufferPointer { numbers in
      guard let numbers = numbers.baseAddress else { return }
      var call = ck_warp(
        samples: lengths[0], height: lengths[1], width: lengths[2], channels: lengths[3], maps: numbers,
        border: warp.border, fill: warp.fill, is_nearest: warp.isNearest)
      replace { kernel(Scalar.elementType.kernelType, &call, $0.start, operand.start) }
    }
    withExtendedLifetime(operand.storage.memory) {}
  }
}
