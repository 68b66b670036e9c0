package import Activations
internal import Tensor

// Functions that combine the elements of samples along axes. The axes are Keras's, which count the batch axis.

extension NamedOperation {
  /// The functions whose parameters are axes and whether these are kept.
  package static func reductions(_ axes: [Int], keepsAxes: Bool) -> [NamedOperation] {
    func composed(
      _ name: String, _ compute: @escaping @Sendable (Traced<Scalar>, [Int]) throws -> Traced<Scalar>
    ) -> NamedOperation {
      NamedOperation(name, parameters: ["axis": Configuration(axisOrAxes: axes), "keepdims": .flag(keepsAxes)]) {
        let x = $0[0]
        return try compute(x, try x.batchAxes(axes).map { $0 - 1 })
      }
    }
    func stepwise(
      _ name: String, _ value: @escaping @Sendable (Tensor<Scalar>, [Int]) -> Tensor<Scalar>
    ) -> NamedOperation {
      along(name, axes, keepsAxes, value: value, gradient: nil)
    }
    return [
      composed("Sum") { try $0.sum(axis: $1, keepDimensions: keepsAxes) },
      composed("Mean") { try $0.mean(axis: $1, keepDimensions: keepsAxes) },
      composed("Var") { try $0.variance($1, keepsAxes: keepsAxes) },
      composed("Std") {
        try $0.variance($1, keepsAxes: keepsAxes).applying(
          UnaryOperation(value: { $0.squareRoot() }, slope: { _, y in 0.5 / y }))
      },
      along(
        "Logsumexp", module: "math", axes, keepsAxes,
        value: { $0.logSumExp(axis: $1, keepDimensions: true) },
        gradient: { x, y, upstream in upstream * (x - y).exp() }),
      stepwise("Any") { ($0 .!= 0).any(axis: $1, keepDimensions: true).cast(to: Scalar.self) },
      stepwise("All") { ($0 .!= 0).all(axis: $1, keepDimensions: true).cast(to: Scalar.self) },
    ]
  }

  /// The largest or the smallest element.
  /// - Parameter initial: a number that takes part as if it were an element.
  package static func extreme(isLargest: Bool, _ axes: [Int], keepsAxes: Bool, initial: Double?) -> NamedOperation {
    let parameters = [
      "axis": Configuration(axisOrAxes: axes), "keepdims": .flag(keepsAxes), "initial": Configuration(initial),
    ]
    return NamedOperation(isLargest ? "Max" : "Min", parameters: parameters) { operands in
      let x = operands[0]
      let places = try x.batchAxes(axes).map { $0 - 1 }
      let found =
        isLargest
        ? try x.max(axis: places, keepDimensions: keepsAxes) : try -(-x).max(axis: places, keepDimensions: keepsAxes)
      guard let initial else { return found }
      return try found.applying(
        ExtremeOperation(isLargest: isLargest), x.value.recorder.constant(Tensor(Scalar(initial))))
    }
  }

  package static func product(_ axes: [Int], keepsAxes: Bool, type: Configuration) -> NamedOperation {
    along(
      "Prod", axes, keepsAxes, ["dtype": type],
      value: { $0.product(axis: $1, keepDimensions: true) },
      gradient: { x, y, upstream in
        // The product of the other elements: a quotient, except where an element is 0.
        let places = zip(x.shape, y.shape).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
        let (zero, one) = (Tensor<Scalar>(0), Tensor<Scalar>(1))
        let isZero = x .== 0
        let count = isZero.cast(to: Scalar.self).sum(axis: places, keepDimensions: true)
        let others = Tensor.where(isZero, one, x).product(axis: places, keepDimensions: true)
        let product = Tensor.where(
          count .== 0, others / Tensor.where(isZero, one, x), Tensor.where(isZero .& (count .== 1), others, zero))
        return upstream * product
      })
  }

  /// The number of the largest or smallest element along an axis; of several, the first.
  package static func argument(isLargest: Bool, axis: Int, keepsAxes: Bool) -> NamedOperation {
    along(
      isLargest ? "Argmax" : "Argmin", [axis], keepsAxes,
      value: { x, axes in
        (isLargest ? x.argMax(axis: axes[0]) : x.argMin(axis: axes[0])).cast(to: Scalar.self).expanded(axis: axes[0])
      }, gradient: nil)
  }

  /// - Parameter order: the exponent, which may be infinite; 2 if it is absent.
  package static func norm(_ axes: [Int], order: Double?, keepsAxes: Bool, written: Configuration) -> NamedOperation {
    let parameters = ["axis": Configuration(axisOrAxes: axes), "keepdims": .flag(keepsAxes), "ord": written]
    return NamedOperation("Norm", module: "linalg", parameters: parameters) {
      try $0[0].norm($0[0].batchAxes(axes), order ?? 2, keepsAxes: keepsAxes)
    }
  }

  /// Samples divided by their norms along axes, which count as at least `epsilon`.
  package static func normalize(_ axes: [Int], order: Int, epsilon: Double?) -> NamedOperation {
    let parameters = [
      "axis": Configuration(axisOrAxes: axes), "order": .integer(order), "epsilon": Configuration(epsilon),
    ]
    return NamedOperation("Normalize", module: "nn", parameters: parameters) { operands in
      let x = operands[0]
      let norm = try x.norm(x.batchAxes(axes), Double(order), keepsAxes: true)
      let least = x.value.recorder.constant(Tensor(Scalar(epsilon ?? 1e-7)))
      return try x / norm.applying(ExtremeOperation(isLargest: true), least)
    }
  }

  package static func cumulativeSum(axis: Int, type: Configuration) -> NamedOperation {
    NamedOperation("Cumsum", parameters: ["axis": .integer(axis), "dtype": type]) { operands in
      let axis = try operands[0].batchAxes([axis])[0]
      return try operands[0].rearranged(to: operands[0].shape) {
        $0.cumulativeSum(axis: axis)
      } back: { upstream, _ in
        upstream.flipped(axis: axis).cumulativeSum(axis: axis).flipped(axis: axis)
      }
    }
  }

  private static func along(
    _ name: String, module: String = "numpy", _ axes: [Int], _ keepsAxes: Bool,
    _ others: [String: Configuration] = [:],
    value: @escaping @Sendable (Tensor<Scalar>, _ axes: [Int]) -> Tensor<Scalar>,
    gradient: (@Sendable (_ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ upstream: Tensor<Scalar>) -> Tensor<Scalar>)?
  ) -> NamedOperation {
    let parameters = others.merging(["axis": Configuration(axisOrAxes: axes), "keepdims": .flag(keepsAxes)]) { $1 }
    return NamedOperation(name, module: module, parameters: parameters) {
      try $0[0].applying(
        AlongAxesOperation(
          axes: try $0[0].batchAxes(axes), keepsAxes: keepsAxes, value: value, gradient: gradient))
    }
  }
}

extension Traced {
  fileprivate func variance(_ axes: [Int], keepsAxes: Bool) throws -> Traced {
    let difference = try self - mean(axis: axes, keepDimensions: true)
    return try (difference * difference).mean(axis: axes, keepDimensions: keepsAxes)
  }

  /// - Parameter axes: axes of batches.
  fileprivate func norm(_ axes: [Int], _ order: Double, keepsAxes: Bool) throws -> Traced {
    let places = axes.map { $0 - 1 }
    if order == 2 {
      return try applying(
        AlongAxesOperation(
          axes: axes, keepsAxes: keepsAxes,
          value: { ($0 * $0).sum(axis: $1, keepDimensions: true).squareRoot() },
          gradient: { x, y, upstream in upstream * x / y }))
    }
    let sizes = try applying(UnaryOperation(value: { $0.absolute() }, slope: { x, _ in x.sign() }))
    switch order {
    case 1: return try sizes.sum(axis: places, keepDimensions: keepsAxes)
    case .infinity: return try sizes.max(axis: places, keepDimensions: keepsAxes)
    case -.infinity: return try -(-sizes).max(axis: places, keepDimensions: keepsAxes)
    default:
      let recorder = value.recorder
      let powers = try sizes.applying(PowerOperation(), recorder.constant(Tensor(Scalar(order))))
      return try powers.sum(axis: places, keepDimensions: keepsAxes)
        .applying(PowerOperation(), recorder.constant(Tensor(Scalar(1 / order))))
    }
  }
}
