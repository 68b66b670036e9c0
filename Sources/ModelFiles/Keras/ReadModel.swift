public import KerasFormat
public import Layers
public import Tensor

/// The model in a file: `.keras`, or a whole-model `.h5` file, of Keras 2 or 3; built, with its weights.
///
/// ```swift
/// let model = try readModel(from: "Examples/digits/digits_snn.keras", as: Double.self)
/// ```
///
/// The file's content decides what it is, not its name. What Keras 2 and 3 mean by the same word, as `hard_sigmoid`, follows
/// the version that wrote the file; files of Keras 1 may lack it, others are refused without. Of Keras 1, those layers are read
/// that Keras 2 still has. Weights of any type become `Scalar`, in which everything is computed. Weights that Keras had not made yet, those of a `PReLU` as `activation=` before
/// the model's first call, begin as their initializers say, as they do in Keras.
/// - Parameters:
///   - path: of the file; its content decides the format.
///   - as: the type that the model computes in.
///   - registry: layers, activations and more of one's own, by their names in the file.
///   - compile: whether loss, metrics and optimizer are read too, so that training goes on where it stopped. What there is no
///     counterpart for is left aside, and told by the model's `notes`.
/// - Returns: a ``/Layers/Sequential`` or a ``/Layers/Functional`` model.
/// - Throws: ``ModelFileError`` with the place in the file, what was expected and what was found; also where one sample of a
///   layer's output would not fit into the machine's memory.
/// - Complexity: memory of twice the file and once the weights.
public func readModel<Scalar: RealScalar>(
  from path: String, as: Scalar.Type, registry: LayerRegistry<Scalar> = LayerRegistry(),
  compile: Bool = true
) throws(ModelFileError) -> Model<Scalar> {
  try StoredModel(FileBytes(path: path)).model(registry: registry, compile: compile)
}

/// The model in a file, computing in Float; see ``readModel(from:as:registry:compile:)``.
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

/// The model in the bytes of a file; see ``readModel(from:as:registry:compile:)``.
/// - Parameter bytes: the whole file.
/// - Parameter name: what errors call the bytes.
/// - Parameter as: the type that the model computes in.
/// - Parameter registry: layers, activations and more of one's own.
/// - Parameter compile: whether loss, metrics and optimizer are read too.
public func readModel<Scalar: RealScalar>(
  bytes: [UInt8], name: String, as: Scalar.Type, registry: LayerRegistry<Scalar> = LayerRegistry(),
  compile: Bool = true
) throws(ModelFileError) -> Model<Scalar> {
  try StoredModel(FileBytes(bytes: bytes, name: name)).model(registry: registry, compile: compile)
}

extension Model {
  /// The model in a file; see ``readModel(from:as:registry:compile:)``.
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
