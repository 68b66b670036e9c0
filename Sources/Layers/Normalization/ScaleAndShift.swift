import Activations
import Tensor

/// What normalisation ends with: `activation(n · gamma + beta)`, with weights that are learned, either of which may be missing.
package struct ScaleAndShift<Scalar: RealScalar>: Sendable {
  package var gamma: Weight<Scalar>?
  package var beta: Weight<Scalar>?
  package var activation: Activation<Scalar>

  mutating func build(_ shape: [Int], using generator: inout PhiloxGenerator) throws {
    try gamma?.build(shape, using: &generator)
    try beta?.build(shape, using: &generator)
  }

  mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    if gamma != nil { try body(&gamma!) }
    if beta != nil { try body(&beta!) }
  }

  /// The layer's output. Where the scores are kept, they stay as they are, else the output takes their memory.
  /// - Parameter axes: those of the weights, counted from the front.
  func output(
    of scores: consuming Tensor<Scalar>, axes: [Int], _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar> {
    var output = preactivationWithoutShift(scores, axes, pass)
    let shift = beta?.value.along(axes, rank: output.rank)
    if activation.isLinear || pass.leavesOutActivation {
      if let shift { output += shift }
    } else if let shift {
      try activation.apply(to: &output, bias: shift)
    } else {
      try activation.apply(to: &output)
    }
    return output
  }

  private func preactivationWithoutShift(
    _ scores: consuming Tensor<Scalar>, _ axes: [Int], _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    var result = scores
    let isOwn = result.isReusable
    if let gamma {
      let factor = gamma.value.along(axes, rank: result.rank)
      if isOwn {
        result *= factor
      } else {
        var product = pass.tensor(result.shape)
        product.assign(productOf: result, factor)
        return product
      }
    } else if !isOwn {
      var copy = pass.tensor(result.shape)
      copy.assign(result)
      return copy
    }
    return result
  }

  /// From the gradient by the output, the gradient by n · gamma + beta.
  func gradientBeforeActivation(
    _ upstream: consuming Tensor<Scalar>, scores: Tensor<Scalar>, output: Tensor<Scalar>, axes: [Int],
    _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar> {
    if activation.isLinear || pass.leavesOutActivation { return upstream }
    var input = preactivationWithoutShift(scores, axes, pass)
    if let beta { input += beta.value.along(axes, rank: input.rank) }
    let gradient = try activation.pullback(upstream, input: input, output: output)
    pass.recycle(input)
    return gradient
  }

  /// Adds to the weights' gradients.
  /// - Parameter slopes: the sums of upstream · scores over all but the weights' axes.
  /// - Parameter shifts: those of upstream.
  mutating func addGradients(slopes: Tensor<Scalar>, shifts: @autoclosure () -> Tensor<Scalar>, _ pass: Pass<Scalar>) {
    if !pass.isTrainable { return }
    gamma?.addGradient(slopes)
    beta?.addGradient(shifts())
  }
}

extension Layer {
  /// Throws unless built weights fit samples of this shape.
  func checkWeights(_ weights: [Tensor<Scalar>?], _ shape: [Int], _ inputShape: [Int]) throws {
    for case let weight? in weights where !weight.isEmpty && weight.shape != shape {
      throw unexpectedShape("one of \(weight.shape) along the axes that are scaled", inputShape)
    }
  }
}

/// Traps for an epsilon that could make the result infinite.
func requireEpsilon(_ epsilon: Double, _ layer: String, file: StaticString = #fileID, line: UInt = #line) {
  require(
    epsilon >= 0 && epsilon.isFinite, "\(layer): epsilon is \(epsilon), allowed are finite numbers from 0 on",
    file: file, line: line)
}
