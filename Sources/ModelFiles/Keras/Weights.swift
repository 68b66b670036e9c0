internal import KerasFormat
public import Layers
public import Tensor

extension Model {
  /// Writes only the weights; the extension determines the format:
  ///
  /// | extension | |
  /// | --- | --- |
  /// | `.weights.h5` | Keras 3's groups, which `load_weights` reads |
  /// | `.safetensors`, `.npz` | under the names of layers and weights: `hidden1.kernel` |
  ///
  /// ```swift
  /// let network = try Sequential<Float>(contentsOf: "Examples/digits/digits_snn.keras")
  /// try network.writeWeights(to: "network.weights.h5")
  /// try network.writeWeights(to: "network.safetensors", as: .bfloat16)
  /// ```
  /// - Parameter path: the file's path; its extension determines the format.
  /// - Parameter type: the type of the weights in the file; by default, that of `Scalar`.
  /// - Throws: ``ModelFileError`` for another extension, for a model that is not built, and if the system refuses. An
  ///   existing file is then unchanged.
  public func writeWeights(to path: String, as type: StoredType? = nil) throws(ModelFileError) {
    try requireBuilt(path)
    if path.hasSuffix(".weights.h5") {
      try writeFile(HDF5Writer.bytes(weightTree(type, withOptimizer: false), file: path), to: path)
      return
    }
    let named = namedWeights.map { NamedTensor($0.name, StoredTensor(AnyTensor($0.value), as: type)) }
    switch FileFormat(extensionOf: path) {
    case .safetensors: try SafetensorsFile.write(named, to: path)
    case .npz: try NPZFile.write(named, to: path)
    case .npy, .keras, .hdf5, nil:
      throw ModelFileError(
        kind: .unsupported, file: path,
        expected: "a path that ends with .weights.h5, .safetensors or .npz (a whole model: write(to:) with .keras)",
        found: "another")
    }
  }

  /// Reads the weights from a file of a model like this one: `.weights.h5`, `.keras`, `.h5` with a whole model or
  /// weights, `.weights.json` with its parts, `.safetensors` or `.npz` from ``writeWeights(to:as:)``. The format is
  /// recognised by the content.
  ///
  /// ```swift
  /// var network = try Sequential<Float>(contentsOf: "Examples/digits/digits_snn.keras")
  /// try network.readWeights(from: "Examples/digits/digits_snn.weights.h5")
  /// ```
  /// A model that starts with an `Input` need not be built.
  /// - Throws: ``ModelFileError`` if layers, or numbers or shapes of weights, differ; nothing is changed then.
  public mutating func readWeights(from path: String) throws(ModelFileError) {
    try StoredWeights(path: path).read(into: &self, dialect: nil)
  }
}
