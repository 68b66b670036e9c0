internal import Tensor

/// Several projections of one tensor, in inference: one product with their kernels side by side. Operands: x, then each
/// projection's kernel [inputs, heads, size] and, if there are any, bias. The results are parts of one tensor.
struct JointProjectionOperation<Scalar: RealScalar>: UndifferentiatedOperation {
  let hasBias: Bool
  private let packing = Packing<Scalar>()

  init(hasBias: Bool) { self.hasBias = hasBias }

  private var operandsPerKernel: Int { hasBias ? 2 : 1 }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] {
    stride(from: 1, to: operands.count, by: operandsPerKernel).map { operands[0].dropLast() + operands[$0].dropFirst() }
  }

  func forward(_ context: Context<Scalar>) throws {
    let x = context.operand(0)
    let weights = packing.weights(version: context.weightsVersion) { packed(context) }
    let shapes = stride(from: 1, to: context.operandCount, by: operandsPerKernel).map { context.operand($0).shape }
    let widths = shapes.map { $0[1] * $0[2] }
    var joint = context.tensor(x.shape.dropLast() + [widths.reduce(0, +)])
    weights.map.apply(to: x, bias: weights.bias, .identity, into: &joint, context.workspace)
    for (index, part) in joint.split(lengths: widths, axis: -1).enumerated() {
      context.give(part.reshaped(x.shape.dropLast() + shapes[index].dropFirst()), as: index)
    }
  }

  private func packed(_ context: Context<Scalar>) -> PackedWeights<Scalar> {
    let numbers = Array(stride(from: 1, to: context.operandCount, by: operandsPerKernel))
    let kernel = Tensor.concatenated(numbers.map { context.operand($0).matrix(rowAxes: 1) }, axis: 1)
    let bias = hasBias ? Tensor.concatenated(numbers.map { context.operand($0 + 1).flattened }, axis: 0) : nil
    return PackedWeights(ProjectionMap<Scalar>(contracted: 1).packed(kernel), bias, context.weightsVersion)
  }
}
