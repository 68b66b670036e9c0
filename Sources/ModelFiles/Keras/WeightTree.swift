internal import Layers
internal import Tensor

/// Weights as Keras 3 and TF-Keras 2.13 keep them: groups of the kinds of layers, in one file or in several.
struct WeightTree {
  /// What errors name.
  let path: String
  private let files: [HDF5File]

  init(_ file: HDF5File) { (path, files) = (file.path, [file]) }

  /// - Parameter path: that of the list of the files.
  init(path: String, shards: [HDF5File]) { (self.path, files) = (path, shards) }

  /// Whether anything is kept for layers.
  var hasWeights: Bool {
    files.contains { file in
      file.datasets.keys.contains { $0.hasPrefix("layers/") || $0.hasPrefix("_layer_checkpoint_dependencies/") }
    }
  }

  /// The variables of a group, by number.
  private func variables(_ group: String) -> [Int: (file: HDF5File, name: String)]? {
    var result: [Int: (HDF5File, String)]?
    for file in files {
      // TF-Keras 2.12 called the layers so.
      let older = group.replacing("layers", with: "_layer_checkpoint_dependencies")
      for name in [group, older] {
        guard let content = file.groups[name] else { continue }
        var found = result ?? [:]
        for dataset in content.datasets {
          if let index = Int(dataset), "\(index)" == dataset { found[index] = (file, "\(name)/\(dataset)") }
        }
        result = found
        break
      }
    }
    return result
  }

  /// The values of a model's weights, in the order of `forEachWeight`; none for those that Keras had not made.
  func values<Scalar: RealScalar>(_ places: WeightPlaces) throws(ModelFileError) -> [Tensor<Scalar>?] {
    var values: [Tensor<Scalar>?] = []
    var start = 0
    while start < places.all.count {
      let group = places.all[start].group
      var end = start
      while end < places.all.count, places.all[end].group == group { end += 1 }
      let wanted = places.all[start..<end]
      guard let variables = variables(group) else { throw missingGroup(wanted.first!) }
      guard !variables.isEmpty || !wanted.first!.isOfActivation else {
        values += wanted.map { _ in nil }
        start = end
        continue
      }
      guard variables.count == wanted.count else {
        throw ModelFileError(
          kind: .mismatch, file: path, place: "/\(group) (layer \(wanted.first!.layer))",
          expected: "\(wanted.count) weights: \(wanted.map { "\($0.name) \($0.shape)" }.joined(separator: ", "))",
          found: "\(variables.count)")
      }
      for place in wanted {
        guard let variable = variables[place.index] else { throw missing(place, "variables of other numbers") }
        values.append(try variable.file.tensor(variable.name, shape: place.shape, for: place.description))
      }
      start = end
    }
    return values
  }

  private func missing(_ place: WeightPlace, _ found: String) -> ModelFileError {
    ModelFileError(
      kind: .missing, file: path, place: "/\(place.path)", expected: "the \(place.description)", found: found)
  }

  private func missingGroup(_ place: WeightPlace) -> ModelFileError {
    var parent = place.group
    while let slash = parent.lastIndex(of: "/") {
      parent = String(parent[..<slash])
      let names = files.flatMap { $0.groups[parent]?.groups ?? [] }
      if files.contains(where: { $0.groups[parent] != nil }) {
        return missing(place, names.isEmpty ? "nothing in /\(parent)" : "\(names.listed) in /\(parent)")
      }
    }
    return missing(place, "\(files.flatMap { $0.groups[""]?.groups ?? [] }.listed)")
  }

  /// The optimizer's variables; none where nothing is kept.
  func optimizer<Scalar: RealScalar>() throws(ModelFileError) -> OptimizerVariables<Scalar>? {
    let group = "optimizer/vars"
    guard let variables = variables(group), !variables.isEmpty else { return nil }
    var result = OptimizerVariables<Scalar>(file: path, place: "/\(group)")
    for index in 0..<variables.count {
      guard let (file, name) = variables[index] else {
        throw ModelFileError(
          kind: .missing, file: path, place: "/\(group)/\(index)",
          expected: "variables 0 to \(variables.count - 1)", found: "\(variables.keys.sorted())")
      }
      if index == 0 {
        result.iteration = try file.scalar(name, as: Int64.self, for: "iteration")
      } else {
        if index == 1, file.datasets[name]?.shape == [] {
          result.learningRate = try file.scalar(name, as: Double.self, for: "learning rate")
        }
        result.values.append(try file.tensor(name, converting: true))
      }
    }
    return result
  }
}

extension HDF5File {
  func scalar<Scalar: TensorScalar>(
    _ name: String, as: Scalar.Type, for owner: String
  ) throws(ModelFileError) -> Scalar {
    let tensor: Tensor<Scalar> = try tensor(name, shape: [], for: owner)
    return tensor.scalar
  }

  /// A tensor of a shape, whatever the type of its elements.
  func tensor<Scalar: TensorScalar>(
    _ name: String, shape: [Int], for owner: String
  ) throws(ModelFileError) -> Tensor<Scalar> {
    // Before elements are read: a shape may be large.
    if let found = datasets[name]?.shape, found != shape {
      throw error(.mismatch, name, expected: "the shape \(shape) for the \(owner)", found: "\(found)")
    }
    return try tensor(name, converting: true)
  }
}

extension [String] {
  /// The first of many names.
  var listed: String { prefix(20).joined(separator: ", ") + (count > 20 ? ", …" : "") }
}
