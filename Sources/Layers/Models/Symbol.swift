public import Tensor

/// A tensor of a model that is being written down: what an input will be, or what a layer will compute.
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
  /// Which of the layer's outputs it is.
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

  /// Another of the outputs of a layer that gives several: `let both = layer(x)`, `both[0]`, `both[1]`. Traps for an input, and for
  /// negative numbers.
  public subscript(index: Int) -> Symbol {
    if case .input = source { trap("an Input is one tensor and has no output \(index)") }
    require(index >= 0, "output \(index) of a layer, allowed are numbers from 0 on")
    return index == 0 ? first : Symbol(first, index)
  }
}

/// What enters a model: samples of a shape.
public final class Input<Scalar: RealScalar>: Symbol<Scalar> {
  /// Without the batch axis.
  public let shape: [Int]

  /// Traps for lengths below 1.
  public convenience init(shape: [Int]) {
    require(shape.allSatisfy { $0 > 0 }, "Input: the shape is \(shape), allowed are lengths from 1 on")
    self.init(shape, name: "")
  }

  private init(_ shape: [Int], name: String) {
    self.shape = shape
    super.init(.input(shape: shape, name: name))
  }

  /// `Input(64)`, `Input(28, 28)`.
  public convenience init(_ shape: Int...) { self.init(shape: shape) }

  /// An input of the same shape under a name of its own in a model: `Input<Float>(64).named("left")`.
  ///
  /// Without one, the model gives it Keras's name: `input_layer`, `input_layer_1`.
  public func named(_ name: String) -> Input {
    requireName(name, of: "an input")
    return Input(shape, name: name)
  }

  var name: String {
    guard case .input(_, let name) = source else { return "" }
    return name
  }
}

/// A layer that stands at several places of a model with the same weights.
///
/// ```swift
/// let (first, second) = (Input<Float>(64), Input<Float>(64))
/// let encoder = SharedLayer(Dense<Float>(32, activation: .tanh))
/// let distance = Subtract()(encoder(first), encoder(second))
/// ```
public final class SharedLayer<Scalar: RealScalar> {
  let stage: Stage<Scalar>

  /// A layer that has its weights once, wherever it is called.
  public convenience init(_ layer: any Layer<Scalar>) { self.init(Stage(layer)) }
  /// The same of a layer under a name, or frozen.
  public init(_ stage: Stage<Scalar>) { self.stage = stage }

  /// What the layer will compute from a tensor of a model.
  public func callAsFunction(_ x: Symbol<Scalar>) -> Symbol<Scalar> { Symbol(.layer(self, inputs: [x])) }
  /// What a merging layer will compute from tensors of a model.
  public func callAsFunction(_ inputs: [Symbol<Scalar>]) -> Symbol<Scalar> { Symbol(.layer(self, inputs: inputs)) }
}

extension Layer {
  /// What the layer will compute from a tensor of a model.
  public func callAsFunction(_ x: Symbol<Scalar>) -> Symbol<Scalar> { SharedLayer(Stage(self))(x) }
}

extension Stage {
  /// What the layer will compute from a tensor of a model.
  public func callAsFunction(_ x: Symbol<Scalar>) -> Symbol<Scalar> { SharedLayer(self)(x) }
  /// What a merging layer will compute from tensors of a model.
  public func callAsFunction(_ inputs: [Symbol<Scalar>]) -> Symbol<Scalar> { SharedLayer(self)(inputs) }
}

extension Merge {
  /// What the layer will compute from tensors of a model.
  public func callAsFunction(_ inputs: Symbol<Scalar>...) -> Symbol<Scalar> { SharedLayer(Stage(self))(inputs) }
}

extension Layer {
  /// What a layer of several inputs will compute from tensors of a model.
  public func callAsFunction(_ inputs: [Symbol<Scalar>]) -> Symbol<Scalar> { SharedLayer(Stage(self))(inputs) }
}
