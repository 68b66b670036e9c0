internal import KerasFormat
internal import Layers
internal import Tensor

/// Weights in the format of Keras 3 and TF-Keras 2.12 or later: groups named after the kinds of layers, in one file or
/// in several.
struct WeightTree {
  /// The name in errors.
  let path: String
  /// The groups by path, in any spelling.
  private let groups: [ExactName: Group]

  private struct Group {
    /// The names of the groups in it.
    var groups: [String] = []
    /// The variables, whose names are numbers.
    var variables: [Int: (file: HDF5File, name: String)] = [:]
  }

  init(_ file: HDF5File) { self.init(path: file.path, shards: [file]) }

  /// - Parameter path: the path of the index file.
  init(path: String, shards: [HDF5File]) {
    self.path = path
    var groups: [ExactName: Group] = [ExactName(""): Group()]
    func add(_ path: String) {
      if groups[ExactName(path)] != nil { return }
      groups[ExactName(path)] = Group()
      let (parent, name) = path.splitAtLastSlash
      add(parent)
      groups[ExactName(parent)]!.groups.append(name)
    }
    for file in shards {
      for (key, content) in file.groups {
        let name = key.text
        let path = name.withoutBackslashes
        add(path)
        for dataset in content.datasets {
          guard let index = Int(dataset), "\(index)" == dataset else { continue }
          groups[ExactName(path)]!.variables[index] = (file, name.isEmpty ? dataset : "\(name)/\(dataset)")
        }
      }
    }
    self.groups = groups
  }

  private static let layers = "layers"
  /// The names of layers in TF-Keras 2.12 and 2.13.
  private static let olderLayers = "_layer_checkpoint_dependencies"

  /// Whether there are weights of layers.
  var hasWeights: Bool {
    groups.contains { path, group in
      !group.variables.isEmpty && [Self.layers, Self.olderLayers].contains { path.text.hasPrefix("\($0)/") }
    }
  }

  /// The variables of a group, by number.
  private func variables(_ group: String) -> [Int: (file: HDF5File, name: String)]? {
    place(of: group).flatMap { groups[ExactName($0)]?.variables }
  }

  /// The place of a group in these files.
  private func place(of group: String) -> String? {
    var path = ""
    var isAmongOlderLayers = false
    for part in group.parts(between: "/") {
      let children = groups[ExactName(path)]?.groups ?? []
      var name: String? = String(part)
      if isAmongOlderLayers {
        // Layers with weights were counted twice; their order identifies them.
        let kind = NumberedName(part)
        let same = children.map(NumberedName.init).filter { $0.name.isExactly(kind.name) }
        name = same.sorted { $0.number < $1.number }.dropFirst(kind.number).first?.whole
      } else if part == Self.layers, !children.contains(Self.layers) {
        name = Self.olderLayers
      }
      guard let name, children.contains(where: { $0.isExactly(name) }) else { return nil }
      isAmongOlderLayers = name == Self.olderLayers
      path += path.isEmpty ? name : "/\(name)"
    }
    return path
  }

  /// The values of a model's weights, in the order of `forEachWeight`; `nil` for those that Keras had not created.
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
    while !parent.isEmpty {
      parent = parent.splitAtLastSlash.parent
      guard let found = self.place(of: parent), let names = groups[ExactName(found)]?.groups.sortedNaturally() else {
        continue
      }
      let inside = found.isEmpty ? "" : " in /\(found)"
      return missing(place, names.isEmpty ? "nothing\(inside)" : "\(names.listed)\(inside)")
    }
    return missing(place, "nothing")
  }

  /// The optimizer's variables; empty if there are none.
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
        result.iteration = try file.iteration(name)
      } else {
        if index == 1, file.dataset(name)?.shape == [] {
          result.learningRate = try file.scalar(name, as: Double.self, for: "learning rate")
        }
        result.values.append(try file.tensor(name, converting: true))
      }
    }
    return result
  }
}

/// The parts of `dense_2`.
private struct NumberedName {
  let whole: String
  let name: Substring
  /// 0 for the first.
  let number: Int

  init(_ whole: some StringProtocol) {
    self.whole = String(whole)
    if let underscore = self.whole.lastIndex(of: "_"),
      let number = Int(self.whole[self.whole.index(after: underscore)...])
    {
      (name, self.number) = (self.whole[..<underscore], max(number, 0))
    } else {
      (name, number) = (self.whole[...], 0)
    }
  }
}

extension String {
  /// The parts before and after the last slash.
  fileprivate var splitAtLastSlash: (parent: String, name: String) {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", self) }
    return (String(self[..<slash]), String(self[index(after: slash)...]))
  }

  /// A path written by Keras on Windows, `layers\dense`, with slashes; a path with more parts than a model has is not
  /// changed.
  fileprivate var withoutBackslashes: String {
    let count = utf8.count { $0 == UInt8(ascii: "\\") }
    guard 1...200 ~= count else { return self }
    return String(decoding: utf8.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }, as: UTF8.self)
  }
}

extension HDF5File {
  /// The number of an optimizer's steps: an integer, or, in Keras 1, a real number.
  func iteration(_ name: String) throws(ModelFileError) -> Int {
    let number = try scalar(name, as: Double.self, for: "iteration")
    guard let iteration = Int(exactly: number) else {
      throw error(.mismatch, name, expected: "the number of steps as iteration", found: "\(number)")
    }
    return iteration
  }

  func scalar<Scalar: TensorScalar>(
    _ name: String, as: Scalar.Type, for owner: String
  ) throws(ModelFileError) -> Scalar {
    let tensor: Tensor<Scalar> = try tensor(name, shape: [], for: owner)
    return tensor.scalar
  }

  /// A tensor of a shape, of any element type.
  func tensor<Scalar: TensorScalar>(
    _ name: String, shape: [Int], for owner: String
  ) throws(ModelFileError) -> Tensor<Scalar> {
    // Checked before elements are read, because a shape may be large.
    if let found = dataset(name)?.shape, found != shape {
      throw error(.mismatch, name, expected: "the shape \(shape) for the \(owner)", found: "\(found)")
    }
    return try tensor(name, converting: true)
  }
}

extension [String] {
  /// The first of many names.
  var listed: String {
    prefix(20).map { $0.shortened(to: 60) }.joined(separator: ", ") + (count > 20 ? ", …" : "")
  }
}
