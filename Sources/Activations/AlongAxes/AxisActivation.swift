internal import CKernels
package import Tensor

/// An activation that depends on whole lines of a tensor, along one axis or several.
package struct AxisActivation: Hashable, Sendable {
  package enum Axes: Hashable, Sendable {
    case all
    /// Negative axes count from the last. With an empty list every element is a line of its own.
    case axes([Int])
  }

  package let definition: AxisDefinition
  package let axes: Axes

  package init(_ definition: AxisDefinition, _ axes: Axes = .axes([-1])) {
    self.definition = definition
    self.axes = axes
  }

  init(_ definition: AxisDefinition, _ axes: some Tensor::Axes) {
    self.init(definition, axes.list.map { .axes($0) } ?? .all)
  }

  package var name: String { definition.name }

  /// The activation of x, in place if nothing else refers to x. Elements that a mask for softmax leaves out count as absent and
  /// become 0; the mask is broadcast to x's shape.
  package func callAsFunction<Scalar: RealScalar>(
    _ x: consuming Tensor<Scalar>, mask: Tensor<Bool>? = nil, kernels: Kernels = .best
  ) throws(ActivationError) -> Tensor<Scalar> {
    let axes = try resolvedAxes(x.shape)
    if let mask, mask.layout.broadcast(to: x.shape) == nil {
      throw .maskShape(activation: name, mask: mask.shape, shape: x.shape)
    }
    switch definition.computation {
    case .lines(let function, _, let isNegated):
      return x.alongAxes(function, axes, isNegated: isNegated, mask: mask, kernels: kernels)
    case .gatedHalves:
      return x.gatedLinear(axis: axes[0], kernels: kernels)
    }
  }

  /// x = f(x). If this throws, x is unchanged.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func apply<Scalar: RealScalar>(to x: inout Tensor<Scalar>, kernels: Kernels) throws(ActivationError) {
    let axes = try resolvedAxes(x.shape)
    switch definition.computation {
    case .lines(let function, _, let isNegated):
      x.updateAlongAxes(function, axes, isNegated: isNegated, kernels: kernels)
    case .gatedHalves:
      x = x.gatedLinear(axis: axes[0], kernels: kernels)
    }
  }

  /// The vector-Jacobian product: turns the gradient with respect to the output into that with respect to the input, in place
  /// if nothing else refers to it. The upstream gradient is broadcast to the output's shape.
  package func pullback<Scalar: RealScalar>(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, kernels: Kernels = .best
  ) throws(ActivationError) -> Tensor<Scalar> {
    let axes = try resolvedAxes(input.shape)
    switch definition.computation {
    case .lines(_, pullback: let function?, let isNegated):
      return .alongAxesPullback(
        function, upstream, output: output, axes: axes, isNegated: isNegated, kernels: kernels)
    case .lines(_, pullback: nil, _):
      return output * 0  // where a line is NaN, so is its gradient
    case .gatedHalves:
      return .gatedLinearPullback(upstream, input: input, axis: axes[0], kernels: kernels)
    }
  }

  /// The axes counted from the front, each once.
  func resolvedAxes(_ shape: [Int]) throws(ActivationError) -> [Int] {
    let rank = shape.count
    guard rank >= definition.leastRank else { throw .rankTooLow(activation: name, shape: shape) }
    guard case .axes(let named) = axes else { return Array(0..<rank) }
    var resolved: [Int] = []
    for axis in named {
      guard axis >= -rank && axis < rank else { throw .axisOutOfRange(activation: name, axis: axis, shape: shape) }
      let fromFront = axis < 0 ? axis + rank : axis
      if resolved.contains(fromFront) { throw .axisRepeated(activation: name, axes: named, shape: shape) }
      resolved.append(fromFront)
    }
    if halvesAxis, let axis = resolved.first, shape[axis] % 2 != 0 {
      throw .oddLength(activation: name, axis: named[0], shape: shape)
    }
    return resolved.sorted()
  }

  func resultShape(_ shape: [Int]) throws(ActivationError) -> [Int] {
    let axes = try resolvedAxes(shape)
    var result = shape
    if halvesAxis { result[axes[0]] /= 2 }
    return result
  }

  /// Whether the result is half as long as x along the axis.
  private var halvesAxis: Bool { if case .gatedHalves = definition.computation { true } else { false } }

  /// Whether the pullback needs no more than the output.
  var pullsBackFromOutput: Bool { !halvesAxis }
}

extension AxisActivation.Axes {
  var configuration: Configuration {
    switch self {
    case .all: .null
    case .axes(let axes) where axes.count == 1: .integer(axes[0])
    case .axes(let axes): .list(axes.map { .integer($0) })
    }
  }

  /// An integer, or where several axes are allowed a list of integers, or null for all axes together. Nil for all else.
  init?(_ configuration: Configuration, as range: Parameter.Range) {
    switch (configuration, range) {
    case (.integer, _), (.number, _):
      guard let axis = configuration.asInteger else { return nil }
      self = .axes([axis])
    case (.list(let list), .axes):
      var axes: [Int] = []
      for element in list {
        guard let axis = element.asInteger else { return nil }
        axes.append(axis)
      }
      self = .axes(axes)
    case (.null, .axes):
      self = .all
    default:
      return nil
    }
  }
}
