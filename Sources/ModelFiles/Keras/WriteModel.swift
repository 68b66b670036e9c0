internal import Glibc
internal import KerasFormat
public import Layers
public import Tensor

extension Model {
  /// Writes the model as a `.keras` file of Keras 3, which Keras can load: layers, weights and, if the model is
  /// compiled, loss, metrics and the optimizer's complete state.
  ///
  /// ```swift
  /// let network = try Sequential<Float>(contentsOf: "Examples/digits/digits_snn.keras")
  /// try network.write(to: "copy.keras")
  /// ```
  /// - Parameter path: the file's path, which ends in `.keras`.
  /// - Parameter type: the type of the weights in the file; by default, that of `Scalar`. float16 and bfloat16 halve
  ///   the size of the file.
  /// - Throws: ``ModelFileError`` for another extension, for a model that is not built, for parts that Keras has no
  ///   name for, and if the system refuses. An existing file is then unchanged.
  /// - Complexity: memory for three times the weights.
  public func write(to path: String, as type: StoredType? = nil) throws(ModelFileError) {
    guard path.hasSuffix(".keras") else {
      throw ModelFileError(
        kind: .unsupported, file: path, expected: "a path that ends with .keras (weights alone: writeWeights)",
        found: "another")
    }
    try ZipWriter.write(members(path, type), to: path, compressed: false)
  }

  /// Returns the bytes of a `.keras` file; see ``write(to:as:)``.
  public func kerasBytes(as type: StoredType? = nil) throws(ModelFileError) -> [UInt8] {
    try ZipWriter.bytes(members("a .keras file", type), name: "a .keras file", compressed: false)
  }

  private func members(
    _ path: String, _ type: StoredType?
  ) throws(ModelFileError) -> [(name: String, content: ZipContent)] {
    try requireBuilt(path)
    let configuration: String
    do {
      configuration = try self.configuration.json
    } catch {
      throw ModelFileError(
        kind: .unsupported, file: path, place: "config.json, \(error.place)",
        expected: "a model that Keras has names for",
        found: "\(error.cause)")
    }
    let metadata = #"{"keras_version": "\#(kerasVersion)", "date_saved": "\#(localTime())"}"#
    let weights = try HDF5Writer.bytes(weightTree(type, withOptimizer: true), file: path)
    return [
      (KerasFile.Member.metadata, ZipContent(Array(metadata.utf8))),
      (KerasFile.Member.configuration, ZipContent(Array(configuration.utf8))),
      (KerasFile.Member.weights, ZipContent(weights)),
    ]
  }

  func requireBuilt(_ path: String) throws(ModelFileError) {
    guard isBuilt else {
      throw ModelFileError(
        kind: .mismatch, file: path, expected: "a model that is built: trained, or by build(using:)",
        found: "a \(className) without weights")
    }
  }

  /// The weights in Keras's groups.
  func weightTree(_ type: StoredType?, withOptimizer: Bool) -> HDF5NewGroup {
    var root = HDF5NewGroup()
    let places = WeightPlaces(self)
    for (path, name) in places.groups { root.at(path) { $0.attributes = ["name": .text(name)] } }
    for (place, weight) in zip(places.all, weights) {
      root.at(place.group) {
        $0.datasets.append(("\(place.index)", StoredTensor(AnyTensor(weight.value), as: type)))
      }
    }
    if withOptimizer, let state = compilation?.optimizer {
      let inner = state.stored(places.trained.map(\.position))
      func add(_ group: String, _ name: String, _ tensors: [StoredTensor]) {
        root.at(group) {
          $0.attributes = ["name": .text(name)]
          for (index, tensor) in tensors.enumerated() { $0.datasets.append(("\(index)", tensor)) }
        }
      }
      let name = snakeCase(state.optimizer.name)
      if let scale = state.storedLossScale {
        // Keras reads the inner optimizer from a separate group.
        add("optimizer/vars", "loss_scale_optimizer", scale + inner)
        add("optimizer/inner_optimizer/vars", name, inner)
      } else {
        add("optimizer/vars", name, inner)
      }
    }
    return root
  }
}

/// The version of Keras in whose format files are written.
private let kerasVersion = "3.15.1"

extension OptimizerState {
  /// The state of Keras's LossScaleOptimizer itself; empty without a dynamic loss scale.
  fileprivate var storedLossScale: [StoredTensor]? {
    guard let dynamicScale else { return nil }
    return [
      AnyTensor(Tensor(Int64(0))), AnyTensor(Tensor(Float(0))), AnyTensor(Tensor(Int64(growthCount))),
      AnyTensor(Tensor(Float(dynamicScale))),
    ].map { StoredTensor($0) }
  }

  /// The values that Keras saves, in its order.
  fileprivate func stored(_ positions: [Int]) -> [StoredTensor] {
    var result = [
      Int32(exactly: iteration).map { AnyTensor(Tensor($0)) } ?? AnyTensor(Tensor(Int64(iteration)))
    ].map { StoredTensor($0) }
    if canSetLearningRate {
      let rate = learningRate
      // Keras saves Float; a number that is not a Float keeps its precision.
      let isFloat = Double(Float(rate)) == rate
      result.append(StoredTensor(isFloat ? AnyTensor(Tensor(Float(rate))) : AnyTensor(Tensor(rate))))
    }
    // Before the first step, there is nothing else.
    guard positions.allSatisfy(hasVariables(at:)) else { return result }
    return result + variables(at: positions).map { StoredTensor(AnyTensor($0.value)) }
  }
}

/// The time in Keras's format: 2026-11-29@11:30:00.
private func localTime() -> String {
  var seconds = time(nil)
  var parts = tm()
  localtime_r(&seconds, &parts)
  return String(unsafeUninitializedCapacity: 32) { bytes in
    bytes.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress!, $0.count, "%Y-%m-%d@%H:%M:%S", &parts) }
  }
}
