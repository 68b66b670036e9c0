public import Tensor

/// Normalises inputs to mean 0 and variance 1 with a mean and a variance that are given or computed from data, not
/// trained: `(x - mean) / max(√variance, 1e-7)`; inverted, `x · max(√variance, 1e-7) + mean`. Shapes do not change.
///
/// ```swift
/// var normalization = Normalization<Float>()
/// try normalization.adapt(to: images)
/// ```
public struct Normalization<Scalar: RealScalar>: Layer {
  /// The axes along which each position has a mean and a variance, numbered from the batch axis, which is 0; negative
  /// numbers count from the last axis. Without axes, there is one mean and one variance.
  public let axes: [Int]
  /// Whether the layer inverts the normalisation.
  public let invert: Bool
  /// The given statistics, or `nil` if they are weights.
  package let given: (mean: Tensor<Scalar>, variance: Tensor<Scalar>)?
  /// The statistics of the data; weights of the layer if none are given.
  private var learnt = Statistics()

  private struct Statistics {
    var mean = Weight<Scalar>("mean", initializer: .zeros, isTrainable: false)
    var variance = Weight<Scalar>("variance", initializer: .ones, isTrainable: false)
    /// Written to Keras's files; nothing reads it.
    var count = Weight<Scalar>("count", initializer: .zeros, isTrainable: false)
  }

  /// Creates a layer with mean 0 and variance 1 until it is adapted.
  /// - Parameter axis: an axis, a list of axes, or `[]` for none; without 0, the batch axis.
  /// - Parameter invert: whether the layer inverts the normalisation.
  public init(axis: some Axes = -1, invert: Bool = false) {
    self.init(axis.listed(for: "Normalization"), nil, invert)
  }

  /// Creates a layer with a given mean and variance.
  /// - Precondition: both have the same shape, which broadcasts to the lengths of the axes.
  public init(axis: some Axes = -1, mean: Tensor<Scalar>, variance: Tensor<Scalar>, invert: Bool = false) {
    self.init(axis.listed(for: "Normalization"), (mean, variance), invert)
    require(
      mean.shape == variance.shape && mean.rank <= axes.count,
      "Normalization: mean and variance have the shapes \(mean.shape) and \(variance.shape); allowed: one shape of at "
        + "most \(axes.count) axes")
  }

  private init(_ axes: [Int], _ given: (Tensor<Scalar>, Tensor<Scalar>)?, _ invert: Bool) {
    requireBehindBatch(axes, "Normalization")
    self.axes = axes
    self.given = given
    self.invert = invert
  }

  /// The mean that is subtracted; empty before ``adapt(to:)``.
  public var mean: Tensor<Scalar> { given?.mean ?? learnt.mean.value }
  /// The variance by whose root the layer divides; empty before ``adapt(to:)``.
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

  /// Computes mean and variance from data: one batch [batch, …].
  /// - Throws: ``LayerError`` if the data do not have the axes, or not those that the layer was built for.
  public mutating func adapt(to data: Tensor<Scalar>) throws { try adapt(toBatches: [data]) }

  /// Computes mean and variance from batches, which are read once.
  /// - Precondition: mean and variance were not given, and there is at least one batch.
  /// - Throws: ``LayerError`` if a batch does not have the axes, or not those that the layer was built for.
  public mutating func adapt(toBatches batches: some Sequence<Tensor<Scalar>>) throws {
    require(
      given == nil, "Normalization: the layer was made with a mean and a variance and does not compute them from data")
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
      // The total variance combines those of the parts and of the parts' means.
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

/// `(x - mean) / deviation`, or, inverted, `x · deviation + mean`. Operands: x and, unless they are given, mean and
/// variance.
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

  /// If there are fewer lengths than axes, they belong to the last axes.
  private func broadcastable(_ x: Tensor<Scalar>, _ rank: Int) -> Tensor<Scalar> {
    x.along(Array(resolvedAxes(axes, rank: rank).suffix(x.rank)), rank: rank)
  }
}
