import Tensor

extension Model {
  /// Builds the model for the shapes that its inputs declare without drawing its weights: each has its shape, and zeros that take
  /// no memory until values are set.
  /// - Throws: ``LayerError/notBuilt(model:reason:)`` where the shapes are not known, and what building throws.
  package mutating func placeWeights() throws {
    guard graph.inputShapes != nil else { throw LayerError.unknownInput(className) }
    try graph.placeWeights()
  }
}

extension Graph {
  mutating func placeWeights() throws {
    var initializers: [Initializer<Scalar>] = []
    forEachWeight { weight in
      initializers.append(weight.initializer)
      weight.initializer = .placeholder
    }
    var generator = PhiloxGenerator(seed: 0)
    let shapes = inputShapes!
    try build(shapes, using: &generator)
    _ = try self.shapes(for: shapes)  // a layer at several places has been built for the first
    var index = 0
    forEachWeight { weight in
      if index < initializers.count { weight.initializer = initializers[index] }
      index += 1
    }
  }

  /// How many layers compute when the model does; a layer at several places counts at each, and so do those inside models.
  var expandedNodeCount: Int {
    let counts = zip(stages, kinds).map { stage, kind in
      kind == .model ? (stage.layer as! any Model<Scalar>).graph.expandedNodeCount : 1
    }
    var sum = 0
    for node in nodes {
      let (next, overflow) = sum.addingReportingOverflow(counts[node.stage])
      if overflow { return .max }
      sum = next
    }
    return sum
  }
}
