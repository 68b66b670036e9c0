internal import KerasFormat
internal import Layers
internal import Tensor

/// Weights in the format of Keras 1 and 2, and of Keras 3 in `.h5`: lists of names, layer by layer, in the order of the
/// weights.
struct LegacyWeights {
  private let file: HDF5File
  var path: String { file.path }
  /// The group of the layers: empty, or `model_weights` in a whole model.
  private let root: String

  /// `nil` if the file has no list of layers.
  init?(_ file: HDF5File) {
    self.file = file
    if file.hasList("layer_names", in: "model_weights") {
      root = "model_weights"
    } else if file.hasList("layer_names", in: "") {
      root = ""
    } else {
      return nil
    }
  }

  /// The values of a model's weights, in the order of `forEachWeight`; `nil` for those that Keras had not created.
  /// Layers are identified by their order, as in Keras.
  func values<Scalar: RealScalar>(_ model: Model<Scalar>) throws(ModelFileError) -> [Tensor<Scalar>?] {
    var stored: [(layer: String, weights: [String])] = []
    for name in try file.list("layer_names", in: root) {
      let group = root.isEmpty ? name : "\(root)/\(name)"
      let weights = try file.list("weight_names", in: group)
      if !weights.isEmpty { stored.append((name, weights.map { "\(group)/\($0)" })) }
    }
    let layers = LegacyLayers(model)
    guard stored.count == layers.all.count else {
      throw error(
        "", expected: "\(layers.all.count) layers with weights: \(layers.all.map(\.name).listed)",
        found: "\(stored.count): \(stored.map(\.layer).listed)")
    }
    var values = [Tensor<Scalar>?](repeating: nil, count: layers.count)
    for (layer, stored) in zip(layers.all, stored) {
      var weights = layer.weights
      if stored.weights.count < weights.count { weights.removeAll(where: \.isOfActivation) }
      guard weights.count == stored.weights.count else {
        throw error(
          stored.layer,
          expected: "\(layer.weights.count) weights of the layer \(layer.name): \(layer.weights.map(\.name).listed)",
          found: "\(stored.weights.count)")
      }
      for (weight, path) in zip(weights, stored.weights) {
        values[weight.position] = try file.tensor(
          path, shape: weight.shape, for: "\(weight.name) of the layer \(layer.name)")
      }
    }
    return values
  }

  /// The optimizer's variables; empty if there are none.
  func optimizer<Scalar: RealScalar>() throws(ModelFileError) -> OptimizerVariables<Scalar>? {
    let group = "optimizer_weights"
    guard file.hasList("weight_names", in: group) else { return nil }
    let paths = try file.list("weight_names", in: group).map { "\(group)/\($0)" }
    guard let first = paths.first else { return nil }
    // "iteration:0" in TF-Keras 2.11 and later, "iteration" in Keras 3; before, "Adam/iter:0", "training/Adam/Variable:0".
    let isLegacy = !["\(group)/iteration", "\(group)/iteration:0"].contains(first)
    var result = OptimizerVariables<Scalar>(file: file.path, place: "/\(group)", order: isLegacy ? .legacy : .keras3)
    // Keras 2.2 and earlier did not save it for all optimizers.
    let hasIteration = file.dataset(first).map { $0.shape == [] } ?? true
    if hasIteration { result.iteration = try file.iteration(first) }
    for path in paths.dropFirst(hasIteration ? 1 : 0) {
      if result.values.isEmpty, file.dataset(path)?.shape == [] {
        result.learningRate = try file.scalar(path, as: Double.self, for: "learning rate")
      }
      result.values.append(try file.tensor(path, converting: true))
    }
    return result
  }

  private func error(_ name: String, expected: String, found: String) -> ModelFileError {
    file.error(.mismatch, root.isEmpty ? name : "\(root)/\(name)", expected: expected, found: found)
  }
}

extension HDF5File {
  func hasList(_ name: String, in group: String) -> Bool {
    let attributes = attributes(of: group)
    return attributes[name] != nil || attributes["\(name)0"] != nil
  }

  /// Reads a list of names, which Keras splits over several attributes if it is long.
  func list(_ name: String, in group: String) throws(ModelFileError) -> [String] {
    let attributes = attributes(of: group)
    var parts: [HDF5Attribute] = []
    if let whole = attributes[name] {
      parts = [whole]
    } else {
      while let part = attributes["\(name)\(parts.count)"] { parts.append(part) }
    }
    var result: [String] = []
    for part in parts {
      guard let texts = part.texts else {
        throw error(.format, group, expected: "a list of texts as \(name)", found: "\(part)")
      }
      result += texts
    }
    guard !parts.isEmpty else {
      throw error(
        .missing, group, expected: "the attribute \(name)",
        found: self.group(group) == nil ? "no such group" : "\(attributes.keys.sorted().listed)")
    }
    for entry in result where entry.parts(between: "/").contains("..") || entry.utf8.first == UInt8(ascii: "/") {
      throw error(.format, group, expected: "names inside the group as \(name)", found: entry)
    }
    return result
  }
}

/// The layers of a model that have weights, in Keras's order.
private struct LegacyLayers {
  struct Entry {
    let name: String
    let shape: [Int]
    /// In the order of `forEachWeight`.
    let position: Int
    /// See ``WeightPlace/isOfActivation``.
    let isOfActivation: Bool
  }

  private(set) var all: [(name: String, weights: [Entry])] = []
  private(set) var count = 0

  init<Scalar: RealScalar>(_ model: Model<Scalar>) {
    let layers = Self.layers(of: model, count: &count)
    all = layers.map { ($0.name, $0.trained + $0.others) }.filter { !$0.1.isEmpty }
  }

  private struct Weights {
    var name = ""
    /// Trained weights precede the others, across all layers of a nested model.
    var trained: [Entry] = []
    var others: [Entry] = []
  }

  private static func layers<Scalar: RealScalar>(of given: Model<Scalar>, count: inout Int) -> [Weights] {
    let model: Model<Scalar> = given.inKeras
    let stages = model.stages.map { stage in
      var weights = self.weights(of: stage.layer, count: &count)
      weights.name = stage.name
      if !stage.isTrainable { (weights.trained, weights.others) = ([], weights.trained + weights.others) }
      return weights
    }
    return model.layersInKerasOrder.compactMap { part in
      if case .stage(let index) = part { stages[index] } else { nil }
    }
  }

  private static func weights<Scalar: RealScalar>(of layer: any Layer<Scalar>, count: inout Int) -> Weights {
    var result = Weights()
    if let model = layer as? Model<Scalar> {
      for layer in layers(of: model, count: &count) {
        result.trained += layer.trained
        result.others += layer.others
      }
      return result
    }
    let ownCount = (layer as? ActivatedLayer<Scalar>)?.layer.weights.count ?? .max
    let areTrained = layer.areTrained(true)
    for (index, weight) in layer.weights.enumerated() {
      let entry = Entry(
        name: weight.name, shape: weight.value.shape, position: count, isOfActivation: index >= ownCount)
      if weight.isTrainable && areTrained[index] { result.trained.append(entry) } else { result.others.append(entry) }
      count += 1
    }
    return result
  }
}
