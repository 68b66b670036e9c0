internal import CKernels
package import Tensor

/// An activation that depends on whole lines of a tensor, along one axis or several.
package struct AxisActivation: Hashable, Sendable {
  package enum Kind: Hashable, Sendable, CaseIterable { case softmax, softmin, logSoftmax, sparsemax, hardmax, glu }

  package enum Axes: Hashable, Sendable {
    case all
    /// Negative axes count from the last. An empty list: every element is a line of its own.
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
    case .hardmax: "hardmax"
    case .glu: "glu"
    }
  }

  /// The activation's value, in x's storage where nobody else holds it. What a mask for softmax leaves out
  /// counts as absent and becomes 0; the mask is broadcast to x's shape.
  package func callAsFunction<Scalar: RealScalar>(
    _ x: consuming Tensor<Scalar>, mask: Tensor<Bool>? = nil, kernels: Kernels = .best
  ) throws(ActivationError) -> Tensor<Scalar> {
    let axes = try resolvedAxes(x.shape)
    if let mask, mask.layout.broadcast(to: x.shape) == nil {
      throw .maskShape(activation: name, mask: mask.shape, shape: x.shape)
    }
    guard let function else { return x.gatedLinear(axis: axes[0], kernels: kernels) }
    return x.alongAxes(function, axes, isNegated: kind == .softmin, mask: mask, kernels: kernels)
  }

  /// x = f(x). x stays as it is where this throws.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func apply<Scalar: RealScalar>(to x: inout Tensor<Scalar>, kernels: Kernels) throws(ActivationError) {
    let axes = try resolvedAxes(x.shape)
    if let function {
      x.updateAlongAxes(function, axes, isNegated: kind == .softmin, kernels: kernels)
    } else {
      x = x.gatedLinear(axis: axes[0], kernels: kernels)
    }
  }

  /// The kernel of those that keep the shape.
  private var function: ck_axis_function? {
    switch kind {
    case .softmax, .softmin: ck_softmax
    case .logSoftmax: ck_log_softmax
    case .sparsemax: ck_sparsemax
    case .hardmax: ck_hardmax
    case .glu: nil
    }
  }

  /// The vector-Jacobian product: from the gradient by the output the gradient by the input, in the upstream gradient's
  /// storage where nobody else holds it. The upstream gradient is broadcast to the output's shape.
  package func pullback<Scalar: RealScalar>(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, kernels: Kernels = .best
  ) throws(ActivationError) -> Tensor<Scalar> {
    let axes = try resolvedAxes(input.shape)
    if kind == .glu {
      return .gatedLinearPullback(upstream, input: input, axis: axes[0], kernels: kernels)
    }
    // Its slope is 0; where a line is NaN, so is its gradient.
    if kind == .hardmax { return output * 0 }
    let function =
      switch kind {
      case .logSoftmax: ck_log_softmax_pullback
      case .sparsemax: ck_sparsemax_pullback
      default: ck_softmax_pullback
      }
    return .alongAxesPullback(
      function, upstream, output: output, axes: axes, isNegated: kind == .softmin, kernels: kernels)
  }

  /// The axes counted from the front, each once.
  func resolvedAxes(_ shape: [Int]) throws(ActivationError) -> [Int] {
    let rank = shape.count
    // As Keras, whose softmax alone refuses vectors.
    guard rank >= (kind == .softmax ? 2 : 1) else { throw .rankTooLow(activation: name, shape: shape) }
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

  func resultShape(_ shape: [Int]) throws(ActivationError) -> [Int] {
    let axes = try resolvedAxes(shape)
    var result = shape
    if kind == .glu { result[axes[0]] /= 2 }
    return result
  }
}
