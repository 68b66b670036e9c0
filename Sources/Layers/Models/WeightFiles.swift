internal import FoundationEssentials
public import Tensor

// The weights of a model as a folder of .npy files, one for each weight: hidden1.kernel.npy.

extension Model {
  /// The weights, named after their layers: `hidden1.kernel`, or `encoder.hidden1.kernel` in nested models.
  public var namedWeights: [(name: String, value: Tensor<Scalar>)] {
    graph.stages.flatMap { stage -> [(name: String, value: Tensor<Scalar>)] in
      if let model = stage.layer as? Model<Scalar> {
        return model.namedWeights.map { ("\(stage.name).\($0.name)", $0.value) }
      }
      return stage.layer.weights.map { ("\(stage.name).\($0.path.replacing("/", with: "."))", $0.value) }
    }
  }

  /// Sets the weights, in the order of ``namedWeights``.
  /// - Throws: ``LayerError/weights(layer:expected:found:)`` if names or shapes differ; nothing is changed then.
  public mutating func setWeights(_ values: [(name: String, value: Tensor<Scalar>)]) throws {
    let own = namedWeights
    func list(_ weights: [(name: String, value: Tensor<Scalar>)]) -> String {
      weights.map { "\($0.name) \($0.value.shape)" }.joined(separator: ", ")
    }
    guard own.count == values.count,
      zip(own, values).allSatisfy({ $0.name.isExactly($1.name) && $0.value.shape == $1.value.shape })
    else { throw LayerError.weights(layer: className, expected: list(own), found: list(values)) }
    var index = 0
    forEachWeight { weight in
      weight.value = values[index].value
      index += 1
    }
  }

  /// Writes each weight to a .npy file in a folder, which is created if it does not exist.
  /// - Precondition: the model is built.
  public func writeWeights(toFolder folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, value) in namedWeights { try value.write(to: "\(folder)/\(name).npy") }
  }

  /// Reads the files of ``writeWeights(toFolder:)`` into a built model.
  /// - Throws: NumPy file errors, and ``LayerError/weights(layer:expected:found:)`` if a shape differs; nothing is
  ///   changed then.
  public mutating func readWeights(fromFolder folder: String) throws {
    try setWeights(
      namedWeights.map { ($0.name, try Tensor<Scalar>(contentsOf: "\(folder)/\($0.name).npy")) })
  }
}
