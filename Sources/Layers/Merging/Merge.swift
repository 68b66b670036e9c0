public import Tensor

/// A layer that combines several tensors into one.
///
/// ```swift
/// let sum = try Add()(a, b)
/// let joined = try Concatenate(axis: 1)([a, b, a])
/// ```
public protocol Merge<Scalar>: Layer {
  /// The shape of a sample's output.
  /// - Throws: ``LayerError`` if the inputs are incompatible, or too many or too few.
  func outputShape(forInputs inputShapes: [[Int]]) throws -> [Int]

  /// Describes the computation on the inputs.
  func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar>
}

extension Merge {
  public func outputShape(for inputShape: [Int]) throws -> [Int] { try outputShape(forInputs: [inputShape]) }
  public func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] { [try outputShape(forInputs: inputShapes)] }
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try merge([x]) }
  public func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] { [try merge(inputs)] }

  /// Applies the layer to several tensors, as part of another layer.
  public func callAsFunction(
    _ first: Traced<Scalar>, _ second: Traced<Scalar>, _ others: Traced<Scalar>...
  ) throws -> Traced<Scalar> {
    try first.value.recorder.call(self, [first, second] + others)[0]
  }

  /// Returns the output for one batch of each input, in inference.
  /// - Throws: ``LayerError`` if the layer does not accept the inputs.
  public func callAsFunction(_ inputs: [Tensor<Scalar>]) throws -> Tensor<Scalar> {
    _ = try outputShape(forInputs: inputs.map { try sampleShape($0.shape) })
    guard inputs.allSatisfy({ $0.shape[0] == inputs[0].shape[0] }) else {
      throw LayerError.inputShapes(
        layer: className, expected: "batches of one size", found: inputs.map { "\($0.shape)" })
    }
    var generator = PhiloxGenerator(seed: 0)
    return try computed(inputs, training: false, using: &generator)[0]
  }

  /// Returns the output for tensors passed one by one: `Add()(a, b)`.
  public func callAsFunction(
    _ first: Tensor<Scalar>, _ second: Tensor<Scalar>, _ others: Tensor<Scalar>...
  ) throws -> Tensor<Scalar> {
    try self([first, second] + others)
  }
}

/// A layer that combines its inputs element by element. Inputs broadcast as in NumPy after the batch axis: [batch, 4]
/// fits [batch, 3, 4]. If all have masks, the output's is true where any of them is.
public protocol ElementwiseMerge<Scalar>: Merge {}

extension ElementwiseMerge {
  public func outputShape(forInputs inputShapes: [[Int]]) throws -> [Int] {
    try broadcastShape(inputShapes, of: className)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try call([x])[0] }

  public func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    let output = try merge(inputs)
    return [output.mask == nil ? output.with(mask: try inputs.jointMask(ofShape: output.shape)) : output]
  }
}

extension Array {
  /// Applies an operation to all inputs; a single input is returned unchanged.
  func merged<Operation: TensorOperation>(by operation: Operation) throws -> Traced<Operation.Scalar>
  where Element == Traced<Operation.Scalar>, Operation.ResultScalar == Operation.Scalar {
    count == 1 ? self[0] : try self[0].results(of: operation, Array(dropFirst()))[0]
  }
}
