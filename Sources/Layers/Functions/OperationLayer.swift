public import Tensor

/// A function of tensors and constants as a layer of a functional model: what Keras writes for `x * 0.5 + 1` and for the
/// functions of `keras.ops`.
///
/// ```swift
/// let x = Input<Float>(4)
/// let model = try Functional(inputs: x, outputs: (x + 3) * 0.5 - x)
/// ```
///
/// Operators and indices of a ``Symbol`` and Keras's files create such layers. Unlike merging layers, functions of elements
/// broadcast as NumPy does, including the batch axis: all tensors have the same number of axes, and a constant has fewer,
/// or as many of which the first has the length 1. No function mixes samples: the batch axis is neither cut, nor moved,
/// nor summed over. Truth values, such as the results of comparisons, are 0 and 1. The results have no masks.
public struct OperationLayer<Scalar: RealScalar>: Layer {
  /// An operand of the function.
  @nonexhaustive
  public enum Operand: Equatable, Sendable {
    /// The next of the layer's inputs.
    case tensor
    /// A number, of the shape [], or an array.
    case constant(Tensor<Scalar>)
  }

  package let operation: NamedOperation<Scalar>
  /// The operands in the function's order.
  public let operands: [Operand]

  /// - Precondition: the number of operands is the operation's, and one of them is a tensor.
  package init(_ operation: NamedOperation<Scalar>, _ operands: [Operand]) {
    let allowed = operation.operandCount ?? operands.count
    require(operands.count == allowed, "\(operation.name) of \(operands.count) operands; allowed: \(allowed)")
    self.operation = operation
    self.operands = operands
    require(inputCount > 0, "\(operation.name) of constants alone; allowed: at least one tensor")
  }

  /// Keras's name of the function: `TrueDivide`.
  public var className: String { operation.name }

  /// The number of tensors among the operands.
  package var inputCount: Int { operands.count { $0 == .tensor } }

  public var outputCount: Int { operation.outputCount }

  public func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    let recorder = Recorder<Scalar>(.inference, Numbering(), isDifferentiated: false)
    return try recorder.naming(className) { try call(inputShapes.map(recorder.input)).map(\.shape) }
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try outputShapes(for: [inputShape])[0] }
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try call([x])[0] }

  public func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    guard inputs.count == inputCount else {
      throw LayerError.inputCount(layer: className, expected: inputCount, found: inputs.count)
    }
    let rank = inputs[0].shape.count
    var isAligned = false
    if case .broadcasting = operation.operands { isAligned = true }
    guard !isAligned || inputs.allSatisfy({ $0.shape.count == rank }) else {
      throw LayerError.inputShapes(
        layer: className, expected: "shapes of the same number of axes, as the first is the batch's",
        found: inputs.map { batchDescription($0.shape) })
    }
    var rest = inputs[...]
    return try operation.compute(
      try operands.map { operand in
        switch operand {
        case .tensor: rest.removeFirst()
        case .constant(let value):
          inputs[0].value.recorder.constant(isAligned ? try sampleValue(value, rank) : value)
        }
      })
  }

  /// The part of a constant for one sample, which broadcasts to samples with `rank` axes.
  private func sampleValue(_ constant: Tensor<Scalar>, _ rank: Int) throws -> Tensor<Scalar> {
    if constant.rank <= rank { return constant }
    guard constant.rank == rank + 1, constant.shape[0] == 1 else {
      throw LayerError.inputShapes(
        layer: className, expected: "a constant without the batch axis, or with the length 1 along it",
        found: [batchDescription([Int?](repeating: nil, count: rank)), "\(constant.shape)"])
    }
    return constant[0]
  }
}
