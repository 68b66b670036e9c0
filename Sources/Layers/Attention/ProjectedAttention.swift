package import Tensor

/// What ``MultiHeadAttention`` and ``GroupQueryAttention`` compute: attention between projections of the inputs, several
/// heads of them, and a projection of the result.
package struct ProjectedAttention<Scalar: RealScalar>: Sendable {
  package internal(set) var query: EinsumDense<Scalar>
  var key, value: EinsumDense<Scalar>
  var gate: EinsumDense<Scalar>?
  /// Made when the layer is built if its units are the queries'.
  var output: EinsumDense<Scalar>?
  let heads, keyHeads, size, valueSize: Int
  let dropout: Double
  let window: Int?
  /// The axes of samples, numbered from the batch axis, along which queries look at keys; `nil` for all.
  let axes: [Int]?
  let outputShape: [Int]?
  package let activityRegularizer: Regularizer<Scalar>?

  /// The parts in Keras's order.
  var parts: [(name: String, layer: EinsumDense<Scalar>)] {
    [("query", query), ("key", key)] + (gate.map { [("gate", $0)] } ?? []) + [("value", value)]
      + (output.map { [("attention_output", $0)] } ?? [])
  }

  var isBuilt: Bool { output != nil && parts.allSatisfy { $0.layer.isBuilt } }

  mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try query.forEachWeight(in: "query", body)
    try key.forEachWeight(in: "key", body)
    if gate != nil { try gate!.forEachWeight(in: "gate", body) }
    try value.forEachWeight(in: "value", body)
    if output != nil { try output!.forEachWeight(in: "attention_output", body) }
  }

  mutating func build(_ shapes: [[Int]], using generator: inout PhiloxGenerator) throws {
    let (queryShape, valueShape) = (shapes[0], shapes[1])
    try query.build(inputShape: queryShape, using: &generator)
    try key.build(inputShape: shapes.count > 2 ? shapes[2] : valueShape, using: &generator)
    try gate?.build(inputShape: queryShape, using: &generator)
    try value.build(inputShape: valueShape, using: &generator)
    let units = outputShape ?? [queryShape[queryShape.count - 1]]
    let letters = "cdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".prefix(units.count)
    output = .projection(
      "...ab,ab\(letters)->...\(letters)", units, biasAxes: query.biasWeight == nil ? nil : String(letters),
      like: query)
    try output!.build(inputShape: queryShape.dropLast() + [heads, valueSize], using: &generator)
  }

  // MARK: Shapes

  /// The axes of samples, numbered from 0, along which queries look at keys, and the others.
  func axes(_ rank: Int) -> (attended: [Int], others: [Int])? {
    let all = Array(0..<rank - 1)
    guard let axes else { return (all, []) }
    let attended = axes.map { $0 < 0 ? $0 + rank : $0 - 1 }
    guard attended.allSatisfy(all.contains), Set(attended).count == attended.count, !attended.isEmpty else {
      return nil
    }
    return (attended, all.filter { !attended.contains($0) })
  }

  /// The shapes of the outputs for those of queries, values and, if they are given, keys.
  /// - Parameter mask: the shape of the input that says which keys each query sees.
  func checkedShapes(_ shapes: [[Int]], mask: [Int]?, _ layer: some AttentionLayer<Scalar>) throws -> [[Int]] {
    let (query, value) = (shapes[0], shapes[1])
    let key = shapes.count > 2 ? shapes[2] : value
    guard query.count >= 2, value.count == query.count, key.dropLast() == value.dropLast(),
      let (attended, others) = axes(query.count), others.allSatisfy({ query[$0] == value[$0] })
    else {
      let along = axes.map { ", attended along \($0)" } ?? ""
      throw layer.incompatible(
        "[batch, queries, features], [batch, keys, features] and, for keys, the values' axes before the last\(along)",
        shapes)
    }
    if let mask, attended.count > 1 || !others.isEmpty || mask != [query[attended[0]], value[attended[0]]] {
      throw layer.incompatible(
        "a mask [batch, queries, keys] of attention along one axis behind the batch's", shapes + [mask])
    }
    for (part, shape) in [(self.query, query), (self.key, key), (self.value, value)] {
      _ = try part.outputShape(for: shape)
    }
    let output = query.dropLast() + (outputShape ?? query.suffix(1))
    return layer.returnAttentionScores ? [output, scoreShape(query: query, value: value)] : [output]
  }

  private func scoreShape(query: [Int], value: [Int]) -> [Int] {
    let (attended, others) = axes(query.count)!
    return others.map { query[$0] } + [heads] + attended.map { query[$0] } + attended.map { value[$0] }
  }

  // MARK: Computation

  /// - Parameter inputs: queries, values and, if they are given, keys.
  /// - Parameter mask: the input that says which keys each query sees.
  func call(
    _ inputs: [Traced<Scalar>], mask: Traced<Scalar>?, _ layer: some AttentionLayer<Scalar>
  ) throws -> [Traced<Scalar>] {
    let (query, value) = (inputs[0], inputs[1])
    let key = inputs.count > 2 ? inputs[2] : value
    let (attended, others) = axes(query.shape.count)!
    var masks = try layer.masks(inputs, usesKeyMask: true)
    masks.pairs = try mask?.isNonzero
    if !masks.kinds.isEmpty, attended.count > 1 || !others.isEmpty {
      throw layer.incompatible("inputs without masks, as attention is not along one axis alone", inputs.map(\.shape))
    }
    var projections = try projections(query, key, value)
    for index in projections.indices {
      let shape = projections[index].shape
      let order = others + attended + [shape.count - 2, shape.count - 1]
      if order != Array(shape.indices) { projections[index] = try projections[index].permuted(order) }
      let steps = attended.reduce(1) { $0 * shape[$1] }
      projections[index] = try projections[index].reshaped(others.map { shape[$0] } + [steps] + shape.suffix(2))
    }
    let rule = AttentionRule(scale: 1 / Double(size).squareRoot(), isCausal: layer.useCausalMask, window: window)
    var (result, scores) = try attention(projections, rule, masks, returnsScores: layer.returnAttentionScores)
    let places = others + attended
    result = try result.reshaped(places.map { query.shape[$0] } + [heads, valueSize])
    let order = places.indices.map { places.firstIndex(of: $0)! } + [places.count, places.count + 1]
    if order != Array(result.shape.indices) { result = try result.permuted(order) }
    if let gate {
      let factor = try query.projected(by: gate).activated(by: .sigmoid).penalized(by: activityRegularizer)
      result = try result * factor
    }
    let output = try result.projected(by: self.output!, contracting: 2).penalized(by: activityRegularizer)
      .with(mask: query.mask)
    guard let scores else { return [output] }
    return [output, try scores.reshaped(scoreShape(query: query.shape, value: value.shape))]
  }

  private func projections(
    _ query: Traced<Scalar>, _ key: Traced<Scalar>, _ value: Traced<Scalar>
  ) throws -> [Traced<Scalar>] {
    let isJoint = query.value.slot == key.value.slot && key.value.slot == value.value.slot
    if isJoint, !query.value.recorder.isDifferentiated, !query.hasLoss || activityRegularizer == nil {
      let kernels = [self.query, self.key, self.value].flatMap { [$0.kernelWeight, $0.biasWeight].compactMap { $0 } }
      return try query.results(of: JointProjectionOperation(hasBias: self.query.biasWeight != nil), kernels)
    }
    return try [(query, self.query), (key, self.key), (value, self.value)].map {
      try $0.projected(by: $1).penalized(by: activityRegularizer)
    }
  }

  /// Attention between [others…, steps, heads, size], and the scores if they are an output.
  private func attention(
    _ projections: [Traced<Scalar>], _ rule: AttentionRule, _ masks: AttentionMasks<Scalar>, returnsScores: Bool
  ) throws -> (result: Traced<Scalar>, scores: Traced<Scalar>?) {
    let (query, key, value) = (projections[0], projections[1], projections[2])
    // Queries without any key have the probability 0 for all of them where there is dropout, in inference too, as in Keras.
    guard returnsScores || (dropout > 0 && (query.isTraining || !masks.operands.isEmpty)) else {
      let operation = AttentionOperation<Scalar>(rule: rule, masks: masks.kinds)
      return (try query.results(of: operation, [key, value] + masks.operands)[0], nil)
    }
    // One axis a for the others, heads of keys k, and the heads of queries g that share one.
    let outer = query.shape.dropLast(3).reduce(1, *)
    let (queries, keys, group) = (query.shape[query.shape.count - 3], key.shape[key.shape.count - 3], heads / keyHeads)
    let scaled = try (query * Scalar(rule.scale)).reshaped([outer, queries, keyHeads, group, size])
    let products = try scaled.einsum("batkgd,baskd->bakgts", key.reshaped([outer, keys, keyHeads, size]))
    let scores = try products.reshaped([outer, heads, queries, keys]).probabilities(rule, masks)
    let kept = try scores.afterDropout(dropout).reshaped([outer, keyHeads, group, queries, keys])
    let result = try kept.einsum("bakgts,baskd->batkgd", value.reshaped([outer, keys, keyHeads, valueSize]))
    return (result, returnsScores ? scores : nil)
  }
}

extension EinsumDense {
  /// A projection of the last axes with the initializers, regularizers and constraints of another.
  static func projection(
    _ equation: String, _ units: [Int], biasAxes: String?, like other: EinsumDense
  ) -> EinsumDense {
    let (kernel, bias) = (other.kernelWeight, other.biasWeight)
    return EinsumDense(
      equation, outputShape: units, biasAxes: biasAxes, kernelInitializer: kernel.initializer,
      biasInitializer: bias?.initializer ?? .zeros, kernelRegularizer: kernel.regularizer,
      biasRegularizer: bias?.regularizer, kernelConstraint: kernel.constraint, biasConstraint: bias?.constraint)
  }

  /// A projection of the last axis into heads.
  func intoHeads(_ count: Int, size: Int) -> EinsumDense {
    .projection("...a,abc->...bc", [count, size], biasAxes: biasWeight == nil ? nil : "bc", like: self)
  }
}

extension Traced {
  /// The product of the last axes with a projection's kernel, and its bias.
  func projected(by projection: EinsumDense<Scalar>, contracting count: Int = 1) throws -> Traced {
    let operation = LinearOperation(ProjectionMap<Scalar>(contracted: count))
    guard let bias = projection.biasWeight else { return try applying(operation, projection.kernelWeight) }
    return try applying(operation, projection.kernelWeight, bias)
  }
}
