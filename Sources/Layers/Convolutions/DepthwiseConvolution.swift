public import Activations
public import Tensor

/// A depthwise convolution of sequences, [batch, steps, channels].
public typealias DepthwiseConv1D<Scalar: RealScalar> = DepthwiseConvolution<Scalar, Spatial1D>
/// A depthwise convolution of images, [batch, rows, columns, channels].
public typealias DepthwiseConv2D<Scalar: RealScalar> = DepthwiseConvolution<Scalar, Spatial2D>

/// A convolution of each channel by itself: `depthMultiplier` output channels for each channel of the input.
///
/// ``DepthwiseConv1D`` and ``DepthwiseConv2D`` are this layer for one and two spatial axes.
/// - Complexity: 2 · batch · windows · taps · channels · depthMultiplier operations, memory for the output; with a
///   multiplier above 1, for the input as many times.
public struct DepthwiseConvolution<Scalar: RealScalar, Rank: SpatialRank>: Layer {
  /// The number of output channels for each channel of the input.
  public let depthMultiplier: Int
  /// The activation; the identity by default.
  public var activation: Activation<Scalar>
  /// The penalty for the output that is added to the loss, divided by the length of the batch.
  public let activityRegularizer: Regularizer<Scalar>?
  let shape: ConvolutionShape
  package var kernelWeight: Weight<Scalar>
  package var biasWeight: Weight<Scalar>?

  /// Creates a depthwise convolution whose weights are not built yet.
  /// - Parameter kernelSize: the length of windows along the spatial axes: one for all, or a list; at least 1.
  /// - Parameter strides: the distance from a window to the next; at least 1.
  /// - Parameter padding: how windows are placed at the borders: `valid` or `same`.
  /// - Parameter depthMultiplier: the number of output channels for each channel of the input; at least 1.
  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter dilationRate: the distance between the elements of a window; at least 1, and 1 where `strides` are not.
  /// - Parameter activation: a value, or Keras's identifier.
  /// - Parameter useBias: whether the layer adds a bias.
  /// - Parameter depthwiseInitializer: the initializer of the kernel.
  /// - Parameter biasInitializer: the initializer of the bias.
  /// - Parameter depthwiseRegularizer: the penalty for the kernel that is added to the loss.
  /// - Parameter biasRegularizer: the penalty for the bias that is added to the loss.
  /// - Parameter activityRegularizer: the penalty for the outputs that is added to the loss.
  /// - Parameter depthwiseConstraint: the constraint that the kernel satisfies after every step.
  /// - Parameter biasConstraint: the constraint that the bias satisfies after every step.
  public init(
    kernelSize: some SpatialLengths, strides: some SpatialLengths = 1, padding: WindowPadding = .valid,
    depthMultiplier: Int = 1, dataFormat: DataFormat = .channelsLast, dilationRate: some SpatialLengths = 1,
    activation: Activation<Scalar> = .linear, useBias: Bool = true,
    depthwiseInitializer: Initializer<Scalar> = .glorotUniform, biasInitializer: Initializer<Scalar> = .zeros,
    depthwiseRegularizer: Regularizer<Scalar>? = nil, biasRegularizer: Regularizer<Scalar>? = nil,
    activityRegularizer: Regularizer<Scalar>? = nil, depthwiseConstraint: Constraint<Scalar>? = nil,
    biasConstraint: Constraint<Scalar>? = nil
  ) {
    let name = Self.kerasName
    require(
      depthMultiplier >= 1, "\(name): depthMultiplier is \(depthMultiplier); allowed: integers of at least 1")
    require(padding != .causal, "\(name): the padding is causal; allowed: valid and same")
    self.depthMultiplier = depthMultiplier
    self.activation = activation
    self.activityRegularizer = activityRegularizer
    shape = ConvolutionShape(
      name, rank: Rank.axisCount, kernelSize, strides: strides, dilationRate: dilationRate, padding: padding,
      dataFormat: dataFormat)
    kernelWeight = Weight(
      "kernel", initializer: depthwiseInitializer, regularizer: depthwiseRegularizer, constraint: depthwiseConstraint)
    if useBias {
      biasWeight = Weight(
        "bias", initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    }
  }

  static var kerasName: String { "DepthwiseConv\(Rank.axisCount)D" }
  public var className: String { Self.kerasName }

  /// The length of windows along the spatial axes.
  public var kernelSize: [Int] { shape.geometry.lengths }
  /// The distance from a window to the next along each spatial axis.
  public var strides: [Int] { shape.geometry.strides }
  /// The distance between the elements of a window along each spatial axis.
  public var dilationRate: [Int] { shape.geometry.dilation }
  /// How windows are placed at the borders.
  public var padding: WindowPadding { shape.geometry.padding }
  /// The position of the channel axis.
  public var dataFormat: DataFormat { shape.dataFormat }
  /// The kernel, [taps…, channels, depthMultiplier]; empty until the layer is built.
  public var kernel: Tensor<Scalar> { kernelWeight.value }
  /// The bias, [channels · depthMultiplier], or `nil`.
  public var bias: Tensor<Scalar>? { biasWeight?.value }

  public var isBuilt: Bool { kernelWeight.isBuilt }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try shape.requireChannels(inputShape, isBuilt ? kernel.shape[Rank.axisCount] : nil)
    let (channels, isTooLarge) = dataFormat.channels(inputShape).multipliedReportingOverflow(by: depthMultiplier)
    guard !isTooLarge else { throw shape.wrongShape(inputShape, "fewer channels") }
    return try shape.outputShape(
      try shape.counts(inputShape), channels: channels, inputShape, activation, activityRegularizer)
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    let channels = dataFormat.channels(inputShape)
    try kernelWeight.build(kernelSize + [channels, depthMultiplier], using: &generator)
    try biasWeight?.build([channels * depthMultiplier], using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try body(&kernelWeight)
    if biasWeight != nil { try body(&biasWeight!) }
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let last = try x.channelsLast(from: dataFormat)
    let map = DepthwiseMap<Scalar>(shape.windows(of: Array(last.shape.dropLast())), multiplier: depthMultiplier)
    return try shape.output(map, of: last, kernelWeight, biasWeight, activation).penalized(by: activityRegularizer)
  }
}

extension DepthwiseConvolution: RankedLayer {}
