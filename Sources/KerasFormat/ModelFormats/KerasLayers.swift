import Activations
import Layers
import Tensor

extension Model {
  /// The model in terms of Keras 3's layers: one layer here may become several, one after another. It computes the
  /// same, and its weights are the same in the same order.
  package var inKeras: Self {
    var model = self
    model.graph = graph.inKeras
    return model
  }
}

extension Graph {
  fileprivate var inKeras: Graph {
    var result = Graph(inputCount: inputCount)
    var all: [Stage<Scalar>] = []
    var places: [Range<Int>] = []
    for stage in stages {
      let start = all.count
      for layer in layersOfKeras(stage.layer) {
        all.append(Stage(layer, name: all.count == start ? stage.name : "", isTrainable: stage.isTrainable))
      }
      all[all.count - 1].activityRegularizer = stage.activityRegularizer
      places.append(start..<all.count)
    }
    result.add(contentsOf: all)
    var tensors = Array(0..<inputCount)
    for node in nodes {
      let (place, inputs) = (places[node.stage], node.inputs.map { tensors[$0] })
      if place.count == 1 {
        let first = result.use(place.lowerBound, inputs, outputCount: node.outputs.count)
        tensors += first..<first + node.outputs.count
      } else {
        tensors.append(place.reduce(inputs) { [result.use($1, $0)] }[0])
      }
    }
    result.setOutputs(outputs.map { tensors[$0] })
    result.declaredShapes = declaredShapes
    result.inputShapes = inputShapes
    result.name = name
    result.inputNames = inputNames
    result.outputNames = outputNames
    return result
  }

  private func layersOfKeras(_ layer: any Layer<Scalar>) -> [any Layer<Scalar>] {
    if let layer = layer as? any ConfigurableLayer<Scalar> { return layer.layersOfKeras }
    guard let both = layer as? ActivatedLayer<Scalar> else { return [layer] }
    let (layers, activations) = (layersOfKeras(both.layer), layersOfKeras(both.activation))
    let takesActivation =
      (layers[0] as? any ConfigurableLayer<Scalar>)?
      .layerParameters["activation"] == Activation<Scalar>.linear.configuration
    guard layers.count == 1, activations.count == 1, takesActivation else { return layers + activations }
    return [ActivatedLayer(layers[0], activation: activations[0])]
  }
}
