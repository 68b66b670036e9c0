public import Tensor

/// A tensor of a model under construction: a future input, or the future result of a layer.
///
/// ```swift
/// let image = Input<Float>(64)
/// let hidden = Dense(64, activation: .relu)(image)
/// let sum = Add()(hidden, Dense(64)(image))
/// let model = try Functional(inputs: image, outputs: Dense(10, activation: .softmax)(sum))
/// ```
public class Symbol<Scalar: RealScalar> {
  enum Source {
    case input(shape: [Int], name: String)
    case layer(SharedLayer<Scalar>, inputs: [Symbol])
  }

  let source: Source
  /// The index of this tensor among the layer's outputs.
  let index: Int
  private let firstOutput: Symbol?
  /// The first of the layer's outputs.
  var first: Symbol { firstOutput ?? self }

  init(_ source: Source) {
    self.source = source
    index = 0
    firstOutput = nil
  }

  private init(_ first: Symbol, _ index: Int) {
    source = first.source
    firstOutput = first
    self.index = index
  }

  /// Another output of a layer with several: `let both = layer(x)`, `both[0]`, `both[1]`.
  /// - Precondition: this is not an input, and `index` is at least 0.
  public subscript(index: Int) -> Symbol {
    if case .input = source { trap("an Input is one tensor and has no output \(index)") }
    require(index >= 0, "output \(index) of a layer; allowed: numbers of at least 0")
    return index == 0 ? first : Symbol(first, index)
  }
}

/// An input of a model: samples of a shape.
public final class Input<Scalar: RealScalar>: Symbol<Scalar> {
  /// The shape of a sample, without the batch axis.
  public let shape: [Int]

  /// Creates an input of a shape.
  /// - Precondition: all lengths are at least 1.
  public convenience init(shape: [Int]) {
    require(shape.allSatisfy { $0 > 0 }, "Input: the shape is \(shape); allowed: lengths of at least 1")
    self.init(shape, name: "")
  }

  private init(_ shape: [Int], name: String) {
    self.shape = shape
    super.init(.input(shape: shape, name: name))
  }

  /// Creates an input of a shape: `Input(64)`, `Input(28, 28)`.
  public convenience init(_ shape: Int...) { self.init(shape: shape) }

  /// Returns an input of the same shape with a name: `Input<Float>(64).named("left")`.
  ///
  /// Without a name, the model assigns Keras's: `input_layer`, `input_layer_1`.
  public func named(_ name: String) -> Input {
    requireName(name, of: "an input")
    return Input(shape, name: name)
  }

  var name: String {
    guard case .input(_, let name) = source else { return "" }
    return name
  }
}

/// A layer that is used at several places of a model with the same weights.
///
/// ```swift
/// let (first, second) = (Input<Float>(64), Input<Float>(64))
/// let encoder = SharedLayer(Dense<Float>(32, activation: .tanh))
/// let distance = Subtract()(encoder(first), encoder(second))
/// ```
public final class SharedLayer<Scalar: RealScalar> {
  let stage: Stage<Scalar>

  /// Creates a shared layer, whose weights exist once.
  public convenience init(_ layer: any Layer<Scalar>) { self.init(Stage(layer)) }
  /// Creates a shared layer from a layer with a name, or a frozen layer.
  public init(_ stage: Stage<Scalar>) { self.stage = stage }

  /// Applies the layer to a tensor of a model.
  public func callAsFunction(_ x: Symbol<Scalar>) -> Symbol<Scalar> { Symbol(.layer(self, inputs: [x])) }
  /// Applies a merging layer to tensors of a model.
  public func callAsFunction(_ inputs: [Symbol<Scalar>]) -> Symbol<Scalar> { Symbol(.layer(self, inputs: inputs)) }
}

extension Layer {
  /// Applies the layer to a tensor of a model.
  public func callAsFunction(_ x: Symbol<Scalar>) -> Symbol<Scalar> { SharedLayer(Stage(self))(x) }
}

extension Stage {
  /// Applies the layer to a tensor of a model.
  public func callAsFunction(_ x: Symbol<Scalar>) -> Symbol<Scalar> { SharedLayer(self)(x) }
  /// Applies a merging layer to tensors of a model.
  public func callAsFunction(_ inputs: [Symbol<Scalar>]) -> Symbol<Scalar> { SharedLayer(self)(inputs) }
}

extension Merge {
  /// Applies the layer to tensors of a model.
  public func callAsFunction(_ inputs: Symbol<Scalar>...) -> Symbol<Scalar> { SharedLayer(Stage(self))(inputs) }
}

extension Layer {
  /// Applies a layer with several inputs to tensors of a model.
  public func callAsFunction(_ inputs: [Symbol<Scalar>]) -> Symbol<Scalar> { SharedLayer(Stage(self))(inputs) }
}
