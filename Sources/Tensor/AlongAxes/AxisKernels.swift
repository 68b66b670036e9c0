package import CKernels

// The kernels of activations along axes. Axes are counted from the front.

extension Tensor {
  /// function(self), or of -self, along axes, in this tensor's own memory where nobody else holds it. What the mask, which
  /// broadcasts to the shape, leaves out counts as absent and becomes 0.
  package consuming func alongAxes(
    _ function: ck_axis_function, _ axes: [Int], isNegated: Bool = false, mask: Tensor<Bool>? = nil,
    kernels: Kernels = .best
  ) -> Tensor {
    let ascends = layout.ascends(along: axes)
    func write(_ result: inout Destination<Scalar>, _ x: Operand) {
      result.write(function, of: x, axes, isNegated: isNegated, mask: mask, kernels: kernels)
    }
    if ascends { return rewritten(write) }
    return .making(layout.compacted) { write(&$0, operand()) }
  }

  /// self = function(self), or of -self, along axes, in this tensor's own memory unless others hold it.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package mutating func updateAlongAxes(
    _ function: ck_axis_function, _ axes: [Int], isNegated: Bool = false, kernels: Kernels = .best
  ) {
    if layout.ascends(along: axes) {
      replaceReading { $0.write(function, of: $1, axes, isNegated: isNegated, mask: nil, kernels: kernels) }
    } else {
      self = alongAxes(function, axes, isNegated: isNegated, kernels: kernels)
    }
  }

  /// The gradient with respect to the input, in the upstream gradient's memory if it has no other reference; the
  /// upstream gradient broadcasts to the output's shape.
  package static func alongAxesPullback(
    _ function: ck_axis_function, _ upstream: consuming Tensor, output: Tensor, axes: [Int], isNegated: Bool = false,
    kernels: Kernels = .best
  ) -> Tensor {
    let layout = upstream.layout(upstreamOf: output.shape)
    return upstream.rewritten(in: layout, like: output) { result, upstream in
      result.write(reading: upstream, output.operand()) { call in
        withReducedAxes(axes, rank: output.rank) {
          ck_along_axes_pullback(
            kernels.table, function, Scalar.elementType.kernelType, call.rank, call.shape, $0, isNegated, call.result,
            call.x, call.y)
        }
      }
    }
  }

  /// a · sigmoid(b) of the halves of an axis.
  package func gatedLinear(axis: Int, kernels: Kernels = .best) -> Tensor {
    let halves = split(into: 2, axis: axis)
    return .making(halves[0].layout.compacted) { result in
      result.write(reading: halves[0].operand(), halves[1].operand()) {
        ck_gated_linear_unit(
          kernels.table, Scalar.elementType.kernelType, $0.rank, $0.shape, $0.result, $0.x, $0.y)
      }
    }
  }

  /// The gradients by both halves, one behind the other along the axis.
  package static func gatedLinearPullback(
    _ upstream: Tensor, input: Tensor, axis: Int, kernels: Kernels = .best
  ) -> Tensor {
    let inputs = input.split(into: 2, axis: axis)
    let upstream = upstream.operand(in: upstream.layout(upstreamOf: inputs[0].shape))
    return .making(input.layout.compacted) { result in
      let half = inputs[0].shape[axis]
      let first = result.layout.sliced(axis: axis, start: 0, count: half, step: 1)
      let distance = half * result.layout.strides[axis] * MemoryLayout<Scalar>.stride
      result.write(to: first, reading: upstream, inputs[0].operand(), inputs[1].operand()) {
        let second = ck_operand(data: $0.result.data + distance, strides: $0.result.strides)
        ck_gated_linear_unit_pullback(
          kernels.table, Scalar.elementType.kernelType, $0.rank, $0.shape, $0.result, second, $0.x, $0.y, $0.z)
      }
    }
  }
}

extension Destination {
  /// Writes function(x), or of -x, along axes.
  fileprivate mutating func write(
    _ function: ck_axis_function, of x: Operand, _ axes: [Int], isNegated: Bool, mask: Tensor<Bool>?,
    kernels: Kernels
  ) {
    let rank = layout.rank
    func run(_ call: KernelArguments, _ mask: UnsafePointer<ck_operand>?) {
      withReducedAxes(axes, rank: rank) {
        ck_along_axes(
          kernels.table, function, Scalar.elementType.kernelType, call.rank, call.shape, $0, isNegated, call.result,
          call.x, mask)
      }
    }
    guard let mask else { return write(reading: x) { run($0, nil) } }
    write(reading: x, mask.operand(in: mask.layout.broadcast(to: layout.shape)!)) { call in
      withUnsafePointer(to: call.y) { run(call, $0) }
    }
  }
}

extension Layout {
  /// Whether lines along the axes run forwards in memory. Kernels go through them as the result lies there, and for some which of
  /// equal elements comes first is not all the same.
  fileprivate func ascends(along axes: [Int]) -> Bool { axes.allSatisfy { strides[$0] >= 0 } }
}
