public import Activations
public import Tensor

/// A dense layer over any axes: `activation(einsum(equation, x, kernel) + bias)`.
///
/// ```swift
/// let dense = EinsumDense<Float>("ab,bc->ac", outputShape: [64], biasAxes: "c")  // Dense(64)
/// let ofAnyRank = EinsumDense<Float>("...x,xy->...y", outputShape: [64], biasAxes: "y")
/// let heads = EinsumDense<Float>("abc,cde->abde", outputShape: [nil, 8, 64], biasAxes: "de")  // 8 of attention
/// ```
///
/// Letters name axes as in `Tensor.einsum`: those of the input, of the kernel, and of the output.
/// - Complexity: that of the product of matrices, and of copies where the axes do not lie as it needs them.
public struct EinsumDense<Scalar: RealScalar>: Layer {
  /// Which axes are multiplied and summed; see `Tensor.einsum`.
  public let equation: String
  /// Of one sample's axes that the equation's output names; `nil` for the input's length.
  public let partialOutputShape: [Int?]
  /// The axes of the output that have a bias of their own, by their letters.
  public let biasAxes: String?
  /// What ends the layer; the identity by default.
  public var activation: Activation<Scalar>
  package var kernelWeight: Weight<Scalar>
  package var biasWeight: Weight<Scalar>?
  private let terms: EinsumDenseTerms
  /// Those of the build, which name every axis.
  private var spelledOut: EinsumDenseTerms.SpelledOut?

  /// Traps for an equation that is not of one of the forms `[X],[Y]->[Z]`, `...[X],[Y]->...[Z]` and `[X]...,[Y]->[Z]...`, and
  /// for an output shape or bias axes that do not fit it.
  /// - Parameter equation: the batch is the first axis of input and output, or among those of an ellipsis on the left.
  /// - Parameter outputShape: of one sample, without the axes of the ellipsis; `nil` for a length that is the input's.
  /// - Parameter activation: a value, or Keras's identifier.
  /// - Parameter biasAxes: the output's axes along which the bias has values of its own; no bias without it.
  /// - Parameter kernelInitializer: how the kernel begins.
  /// - Parameter biasInitializer: how the bias begins.
  /// - Parameter kernelRegularizer: what is added to the loss for the kernel.
  /// - Parameter biasRegularizer: what is added to the loss for the bias.
  /// - Parameter kernelConstraint: what the kernel is brought back to after every step.
  /// - Parameter biasConstraint: what the bias is brought back to after every step.
  public init(
    _ equation: String, outputShape: [Int?], activation: Activation<Scalar> = .linear, biasAxes: String? = nil,
    kernelInitializer: Initializer<Scalar> = .glorotUniform, biasInitializer: Initializer<Scalar> = .zeros,
    kernelRegularizer: Regularizer<Scalar>? = nil, biasRegularizer: Regularizer<Scalar>? = nil,
    kernelConstraint: Constraint<Scalar>? = nil, biasConstraint: Constraint<Scalar>? = nil
  ) {
    do throws(EinsumDenseTerms.Mistake) {
      terms = try EinsumDenseTerms(equation, outputShape, biasAxes)
    } catch {
      trap("EinsumDense: the equation \(equation.debugDescription): \(error.reason)")
    }
    self.equation = equation
    self.partialOutputShape = outputShape
    self.biasAxes = biasAxes
    self.activation = activation
    kernelWeight = Weight(
      "kernel", initializer: kernelInitializer, regularizer: kernelRegularizer, constraint: kernelConstraint)
    if biasAxes != nil {
      biasWeight = Weight(
        "bias", initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    }
  }

  /// With an activation that is a function of one's own, which is not trained through.
  public init(
    _ equation: String, outputShape: [Int?], biasAxes: String? = nil,
    activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(equation, outputShape: outputShape, activation: Activation(activation), biasAxes: biasAxes)
  }

  /// Empty until the layer is built, as the bias.
  public var kernel: Tensor<Scalar> { kernelWeight.value }
  /// The output's shape from the first of the bias axes on, with 1 for others; none without bias axes.
  public var bias: Tensor<Scalar>? { biasWeight?.value }

  public var isBuilt: Bool { kernelWeight.isBuilt }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let shapes = try terms.shapes(inputShape, layer: className)
    if let spelledOut, spelledOut.input.count != inputShape.count + 1 || shapes.kernel != kernel.shape {
      throw unexpectedShape(
        "one of \(spelledOut.input.count) axes for a kernel of \(kernel.shape) and \(equation)", inputShape)
    }
    return try activation.outputShape(for: shapes.output, layer: className)
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    let shapes = try terms.shapes(inputShape, layer: className)
    let given = kernelWeight.initializer
    kernelWeight.initializer = given.withAxes(input: shapes.kernelInputAxes, output: shapes.kernelOutputAxes)
    defer { kernelWeight.initializer = given }
    try kernelWeight.build(shapes.kernel, using: &generator)
    try biasWeight?.build(shapes.bias, using: &generator)
    spelledOut = terms.spelledOut(rank: inputShape.count + 1)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try body(&kernelWeight)
    if biasWeight != nil { try body(&biasWeight!) }
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let terms = spelledOut!
    var result = try x.applying(
      EinsumOperation(first: terms.input, second: terms.kernel, result: terms.output), kernelWeight)
    if let biasWeight { result = try result.applying(SumOperation(), biasWeight) }
    return try result.activated(by: activation)
  }
}

extension Initializer {
  /// With the axes by which a kernel's inputs and outputs are counted, where they matter and are not given.
  fileprivate func withAxes(input: [Int], output: [Int]) -> Initializer {
    func isGiven(_ axes: [Int]?, _ others: [Int]?) -> Bool { axes != nil && others != nil }
    switch rule {
    case .fanScaling(var fans) where !isGiven(fans.inputAxes, fans.outputAxes):
      (fans.inputAxes, fans.outputAxes) = (input, output)
      return Initializer(.fanScaling(fans))
    case .varianceScaling(var scaling) where !isGiven(scaling.inputAxes, scaling.outputAxes):
      (scaling.inputAxes, scaling.outputAxes) = (input, output)
      return Initializer(.varianceScaling(scaling))
    default: return self
    }
  }
}

extension EinsumDense {
  /// Why there is no layer of this equation, output shape and bias axes; none where there is one.
  package static func mistake(in equation: String, outputShape: [Int?], biasAxes: String?) -> String? {
    do throws(EinsumDenseTerms.Mistake) {
      _ = try EinsumDenseTerms(equation, outputShape, biasAxes)
      return nil
    } catch {
      return error.reason
    }
  }
}
