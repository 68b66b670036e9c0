public import Tensor

/// Brings inputs to mean 0 and variance 1 by a mean and a variance that are given or taken from data, not trained:
/// `(x - mean) / max(√variance, 1e-7)`; inverted, `x · max(√variance, 1e-7) + mean`. Shapes are kept.
///
/// ```swift
/// var normalization = Normalization<Float>()
/// try normalization.adapt(to: images)
/// ```
public struct Normalization<Scalar: RealScalar>: Layer {
  /// The axes whose positions have a mean and a variance each, counted with the batch axis, which is 0; negative ones from
  /// the last. Without any, there is one mean and one variance.
  public let axes: [Int]
  /// Whether normalisation is undone.
  public let invert: Bool
  /// Those given, or none where they are weights.
  package let given: (mean: Tensor<Scalar>, variance: Tensor<Scalar>)?
  /// Those of the data; weights of the layer where none are given.
  private var learnt = Statistics()

  private struct Statistics {
    var mean = Weight<Scalar>("mean", initializer: .zeros, isTrainable: false)
    var variance = Weight<Scalar>("variance", initializer: .ones, isTrainable: false)
    /// In Keras's files; nothing reads it.
    var count = Weight<Scalar>("count", initializer: .zeros, isTrainable: false)
  }

  /// With mean 0 and variance 1 until it is adapted.
  /// - Parameter axis: one, a list, or none: `[]`. Traps for the axis 0.
  /// - Parameter invert: whether the layer undoes the normalisation.
  public init(axis: some Axes = -1, invert: Bool = false) {
    self.init(axis.listed(for: "Normalization"), nil, invert)
  }

  /// With a given mean and variance, of one shape that broadcasts to the lengths of the axes. Traps where the shapes differ or
  /// have more axes.
  public init(axis: some Axes = -1, mean: Tensor<Scalar>, variance: Tensor<Scalar>, invert: Bool = false) {
    self.init(axis.listed(for: "Normalization"), (mean, variance), invert)
    require(
      mean.shape == variance.shape && mean.rank <= axes.count,
      "Normalization: mean and variance have the shapes \(mean.shape) and \(variance.shape), allowed is one shape of at "
        + "most \(axes.count) axes")
  }

  private init(_ axes: [Int], _ given: (Tensor<Scalar>, Tensor<Scalar>)?, _ invert: Bool) {
    requireBehindBatch(axes, "Normalization")
    self.axes = axes
    self.given = given
    self.invert = invert
  }

  /// What is taken off; none before ``adapt(to:)``.
  public var mean: Tensor<Scalar> { given?.mean ?? learnt.mean.value }
  /// Whose root is divided by; none before ``adapt(to:)``.
  public var variance: Tensor<Scalar> { given?.variance ?? learnt.variance.value }

  public var isBuilt: Bool { given != nil || learnt.mean.isBuilt }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let lengths = try axes(axes, of: inputShape).map { inputShape[$0 - 1] }
    if isBuilt && Layout.broadcastLengths(mean.shape, lengths) != lengths {
      throw unexpectedShape("one to which a mean of \(mean.shape) fits along the axes \(axes)", inputShape)
    }
    return inputShape
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    if given != nil { return }
    let lengths = try axes(axes, of: inputShape).map { inputShape[$0 - 1] }
    try learnt.mean.build(lengths, using: &generator)
    try learnt.variance.build(lengths, using: &generator)
    try learnt.count.build([], using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    if given != nil { return }
    try body(&learnt.mean)
    try body(&learnt.variance)
    try body(&learnt.count)
  }

  /// Takes mean and variance from data: one batch [batch, …].
  /// - Throws: ``LayerError`` where the data have not the axes, or others than the layer was built for.
  public mutating func adapt(to data: Tensor<Scalar>) throws { try adapt(toBatches: [data]) }

  /// Takes mean and variance from batches, which are read once. Traps where they are given, and without batches.
  /// - Throws: ``LayerError`` where a batch has not the axes, or others than the layer was built for.
  public mutating func adapt(toBatches batches: some Sequence<Tensor<Scalar>>) throws {
    require(
      given == nil, "Normalization: the layer was made with a mean and a variance and does not take them from data")
    var total: (mean: Tensor<Scalar>, variance: Tensor<Scalar>, count: Double)?
    for batch in batches {
      if !isBuilt {
        var generator = PhiloxGenerator(seed: 0)
        try build(for: batch, using: &generator)
      }
      _ = try outputShape(for: sampleShape(batch.shape))
      let kept = resolvedAxes(axes, rank: batch.rank)
      let reduced = batch.shape.indices.filter { !kept.contains($0) }
      let (mean, variance) = (batch.mean(axis: reduced), batch.variance(axis: reduced))
      let count = Double(reduced.reduce(1) { $0 * batch.shape[$1] })
      guard let before = total else {
        total = (mean, variance, count)
        continue
      }
      let all = before.count + count
      let (old, new) = (Scalar(before.count / all), Scalar(count / all))
      let combined = before.mean * old + mean * new
      // The variance of the whole: of the parts, and of the parts' means.
      let oldPart = (before.variance + (before.mean - combined).squared()) * old
      let newPart = (variance + (mean - combined).squared()) * new
      total = (combined, oldPart + newPart, all)
    }
    guard let total else { trap("Normalization: adapting takes at least one batch") }
    (learnt.mean.value, learnt.variance.value) = (total.mean, total.variance)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let operation = NormalizationOperation(axes: axes, isInverted: invert, given: given)
    return given == nil ? try x.applying(operation, learnt.mean, learnt.variance) : try x.applying(operation)
  }
}

/// `(x - mean) / deviation`, or, inverted, `x · deviation + mean`. Operands: x and, where they are not given, mean and variance.
private struct NormalizationOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void
  let axes: [Int]
  let isInverted: Bool
  let given: (mean: Tensor<Scalar>, variance: Tensor<Scalar>)?

  func forward(_ context: Context<Scalar>) throws {
    let x = context.take(0)
    let mean = broadcastable(given?.mean ?? context.operand(1), x.rank)
    let deviation = deviation(x.rank, context)
    context.give(isInverted ? x * deviation + mean : (x - mean) / deviation)
  }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    let upstream = context.upstream()
    let deviation = deviation(upstream.rank, context)
    context.give(isInverted ? upstream * deviation : upstream / deviation, of: 0)
  }

  private func deviation(_ rank: Int, _ context: Context<Scalar>) -> Tensor<Scalar> {
    .maximum(broadcastable(given?.variance ?? context.operand(2), rank).squareRoot(), Scalar(1e-7))
  }

  /// Fewer lengths than axes belong to the last axes.
  private func broadcastable(_ x: Tensor<Scalar>, _ rank: Int) -> Tensor<Scalar> {
    x.along(Array(resolvedAxes(axes, rank: rank).suffix(x.rank)), rank: rank)
  }
}
