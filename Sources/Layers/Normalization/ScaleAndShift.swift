import Activations
import Tensor

/// The end of a normalisation, `activation(n · gamma + beta)`, with trained weights, either of which may be missing.
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

  /// The weights that exist.
  var scaling: Scaling { Scaling(hasGamma: gamma != nil, hasBeta: beta != nil) }

  /// The existing weights as operands.
  var operands: [any TracedOperand<Scalar>] {
    var operands: [any TracedOperand<Scalar>] = []
    if let gamma { operands.append(gamma) }
    if let beta { operands.append(beta) }
    return operands
  }

  /// Normalises every sample by itself.
  func normalized(_ x: Traced<Scalar>, by scores: StandardScores<Scalar>) throws -> Traced<Scalar> {
    let operation = SampleScoresOperation(scores: scores, scaling: scaling)
    return try x.results(of: operation, operands)[0].activated(by: activation)
  }
}

extension Layer {
  /// Throws unless built weights match samples of this shape.
  func checkWeights(_ weights: [Tensor<Scalar>?], _ shape: [Int], _ inputShape: [Int]) throws {
    for case let weight? in weights where !weight.isEmpty && weight.shape != shape {
      throw unexpectedShape("one of \(weight.shape) along the axes that are scaled", inputShape)
    }
  }
}

/// Stops the program for an epsilon that could make the result infinite.
func requireEpsilon(_ epsilon: Double, _ layer: String, file: StaticString = #fileID, line: UInt = #line) {
  require(
    epsilon >= 0 && epsilon.isFinite, "\(layer): epsilon is \(epsilon); allowed: finite numbers of at least 0",
    file: file, line: line)
}
