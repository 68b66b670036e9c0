public import Tensor

/// Layers one after another.
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
/// `Input` may be left out: the model is then built by the first tensor that it is trained with.
public typealias Sequential<Scalar: RealScalar> = Model<Scalar>

extension Model {
  /// No layer yet; `add` adds them.
  public init() { self.init(Graph(inputCount: 1), .sequential) }

  /// The layers that stand between the braces, with conditions and loops. Traps where an `Input` is not the first part.
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

  /// The layers of a list.
  public init(_ layers: [any Layer<Scalar>]) {
    self.init()
    for layer in layers { add(layer) }
  }

  /// Adds a layer behind the others. Traps for a model that is not ``Sequential``, as the other ways to add and remove layers do.
  public mutating func add(_ layer: some Layer<Scalar>) { add(Stage(layer)) }

  /// Adds a layer under a name, or frozen, behind the others.
  public mutating func add(_ stage: Stage<Scalar>) {
    requireSequential()
    let last = graph.outputs[0]
    _ = graph.use(graph.add(stage), [last])
  }

  /// Removes the last layer and returns it. Traps where there is none.
  @discardableResult
  public mutating func removeLast() -> Stage<Scalar> {
    requireSequential()
    require(!stages.isEmpty, "Sequential: there is no layer to remove")
    return graph.removeLast()
  }

  private func requireSequential() {
    require(form == .sequential, "Functional: layers are added to a Sequential; here, write the model down anew")
  }
}
