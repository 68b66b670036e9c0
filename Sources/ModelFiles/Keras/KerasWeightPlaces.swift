internal import KerasFormat
internal import Layers
internal import Tensor

/// The place of a model's weight in Keras's files: `layers/dense/vars/0`.
struct WeightPlace {
  /// `layers/dense/vars`
  let group: String
  let index: Int
  /// The layer's name in errors: `hidden1`, or `encoder/hidden1` in a nested model.
  let layer: String
  let name: String
  let shape: [Int]
  /// Whether the weight belongs to a layer that is another one's activation: Keras creates such weights when the layer
  /// is first called, and may have saved the model before.
  let isOfActivation: Bool

  var path: String { "\(group)/\(index)" }
  var description: String { "\(name) of the layer \(layer)" }
}

/// The groups of a model in Keras's files. They are named after the kinds of layers, numbered in Keras's order, rather
/// than after the layers.
struct WeightPlaces {
  /// Every group, with or without weights, and the name of its layer.
  private(set) var groups: [(path: String, name: String)] = []
  /// The names of the layers, with those of the models around them, by their groups: `encoder/words` for
  /// `layers/functional/layers/string_lookup`.
  private(set) var layers: [String: String] = [:]
  /// The places of the weights, in the order of `forEachWeight`.
  private(set) var all: [WeightPlace] = []
  /// The weights that an optimizer changes, in Keras's order, as positions among all trainable weights in this
  /// package's order.
  private(set) var trained: [(position: Int, shape: [Int])] = []
  private var trainableCount = 0

  init<Scalar: RealScalar>(_ model: Model<Scalar>) {
    groups.append(("vars", model.name))
    add(model, path: "", layer: "", isTrainable: true)
  }

  private mutating func add<Scalar: RealScalar>(
    _ given: Model<Scalar>, path: String, layer: String, isTrainable: Bool
  ) {
    let model: Model<Scalar> = given.inKeras
    var used: [ExactName: Int] = [:]
    func unique(_ name: String) -> String {
      defer { used[ExactName(name), default: 0] += 1 }
      return used[ExactName(name)].map { "\(name)_\($0)" } ?? name
    }
    var parts = [Part](repeating: Part(), count: model.stages.count)
    for part in model.layersInKerasOrder {
      switch part {
      case .input(let index):
        groups.append(("\(path)layers/\(unique("input_layer"))/vars", model.inputs[index].name))
      case .stage(let index):
        let stage = model.stages[index]
        // Operations are no layers for Keras.
        if stage.layer is OperationLayer<Scalar> { continue }
        var places = WeightPlaces()
        places.add(
          stage.layer, path: "\(path)layers/\(unique(stage.layer.defaultName))",
          layer: layer.isEmpty ? stage.name : "\(layer)/\(stage.name)", name: stage.name,
          isTrainable: isTrainable && stage.isTrainable)
        groups += places.groups
        layers.merge(places.layers) { first, _ in first }
        parts[index].places = places
      }
    }
    // This package's order for the values, Keras's for trained weights.
    for index in parts.indices {
      parts[index].offset = trainableCount
      trainableCount += parts[index].places.trainableCount
      all += parts[index].places.all
    }
    for case .stage(let index) in model.layersInKerasOrder {
      trained += parts[index].places.trained.map { ($0.position + parts[index].offset, $0.shape) }
    }
  }

  private struct Part {
    var places = WeightPlaces()
    var offset = 0
  }

  private init() {}

  private mutating func add<Scalar: RealScalar>(
    _ layer: any Layer<Scalar>, path: String, layer name: String, name own: String, isTrainable: Bool
  ) {
    groups.append(("\(path)/vars", own))
    layers[path] = name
    if let model = layer as? Model<Scalar> {
      add(model, path: "\(path)/", layer: name, isTrainable: isTrainable)
    } else if let activated = layer as? ActivatedLayer<Scalar> {
      add(activated.layer.weights, path: path, layer: name, isTrainable: isTrainable)
      groups.append(("\(path)/activation/vars", activated.activation.defaultName))
      add(
        activated.activation.weights, path: "\(path)/activation", layer: "\(name)/activation", isTrainable: isTrainable,
        isOfActivation: true)
    } else if let composite = layer as? any CompositeLayer<Scalar> {
      add(composite.ownWeights, path: path, layer: name, isTrainable: isTrainable)
      for part in composite.parts {
        add(
          part.layer, path: "\(path)/\(part.name)", layer: "\(name)/\(part.name)", name: part.name,
          isTrainable: isTrainable && part.isTrainable)
      }
    } else {
      add(layer.weights, path: path, layer: name, isTrainable: isTrainable)
    }
  }

  private mutating func add<Scalar: RealScalar>(
    _ weights: [Weight<Scalar>], path: String, layer: String, isTrainable: Bool, isOfActivation: Bool = false
  ) {
    for (index, weight) in weights.enumerated() {
      all.append(
        WeightPlace(
          group: "\(path)/vars", index: index, layer: layer, name: weight.name, shape: weight.value.shape,
          isOfActivation: isOfActivation))
      if weight.isTrainable {
        if isTrainable { trained.append((trainableCount, weight.value.shape)) }
        trainableCount += 1
      }
    }
  }
}
