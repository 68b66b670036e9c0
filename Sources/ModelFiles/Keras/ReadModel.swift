public import KerasFormat
public import Layers
public import Tensor

/// Reads a model from a file, with its weights: `.keras`, or a whole-model `.h5` file, of Keras 2 or 3.
///
/// ```swift
/// let model = try readModel(from: "Examples/digits/digits_snn.keras", as: Double.self)
/// ```
///
/// The format is recognised by the file's content, not its name. Where Keras 2 and 3 give the same name different
/// meanings, such as `hard_sigmoid`, the version that wrote the file decides. Files of Keras 1 may lack the version;
/// others are rejected without it. Layers of Keras 1 are read if Keras 2 still has them. Weights of any type are
/// converted to `Scalar`, in which everything is computed. Weights that Keras had not created yet, such as those of a
/// `PReLU` as `activation=` before the model's first call, are initialised by their initializers, as in Keras.
/// - Parameters:
///   - path: the file's path.
///   - as: the type in which the model computes.
///   - registry: custom layers, activations and other values, by their names in the file.
///   - compile: whether loss, metrics and optimizer are read too, so that training continues where it stopped. Parts
///     without a counterpart are ignored, and described in the model's `notes`.
/// - Returns: a ``/Layers/Sequential`` or a ``/Layers/Functional`` model.
/// - Throws: ``ModelFileError`` with the place in the file, what was expected and what was found; also if one sample of
///   a layer's output would not fit in the machine's memory.
/// - Complexity: memory for twice the file and once the weights.
public func readModel<Scalar: RealScalar>(
  from path: String, as: Scalar.Type, registry: LayerRegistry<Scalar> = LayerRegistry(),
  compile: Bool = true
) throws(ModelFileError) -> Model<Scalar> {
  try StoredModel(FileBytes(path: path)).model(registry: registry, compile: compile)
}

/// The layers and functions of a model in a file that are not known here; `nil` if all are.
package func unknownLayers(inModel path: String) throws(ModelFileError) -> UnknownLayers? {
  try StoredModel(FileBytes(path: path)).unknownLayers()
}

/// Reads a model from a file, computing in Float; see ``readModel(from:as:registry:compile:)``.
///
/// ```swift
/// let model = try readModel(from: "Examples/digits/digits_snn.keras")
/// let probabilities = try model.predict(testImages)
/// ```
public func readModel(
  from path: String, registry: LayerRegistry<Float> = LayerRegistry(), compile: Bool = true
) throws(ModelFileError) -> Model<Float> {
  try readModel(from: path, as: Float.self, registry: registry, compile: compile)
}

/// Reads a model from the bytes of a file; see ``readModel(from:as:registry:compile:)``.
/// - Parameter bytes: the whole file.
/// - Parameter name: the name of the bytes in errors.
/// - Parameter as: the type in which the model computes.
/// - Parameter registry: custom layers, activations and other values.
/// - Parameter compile: whether loss, metrics and optimizer are read too.
public func readModel<Scalar: RealScalar>(
  bytes: [UInt8], name: String, as: Scalar.Type, registry: LayerRegistry<Scalar> = LayerRegistry(),
  compile: Bool = true
) throws(ModelFileError) -> Model<Scalar> {
  try StoredModel(FileBytes(bytes: bytes, name: name)).model(registry: registry, compile: compile)
}

extension Model {
  /// Reads a model from a file; see ``readModel(from:as:registry:compile:)``.
  ///
  /// ```swift
  /// let network = try Model<Float>(contentsOf: "Examples/digits/digits_snn.keras")
  /// ```
  /// - Throws: ``ModelFileError``.
  public init(
    contentsOf path: String, registry: LayerRegistry<Scalar> = LayerRegistry(), compile: Bool = true
  ) throws(ModelFileError) {
    self = try readModel(from: path, as: Scalar.self, registry: registry, compile: compile)
  }
}
