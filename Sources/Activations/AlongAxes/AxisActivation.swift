internal import CKernels
package import Tensor

/// An activation that depends on whole lines of a tensor, along one axis or several.
package struct AxisActivation: Hashable, Sendable {
  package enum Kind: Hashable, Sendable, CaseIterable { case softmax, softmin, logSoftmax, sparsemax, glu }

  package enum Axes: Hashable, Sendable {
    case all
    /// Negative axes count from the last. None: every element is a line of its own.
    case axes([Int])
  }

  package let kind: Kind
  package let axes: Axes

  package init(_ kind: Kind, _ axes: Axes = .axes([-1])) {
    self.kind = kind
    self.axes = axes
  }

  /// Keras's identifier, or PyTorch's where Keras has none.
  package var name: String {
    switch kind {
    case .softmax: "softmax"
    case .softmin: "softmin"
    case .logSoftmax: "log_softmax"
    case .sparsemax: "sparsemax"
    case .glu: "glu"
    }
  }

  /// The activation's value, in x's storage where nobody else holds it. What the mask leaves out counts as absent and
  /// becomes 0; the mask is broadcast to x's shape.
  package func callAsFunction<Scalar: RealScalar>(
    _ x: consuming Tensor<Scalar>, mask: Tensor<Bool>? = nil, kernels: Kernels = .best
  ) throws(ActivationError) -> Tensor<Scalar> {
    let axes = try resolvedAxes(x.shape)
    if let mask, mask.layout.broadcast(to: x.shape) == nil {
      throw .maskShape(activation: name, mask: mask.shape, shape: x.shape)
    }
    if let mask {
      let present = Tensor.where(mask, x, Tensor(-Scalar.infinity))
      return Tensor.where(mask, value(present, axes), Tensor(0))
    }
    return value(x, axes)
  }

  /// The vector-Jacobian product: from the gradient by the output the gradient by the input, in the upstream gradient's
  /// storage where nobody else holds it. The upstream gradient is broadcast to the output's shape.
  package func pullback<Scalar: RealScalar>(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, kernels: Kernels = .best
  ) throws(ActivationError) -> Tensor<Scalar> {
    let axes = try resolvedAxes(input.shape)
    let g = upstream.broadcast(to: output.shape)
    switch kind {
    case .softmax, .softmin:
      let difference = output * (g - (g * output).sum(axis: axes, keepDimensions: true))
      return kind == .softmin ? -difference : difference
    case .logSoftmax:
      return g - output.exp() * g.sum(axis: axes, keepDimensions: true)
    case .sparsemax:
      let support = Tensor.where(output .== 0, output, Tensor(1))
      let mean = (g * support).sum(axis: axes, keepDimensions: true) / support.sum(axis: axes, keepDimensions: true)
      return support * (g - mean)
    case .glu:
      let halves = input.split(into: 2, axis: axes[0])
      let (a, b) = (halves[0], halves[1])
      let gate = b.unary(ck_sigmoid)
      return .concatenated([gate * g, a * gate * (-b).unary(ck_sigmoid) * g], axis: axes[0])
    }
  }

  private func value<Scalar: RealScalar>(_ x: Tensor<Scalar>, _ axes: [Int]) -> Tensor<Scalar> {
    if x.isEmpty && kind != .glu { return x }
    switch kind {
    case .softmax, .softmin:
      let x = kind == .softmin ? -x : x
      let largest = x.max(axis: axes, keepDimensions: true)
      let exponentials = Tensor.binary(ck_exponential_of_difference, x, largest)
      return exponentials / exponentials.sum(axis: axes, keepDimensions: true)
    case .logSoftmax:
      let shifted = x - x.max(axis: axes, keepDimensions: true)
      return shifted - shifted.exp().sum(axis: axes, keepDimensions: true).log()
    case .sparsemax:
      let kept = (0..<x.rank).filter { !axes.contains($0) }
      let order = kept + axes
      let moved = x.permuted(order)
      let lines = moved.reshaped([kept.reduce(1) { $0 * x.shape[$1] }, -1])
      let shifted = lines - lines.max(axis: 1, keepDimensions: true)
      let sorted = shifted.sorted(axis: 1, descending: true)
      let sums = sorted.cumulativeSum(axis: 1)
      let counts = Tensor<Scalar>.arange(1, Scalar(sorted.shape[1] + 1))
      let inSupport = Tensor.where((sorted * counts - sums + 1) .> 0, Tensor(1), Tensor<Scalar>(0))
      let size = inSupport.sum(axis: 1, keepDimensions: true)
      let total = Tensor.where(inSupport .> 0, sorted, Tensor(0)).sum(axis: 1, keepDimensions: true)
      let result = Tensor.maximum(shifted - (total - 1) / size, 0).reshaped(moved.shape)
      return result.permuted(order.indices.map { order.firstIndex(of: $0)! })
    case .glu:
      let halves = x.split(into: 2, axis: axes[0])
      return halves[0] * halves[1].unary(ck_sigmoid)
    }
  }

  /// The axes counted from the front, each once.
  func resolvedAxes(_ shape: [Int]) throws(ActivationError) -> [Int] {
    let rank = shape.count
    guard rank >= (kind == .glu ? 1 : 2) else { throw .rankTooLow(activation: name, shape: shape) }
    guard case .axes(let named) = axes else { return Array(0..<rank) }
    var resolved: [Int] = []
    for axis in named {
      guard axis >= -rank && axis < rank else { throw .axisOutOfRange(activation: name, axis: axis, shape: shape) }
      let fromFront = axis < 0 ? axis + rank : axis
      if resolved.contains(fromFront) { throw .axisRepeated(activation: name, axes: named, shape: shape) }
      resolved.append(fromFront)
    }
    if kind == .glu, let axis = resolved.first, shape[axis] % 2 != 0 {
      throw .oddLength(activation: name, axis: named[0], shape: shape)
    }
    return resolved.sorted()
  }
}
