public import Tensor

/// Multiplies each channel by a trained factor that is small at first, as at the end of ConvNeXt's residual branches.
///
/// The channels are the last axis; shapes do not change.
/// - Reference: Touvron, Cord, Sablayrolles, Synnaeve, Jégou, arXiv:2103.17239.
public struct LayerScale<Scalar: RealScalar>: Layer {
  /// The number of channels.
  public let dimension: Int
  /// The first value of all factors.
  public let initialValue: Double
  private var gammaWeight: Weight<Scalar>

  /// Creates a layer with a factor for each channel.
  /// - Precondition: `dimension` is at least 1, and `initialValue` is finite.
  public init(_ dimension: Int, initialValue: Double) {
    require(dimension >= 1, "LayerScale: the dimension is \(dimension); allowed: integers of at least 1")
    self.dimension = dimension
    self.initialValue = initialValue
    gammaWeight = Weight("gamma", initializer: .constant(initialValue))
  }

  /// The factors, [channels]. Empty until the layer is built.
  public var gamma: Tensor<Scalar> { gammaWeight.value }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape.last == dimension else { throw unexpectedShape("[batch, …, \(dimension)]", inputShape) }
    return inputShape
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try gammaWeight.build([dimension], using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows { try body(&gammaWeight) }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x * gammaWeight }
}
