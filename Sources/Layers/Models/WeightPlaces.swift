import Tensor

extension Model {
  /// Builds the model for the declared input shapes without drawing its weights: each has its shape, and zeros that
  /// take no memory until values are set.
  /// - Throws: ``LayerError/notBuilt(model:reason:)`` if the shapes are not known, and the errors of building.
  package mutating func placeWeights() throws {
    guard graph.inputShapes != nil else { throw LayerError.unknownInput(className) }
    do throws(StageFailure) {
      try graph.placeWeights()
    } catch {
      guard let layerError = error.error as? LayerError, let stage = error.stage else { throw error.error }
      throw layerError.named(stages[stage].name)
    }
  }
}

/// An error thrown by a layer of a model, or, without a layer, by an input.
package struct StageFailure: Error {
  package let stage: Int?
  package let error: any Error
}

extension Graph {
  /// Builds the layers for the declared input shapes, or those that the model was built for.
  package mutating func placeWeights() throws(StageFailure) {
    changeStages { _ in }
    var generator = PhiloxGenerator(seed: 0)
    var shapes = inputShapes!
    do {
      for shape in shapes { try Scalar.requireSampleShape(shape, "Input") }
    } catch {
      throw StageFailure(stage: nil, error: error)
    }
    for node in nodes {
      do {
        let inputs = node.inputs.map { shapes[$0] }
        var results = try outputShapes(of: node, inputs)
        if !stages[node.stage].layer.isBuilt {
          var layer = stages[node.stage].layer
          layer.forEachWeight { $0.initializer = $0.initializer.placeholder }
          try layer.build(inputShapes: inputs, using: &generator)
          layer.requireBuilt(stages[node.stage].title)
          layer.forEachWeight { $0.initializer = $0.initializer.original }
          changeLayer(node.stage) { $0 = layer }
          results = try outputShapes(of: node, inputs)
        }
        shapes += results
      } catch {
        throw StageFailure(stage: node.stage, error: error)
      }
    }
  }

  /// The number of layer computations in the model; a layer counts at each of its places, and so do those inside nested
  /// models.
  package var expandedNodeCount: Int {
    let counts = stages.map { ($0.layer as? Model<Scalar>)?.graph.expandedNodeCount ?? 1 }
    var sum = 0
    for node in nodes {
      let (next, overflow) = sum.addingReportingOverflow(counts[node.stage])
      if overflow { return .max }
      sum = next
    }
    return sum
  }
}
