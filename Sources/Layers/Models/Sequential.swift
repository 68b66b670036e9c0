public import Tensor

/// A model of layers one after another.
///
/// ```swift
/// var model = Sequential<Float> {
///   Input(64)
///   Dense(128, activation: .selu, kernelInitializer: .lecunNormal)
///   AlphaDropout(0.05)
///   Dense(10, activation: .softmax)
/// }
/// model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
/// let history = try model.fit(images, labels, epochs: 20, using: &generator)
/// ```
///
/// `Input` is optional: without it, the model is built for the first tensor that it is trained with.
public typealias Sequential<Scalar: RealScalar> = Model<Scalar>

extension Model {
  /// Creates a model without layers; use `add` to add them.
  public init() { self.init(Graph(inputCount: 1), .sequential) }

  /// Creates a model from the layers between the braces, which may include conditions and loops.
  /// - Precondition: an `Input` is the first element.
  public init(@LayerBuilder<Scalar> _ layers: () -> [LayerBuilder<Scalar>.Part]) {
    self.init()
    for (index, part) in layers().enumerated() {
      switch part {
      case .input(let input):
        require(index == 0, "Sequential: an Input is the first part, not number \(index)")
        graph.declaredShapes = [input.shape]
        graph.nameInputs([input.name])
      case .stage(let stage): add(stage)
      }
    }
  }

  /// Creates a model from an array of layers.
  public init(_ layers: [any Layer<Scalar>]) {
    self.init()
    for layer in layers { add(layer) }
  }

  /// Appends a layer.
  /// - Precondition: the model is a ``Sequential``, as for all functions that add or remove layers.
  public mutating func add(_ layer: some Layer<Scalar>) { add(Stage(layer)) }

  /// Appends a layer with a name, or a frozen layer.
  public mutating func add(_ stage: Stage<Scalar>) {
    requireSequential()
    let last = graph.outputs[0]
    _ = graph.use(graph.add(stage), [last])
  }

  /// Removes and returns the last layer.
  /// - Precondition: the model has a layer.
  @discardableResult
  public mutating func removeLast() -> Stage<Scalar> {
    requireSequential()
    require(!stages.isEmpty, "Sequential: there is no layer to remove")
    return graph.removeLast()
  }

  private func requireSequential() {
    require(form == .sequential, "Functional: layers are added to a Sequential; create a new model instead")
  }
}
