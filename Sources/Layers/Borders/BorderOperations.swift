import Tensor

// Zeros around samples, and samples without their borders: the pullback of one is the other. Widths are those of all
// axes of samples.

/// Surrounds samples by zeros, or otherwise.
struct PaddingOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void
  let widths: [BorderWidths]
  /// A constant: it has no gradient.
  var number: Scalar = 0

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [operands[0].widened(by: widths)] }

  func forward(_ context: Context<Scalar>) throws {
    context.give(context.operand(0).padded([(0, 0)] + widths, with: .constant(number)))
  }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    context.give(context.upstream().cropped([(0, 0)] + widths), of: 0)
  }
}

/// Samples without their borders, as a view.
struct CroppingOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void
  let widths: [BorderWidths]

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] {
    [zip(operands[0], widths).map { $0 - $1.before - $1.after }]
  }

  func forward(_ context: Context<Scalar>) throws { context.give(context.take(0).cropped([(0, 0)] + widths)) }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    context.give(context.upstream().padded([(0, 0)] + widths), of: 0)
  }
}

/// What is added or removed before and after the places of an axis.
typealias BorderWidths = (before: Int, after: Int)

extension [Int] {
  /// Lengths with borders; the greatest integer where they cannot be counted.
  func widened(by widths: [BorderWidths]) -> [Int] {
    zip(self, widths).map {
      saturated(saturated($0.addingReportingOverflow($1.before)).addingReportingOverflow($1.after))
    }
  }
}

extension SpatialLayer {
  /// Widths for all axes of samples.
  func widths(_ spatial: [BorderWidths]) -> [BorderWidths] {
    let none: [BorderWidths] = [(0, 0)]
    return dataFormat == .channelsLast ? spatial + none : none + spatial
  }

  /// A pair of widths for each spatial axis.
  /// - Precondition: there is one for each axis, and none is negative.
  static func resolved(_ widths: [BorderWidths], _ name: String) -> [BorderWidths] {
    require(
      widths.count == spatialRank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
      "\(className): \(name) is \(widths.map { [$0.before, $0.after] }); allowed: \(spatialRank == 1 ? "a pair" : "\(spatialRank) pairs") of integers of at least 0"
    )
    return widths
  }

  /// The same width on both sides of each spatial axis.
  static func resolved(_ widths: some SpatialLengths, _ name: String) -> [BorderWidths] {
    widths.resolved(spatialRank, from: 0, name, of: className).map { ($0, $0) }
  }
}
