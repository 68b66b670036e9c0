public import Activations
public import Tensor

/// A dense layer over any axes: `activation(einsum(equation, x, kernel) + bias)`.
///
/// ```swift
/// let dense = EinsumDense<Float>("ab,bc->ac", outputShape: [64], biasAxes: "c")  // Dense(64)
/// let ofAnyRank = EinsumDense<Float>("...x,xy->...y", outputShape: [64], biasAxes: "y")
/// let heads = EinsumDense<Float>("abc,cde->abde", outputShape: [nil, 8, 64], biasAxes: "de")  // 8 attention heads
/// ```
///
/// Letters name axes as in `Tensor.einsum`: those of the input, of the kernel, and of the output.
/// - Complexity: that of the matrix product, and of copies if the order of the axes requires them.
public struct EinsumDense<Scalar: RealScalar>: Layer {
  /// The equation that names the axes; see `Tensor.einsum`.
  public let equation: String
  /// The lengths of one sample's axes that the equation's output names; `nil` for the input's length.
  public let partialOutputShape: [Int?]
  /// The letters of the output's axes along which the bias varies.
  public let biasAxes: String?
  /// The activation; the identity by default.
  public var activation: Activation<Scalar>
  package var kernelWeight: Weight<Scalar>
  package var biasWeight: Weight<Scalar>?
  private let terms: EinsumDenseTerms
  /// The terms of the built layer, which name every axis.
  private var spelledOut: EinsumDenseTerms.SpelledOut?

  /// Creates a layer whose weights are not built yet.
  /// - Precondition: `equation` has one of the forms `[X],[Y]->[Z]`, `...[X],[Y]->...[Z]` and `[X]...,[Y]->[Z]...`, and
  ///   `outputShape` and `biasAxes` are compatible with it.
  /// - Parameter equation: the equation, in which the batch is the first axis of input and output, or among those of an
  ///   ellipsis on the left.
  /// - Parameter outputShape: the shape of one output sample, without the axes of the ellipsis; `nil` for the input's
  ///   length.
  /// - Parameter activation: a value, or Keras's identifier.
  /// - Parameter biasAxes: the letters of the output's axes along which the bias varies; no bias without it.
  /// - Parameter kernelInitializer: the initializer of the kernel.
  /// - Parameter biasInitializer: the initializer of the bias.
  /// - Parameter kernelRegularizer: the penalty for the kernel that is added to the loss.
  /// - Parameter biasRegularizer: the penalty for the bias that is added to the loss.
  /// - Parameter kernelConstraint: the constraint that the kernel satisfies after every step.
  /// - Parameter biasConstraint: the constraint that the bias satisfies after every step.
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

  /// Creates a layer whose activation is a custom function. It cannot be trained.
  public init(
    _ equation: String, outputShape: [Int?], biasAxes: String? = nil,
    activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(equation, outputShape: outputShape, activation: Activation(activation), biasAxes: biasAxes)
  }

  /// The kernel; empty until the layer is built.
  public var kernel: Tensor<Scalar> { kernelWeight.value }
  /// The bias, in the output's shape from the first bias axis to the last axis, with 1 for axes without a bias; `nil`
  /// without bias axes.
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
  /// Adds the kernel's input and output axes to an initializer that needs them and does not have them.
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
  /// The reason why this equation, output shape and bias axes are invalid, or `nil`.
  package static func mistake(in equation: String, outputShape: [Int?], biasAxes: String?) -> String? {
    do throws(EinsumDenseTerms.Mistake) {
      _ = try EinsumDenseTerms(equation, outputShape, biasAxes)
      return nil
    } catch {
      return error.reason
    }
  }
}
