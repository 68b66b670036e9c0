internal import CKernels
public import Tensor

extension Loss {
  /// Returns the loss of a batch, one number; see ``reduction``.
  /// - Parameter prediction: the network's output, [batch, …].
  /// - Parameter target: the expected output.
  /// - Parameter sampleWeights: factors of the values: [batch], or one per value of ``perSample(_:_:)``.
  /// - Throws: ``EvaluationError`` if shapes are incompatible, or a label is not one of the classes.
  /// - Returns: the loss; 0 for a batch without samples, or if the weights or the classes that count sum to 0.
  /// - Complexity: O(*n*), one pass for losses of single elements and crossentropies.
  public func callAsFunction(
    _ prediction: Tensor<Scalar>, _ target: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil
  ) throws(EvaluationError) -> Scalar {
    Scalar(try unrounded(prediction, of: Target(target), sampleWeights))
  }

  /// The loss of a batch before rounding.
  func unrounded(
    _ prediction: Tensor<Scalar>, of target: Target<Scalar>, _ sampleWeights: Tensor<Scalar>?,
    mask: Tensor<Bool>? = nil
  ) throws(EvaluationError) -> Double {
    let evaluation = try Evaluation(self, prediction, target, sampleWeights, mask)
    return evaluation.reduced(try evaluation.values())
  }

  /// Returns the values whose mean or sum is the loss of a batch: the prediction's shape without its last axis.
  /// - Throws: ``EvaluationError``.
  public func perSample(
    _ prediction: Tensor<Scalar>, _ target: some TargetTensor
  ) throws(EvaluationError) -> Tensor<Scalar> {
    let evaluation = try Evaluation(self, prediction, Target(target), nil)
    let values = try evaluation.values()
    return values.cast(to: Scalar.self).reshaped(evaluation.valueShape)
  }

  /// Returns the gradient of a batch's loss with respect to the prediction, in the prediction's shape.
  /// - Throws: ``EvaluationError``, also for a custom loss without a gradient.
  public func gradient(
    _ prediction: Tensor<Scalar>, _ target: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil
  ) throws(EvaluationError) -> Tensor<Scalar> {
    var gradient = Tensor<Scalar>.zeros([0])
    _ = try valueAndGradient(prediction, target, sampleWeights: sampleWeights, into: &gradient)
    return gradient
  }

  /// Computes loss and gradient together, in one pass for losses of single elements and crossentropies.
  /// - Parameter prediction: the network's output, [batch, …].
  /// - Parameter target: the expected output.
  /// - Parameter sampleWeights: the weights of the samples, [batch].
  /// - Parameter gradient: receives the gradient, in the prediction's shape. Its memory is reused if it is large enough
  ///   and has no other reference. It does not change if this function throws before anything is computed.
  /// - Throws: ``EvaluationError``, also for a custom loss without a gradient.
  public func valueAndGradient(
    _ prediction: Tensor<Scalar>, _ target: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil,
    into gradient: inout Tensor<Scalar>
  ) throws(EvaluationError) -> Scalar {
    Scalar(try valueAndGradient(prediction, of: Target(target), sampleWeights, into: &gradient))
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func valueAndGradient(
    _ prediction: Tensor<Scalar>, of target: Target<Scalar>, _ sampleWeights: Tensor<Scalar>?,
    mask: Tensor<Bool>? = nil, into gradient: inout Tensor<Scalar>
  ) throws(EvaluationError) -> Double {
    let evaluation = try Evaluation(self, prediction, target, sampleWeights, mask)
    return evaluation.reduced(try evaluation.values(gradient: &gradient))
  }

  /// Throws the errors of the calls if a target is incompatible with a prediction of the given shape; computes nothing.
  public func check(prediction shape: [Int], _ target: some TargetTensor) throws(EvaluationError) {
    try check(prediction: shape, of: Target(target))
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func check(prediction shape: [Int], of target: Target<Scalar>) throws(EvaluationError) {
    _ = try resolved(prediction: shape, target: target).aligned(shape, target)
  }

  /// Throws if this is a custom loss without a gradient.
  func requireGradient() throws(EvaluationError) {
    if case .custom(let custom) = rule, custom.gradient == nil { throw .gradientMissing(name: custom.name) }
  }

  /// Returns the loss that "crossentropy" means for a prediction of this shape; every other loss is returned unchanged.
  ///
  /// It is binary if the prediction's last axis has length 1, sparse if the target has fewer axes or length 1 along the
  /// last one, and categorical otherwise, as in Keras.
  public func resolved(prediction shape: [Int], target: some TargetTensor) -> Loss {
    guard case .crossentropy = rule else { return self }
    if shape.last == 1 { return .binaryCrossentropy.reduced(by: reduction) }
    let isSparse = target.shape.count < shape.count || target.shape.last == 1
    return (isSparse ? Self.sparseCategoricalCrossentropy : .categoricalCrossentropy).reduced(by: reduction)
  }
}

/// A loss, a prediction, and a target and weights compatible with it.
private struct Evaluation<Scalar: RealScalar> {
  let loss: Loss<Scalar>
  let prediction: Tensor<Scalar>
  let target: AlignedTarget<Scalar>
  let kernel: LossKernel<Scalar>?
  let composed: ComposedLoss<Scalar>?
  /// The weights, one per value.
  let weights: Tensor<Scalar>?
  /// Marks the values that count, or `nil` for all. The weights of the others are 0.
  let mask: Tensor<Bool>?

  init(
    _ loss: Loss<Scalar>, _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, _ sampleWeights: Tensor<Scalar>?,
    _ mask: Tensor<Bool>? = nil
  ) throws(EvaluationError) {
    let target = target.filled(outside: mask)
    let loss = loss.resolved(prediction: prediction.shape, target: target)
    self.loss = loss
    self.prediction = prediction
    self.target = try loss.aligned(prediction.shape, target)
    kernel = LossKernel(loss.rule, self.target)
    composed =
      kernel == nil ? try loss.composed(prediction.reshaped(self.target.shape), self.target, target) : nil
    if mask == nil && sampleWeights == nil {
      (self.mask, weights) = (nil, nil)
      return
    }
    let valueShape = composed?.values.shape ?? self.target.rowShape
    self.mask = try mask?.mask(ofValues: valueShape, name: loss.name)
    let weights = try sampleWeights?.weights(for: valueShape, name: loss.name)
    self.weights = self.mask?.weights(times: weights) ?? weights
  }

  var valueShape: [Int] { composed?.values.shape ?? target.rowShape }

  /// Values, one per row or, for composed losses, one per value.
  func values() throws(EvaluationError) -> Tensor<Double> {
    guard let kernel else { return composed!.values.flattened }
    let x = try activated(kernel)
    let values =
      switch target.numbers {
      case .values(let y): x.lossRows(kernel.rule, target: y, columns: target.columns, arguments)
      case .classes(let y, _): x.lossRows(kernel.rule, target: y, columns: target.columns, arguments)
      }
    return kernel.isMean && target.columns > 1 ? values / Double(target.columns) : values
  }

  func values(gradient: inout Tensor<Scalar>) throws(EvaluationError) -> Tensor<Double> {
    guard let kernel else {
      let factors = (weights ?? .ones(valueShape)) * Scalar(scale)
      gradient = try composed!.gradient(factors).reshaped(prediction.shape)
      return try values()
    }
    let x = try activated(kernel)
    let columns = target.columns
    var arguments = arguments
    arguments.scale = kernel.isMean ? scale / Double(columns) : scale
    let values =
      switch target.numbers {
      case .values(let y):
        x.lossRows(kernel.rule, target: y, columns: columns, weights: weights, arguments, gradient: &gradient)
      case .classes(let y, _):
        x.lossRows(kernel.rule, target: y, columns: columns, weights: weights, arguments, gradient: &gradient)
      }
    if let activation = kernel.activation {
      gradient = try loss.naming { try activation.pullback(gradient, input: prediction, output: x) }
    }
    return kernel.isMean && columns > 1 ? values / Double(columns) : values
  }

  private func activated(_ kernel: LossKernel<Scalar>) throws(EvaluationError) -> Tensor<Scalar> {
    guard let activation = kernel.activation else { return prediction }
    return try loss.naming { try activation(prediction) }
  }

  private var arguments: LossArguments {
    var arguments = LossArguments()
    arguments.ignoredClass = loss.ignoredClass.map(Int64.init)
    return arguments
  }

  /// The weighted sum of the values after division.
  func reduced(_ values: Tensor<Double>) -> Double {
    let divisor = divisor
    if divisor == 0 { return 0 }
    guard let weights else { return (values.count == 1 ? values : values.sum()).scalar / divisor }
    return (values * weights.cast(to: Double.self).flattened).sum().scalar / divisor
  }

  /// The factor of the gradient, without weights.
  private var scale: Double { divisor == 0 ? 0 : 1 / divisor }

  /// The divisor of the weighted sum.
  private var divisor: Double {
    switch loss.reduction {
    case .sum: 1
    case .meanWithSampleWeight: weight
    case .sumOverBatchSize, .mean: Double(valueCount)
    }
  }

  /// The number of values that are neither ignored nor masked.
  private var valueCount: Int {
    if let counted = counted { return Int(counted.countTrue().scalar) }
    if case .classes(_, let used) = target.numbers { return used }
    return composed?.values.count ?? target.rowCount
  }

  /// Marks the values that count, if this depends on the values.
  private var counted: Tensor<Bool>? {
    if let composed, composed.ignoresZeros { return (composed.values .!= 0) .& (mask ?? Tensor(true)) }
    guard let mask, case .classes(let labels, _) = target.numbers, let ignored = loss.ignoredClass else { return mask }
    return mask .& (labels .!= Int64(ignored))
  }

  /// The sum of the weights of values that are not ignored.
  var weight: Double { weights.map(usedWeights) ?? Double(valueCount) }

  private func usedWeights(_ weights: Tensor<Scalar>) -> Double {
    let weights = weights.cast(to: Double.self)
    if let composed, composed.ignoresZeros {
      return Tensor.where(composed.values .!= 0, weights, Tensor(0)).sum().scalar
    }
    guard case .classes(let labels, _) = target.numbers, let ignored = loss.ignoredClass else {
      return weights.sum().scalar
    }
    return Tensor.where(labels .== Int64(ignored), Tensor(0), weights).sum().scalar
  }
}

extension Loss {
  /// The target in the form that this resolved loss takes.
  fileprivate func aligned(
    _ shape: [Int], _ target: Target<Scalar>
  ) throws(EvaluationError) -> AlignedTarget<Scalar> {
    switch rule {
    case .sparseCategoricalCrossentropy(let loss):
      return try AlignedTarget(classes: target, prediction: shape, name: name, ignoring: loss.ignoredClass)
    case .generalizedCrossentropy:
      return try AlignedTarget(classes: target, prediction: shape, name: name, ignoring: nil)
    case .custom:
      return AlignedTarget(unaligned: target, prediction: shape)
    case .ctc:
      _ = try letters(target, prediction: shape)
      return AlignedTarget(unaligned: target, prediction: shape)
    case .circle:
      _ = try classes(target, prediction: shape)
      return AlignedTarget(unaligned: target, prediction: shape)
    case .categoricalFocalCrossentropy(let focus) where focus.fromLogits && shape.count < 2:
      throw .predictionShape(name: name, found: shape, expected: "[batch, …, classes]")
    case .dice, .tversky:
      let aligned = try AlignedTarget(values: target, prediction: shape, name: name)
      guard let axes = summedAxes else { return aligned }
      let rank = aligned.shape.count
      let resolved = axes.map { $0 < 0 ? $0 + rank : $0 }
      guard resolved.allSatisfy((0..<rank).contains), Set(resolved).count == axes.count else {
        let differing = Set(resolved).count == axes.count ? "" : ", all different"
        throw .predictionShape(name: name, found: shape, expected: "a rank that has the axes \(axes)\(differing)")
      }
      return aligned
    default:
      return try AlignedTarget(values: target, prediction: shape, name: name)
    }
  }

  /// The axes that are summed over; `nil` for all.
  private var summedAxes: [Int]? {
    switch rule {
    case .dice(let loss): loss.axes
    case .tversky(let loss): loss.axes
    default: nil
    }
  }

  fileprivate var ignoredClass: Int? {
    if case .sparseCategoricalCrossentropy(let loss) = rule { loss.ignoredClass } else { nil }
  }

  fileprivate func composed(
    _ p: Tensor<Scalar>, _ aligned: AlignedTarget<Scalar>, _ target: Target<Scalar>
  ) throws(EvaluationError) -> ComposedLoss<Scalar> {
    guard case .values(let y) = aligned.numbers else { trap("\(name) takes no classes") }
    func resolved(_ axes: [Int]?) -> [Int] {
      guard let axes else { return Array(0..<p.rank) }
      return axes.map { $0 < 0 ? $0 + p.rank : $0 }
    }
    switch rule {
    case .cosineSimilarity: return .cosineSimilarity(p, y)
    case .categoricalHinge: return .categoricalHinge(p, y)
    case .dice(let loss): return .dice(p, y, axes: resolved(loss.axes))
    case .tversky(let loss): return .tversky(p, y, alpha: loss.alpha, beta: loss.beta, axes: resolved(loss.axes))
    case .ctc: return try .ctc(p, try letters(target, prediction: p.shape), name: name)
    case .circle(let loss): return .circle(p, try classes(target, prediction: p.shape), loss)
    case .custom(let loss): return try .custom(loss, p, y)
    default: trap("\(name) is not composed")
    }
  }

  /// Converts errors of activations to errors of this loss.
  fileprivate func naming<Result>(_ body: () throws -> Result) throws(EvaluationError) -> Result {
    do {
      return try body()
    } catch {
      throw .failed(name: name, reason: "\(error)")
    }
  }
}

extension AlignedTarget {
  /// An unchecked target, for custom functions.
  fileprivate init(unaligned target: Target<Scalar>, prediction shape: [Int]) {
    self.shape = shape
    numbers = .values(target.reals)
  }
}

extension Loss {
  /// The sums of the weighted values and of the weights, from which a mean over several batches is computed.
  func totals(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, _ weights: Tensor<Scalar>?, name: String
  ) throws(EvaluationError) -> (sum: Double, weight: Double) {
    let evaluation = try Evaluation(reduced(by: .sum), prediction, target, weights)
    return (evaluation.reduced(try evaluation.values()), evaluation.weight)
  }
}
