package import CKernels

// The kernels of activations along axes. Axes are counted from the front.

extension Tensor {
  /// function(self), or of -self, along axes, in this tensor's own storage where nobody else holds it. What the mask, which
  /// broadcasts to the shape, leaves out counts as absent and becomes 0.
  package consuming func alongAxes(
    _ function: ck_axis_function, _ axes: [Int], isNegated: Bool = false, mask: Tensor<Bool>? = nil,
    kernels: Kernels = .best
  ) -> Tensor {
    let result = isReusable && layout.ascends(along: axes) ? self : Tensor(uninitialized: layout.compacted)
    result.fill(function, of: self, axes, isNegated: isNegated, mask: mask, kernels: kernels)
    return result
  }

  /// self = function(self), or of -self, along axes, in this tensor's own memory unless others hold it.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package mutating func updateAlongAxes(
    _ function: ck_axis_function, _ axes: [Int], isNegated: Bool = false, kernels: Kernels = .best
  ) {
    if !layout.repeats && storage.isExclusive && layout.ascends(along: axes) {
      fill(function, of: self, axes, isNegated: isNegated, mask: nil, kernels: kernels)
    } else {
      self = alongAxes(function, axes, isNegated: isNegated, kernels: kernels)
    }
  }

  /// Writes function(x) into this tensor, which nobody else holds, or is x itself.
  private func fill(
    _ function: ck_axis_function, of x: Tensor, _ axes: [Int], isNegated: Bool, mask: Tensor<Bool>?, kernels: Kernels
  ) {
    let (shape, reduced) = (shape, Self.isReduced(axes, rank: rank))
    let call = { (operand: ck_operand, mask: UnsafePointer<ck_operand>?) in
      withOperand { result in
        ck_along_axes(
          kernels.table, function, Scalar.elementType.kernelType, shape.count, shape, reduced, isNegated, result,
          operand, mask)
      }
    }
    x.withOperand { operand in
      guard let mask else { return call(operand, nil) }
      mask.withOperand(mask.layout.broadcast(to: shape)!) { mask in withUnsafePointer(to: mask) { call(operand, $0) } }
    }
  }

  /// The gradient by the input, in the upstream gradient's storage where nobody else holds it; the upstream gradient
  /// broadcasts to the output's shape.
  package static func alongAxesPullback(
    _ function: ck_axis_function, _ upstream: consuming Tensor, output: Tensor, axes: [Int], isNegated: Bool = false,
    kernels: Kernels = .best
  ) -> Tensor {
    let upstreamLayout = upstream.broadcastLayout(upstreamOf: output.shape)
    let fits = upstream.shape == output.shape && upstream.isReusable
    let result = fits ? upstream : Tensor(uninitialized: output.layout.compacted)
    let (shape, reduced) = (output.shape, isReduced(axes, rank: output.rank))
    result.withOperand { result in
      upstream.withOperand(upstreamLayout) { upstream in
        output.withOperand { output in
          ck_along_axes_pullback(
            kernels.table, function, Scalar.elementType.kernelType, shape.count, shape, reduced, isNegated, result,
            upstream, output)
        }
      }
    }
    return result
  }

  /// a · sigmoid(b) of the halves of an axis.
  package func gatedLinear(axis: Int, kernels: Kernels = .best) -> Tensor {
    let halves = split(into: 2, axis: axis)
    let result = Tensor(uninitialized: halves[0].layout.compacted)
    result.withOperand { result in
      halves[0].withOperand { a in
        halves[1].withOperand { b in
          ck_gated_linear_unit(
            kernels.table, Scalar.elementType.kernelType, halves[0].rank, halves[0].shape, result, a, b)
        }
      }
    }
    return result
  }

  /// The gradients by both halves, one behind the other along the axis.
  package static func gatedLinearPullback(
    _ upstream: Tensor, input: Tensor, axis: Int, kernels: Kernels = .best
  ) -> Tensor {
    let result = Tensor(uninitialized: input.layout.compacted)
    let (gradients, inputs) = (result.split(into: 2, axis: axis), input.split(into: 2, axis: axis))
    let shape = inputs[0].shape
    upstream.withOperand(upstream.broadcastLayout(upstreamOf: shape)) { upstream in
      gradients[0].withOperand { aResult in
        gradients[1].withOperand { bResult in
          inputs[0].withOperand { a in
            inputs[1].withOperand { b in
              ck_gated_linear_unit_pullback(
                kernels.table, Scalar.elementType.kernelType, shape.count, shape, aResult, bResult, upstream, a, b)
            }
          }
        }
      }
    }
    return result
  }

  private func broadcastLayout(upstreamOf shape: [Int]) -> Layout {
    guard let layout = layout.broadcast(to: shape) else {
      trap("an upstream gradient of \(self.shape) does not broadcast to \(shape)")
    }
    return layout
  }

  private static func isReduced(_ axes: [Int], rank: Int) -> [Bool] {
    var isReduced = [Bool](repeating: false, count: rank)
    for axis in axes { isReduced[axis] = true }
    return isReduced
  }
}

extension Layout {
  /// Whether lines along the axes run forwards in memory. Kernels go through them as the result lies there, and for some which of
  /// equal elements comes first is not all the same.
  fileprivate func ascends(along axes: [Int]) -> Bool { axes.allSatisfy { strides[$0] >= 0 } }
}
