public import Activations
public import Tensor

/// A separable convolution of sequences, [batch, steps, channels].
public typealias SeparableConv1D<Scalar: RealScalar> = SeparableConvolution<Scalar, Spatial1D>
/// A separable convolution of images, [batch, rows, columns, channels].
public typealias SeparableConv2D<Scalar: RealScalar> = SeparableConvolution<Scalar, Spatial2D>

/// A convolution of each channel by itself, followed by a product over the channels of each place, a bias and an
/// activation.
///
/// ``SeparableConv1D`` and ``SeparableConv2D`` are this layer for one and two spatial axes.
/// - Complexity: 2 · batch · windows · channels · depthMultiplier · (taps + filters) operations, memory for both results.
public struct SeparableConvolution<Scalar: RealScalar, Rank: SpatialRank>: Layer {
  /// The number of output channels.
  public let filters: Int
  /// The number of channels between the two steps for each channel of the input.
  public let depthMultiplier: Int
  /// The activation; the identity by default.
  public var activation: Activation<Scalar>
  /// The penalty for the output that is added to the loss, divided by the length of the batch.
  public let activityRegularizer: Regularizer<Scalar>?
  let shape: ConvolutionShape
  package var depthwiseWeight: Weight<Scalar>
  package var pointwiseWeight: Weight<Scalar>
  package var biasWeight: Weight<Scalar>?

  /// Creates a separable convolution whose weights are not built yet.
  /// - Parameter filters: the number of output channels; at least 1.
  /// - Parameter kernelSize: the length of windows along the spatial axes: one for all, or a list; at least 1.
  /// - Parameter strides: the distance from a window to the next; at least 1.
  /// - Parameter padding: how windows are placed at the borders; causal in `SeparableConv1D` alone.
  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter dilationRate: the distance between the elements of a window; at least 1, and 1 where `strides` are not.
  /// - Parameter depthMultiplier: the number of channels between the two steps for each channel of the input; at least 1.
  /// - Parameter activation: a value, or Keras's identifier.
  /// - Parameter useBias: whether the layer adds a bias.
  /// - Parameter depthwiseInitializer: the initializer of the kernel of single channels.
  /// - Parameter pointwiseInitializer: the initializer of the kernel of single places.
  /// - Parameter biasInitializer: the initializer of the bias.
  /// - Parameter depthwiseRegularizer: the penalty for the kernel of single channels that is added to the loss.
  /// - Parameter pointwiseRegularizer: the penalty for the kernel of single places that is added to the loss.
  /// - Parameter biasRegularizer: the penalty for the bias that is added to the loss.
  /// - Parameter activityRegularizer: the penalty for the outputs that is added to the loss.
  /// - Parameter depthwiseConstraint: the constraint that the kernel of single channels satisfies after every step.
  /// - Parameter pointwiseConstraint: the constraint that the kernel of single places satisfies after every step.
  /// - Parameter biasConstraint: the constraint that the bias satisfies after every step.
  public init(
    _ filters: Int, kernelSize: some SpatialLengths, strides: some SpatialLengths = 1, padding: WindowPadding = .valid,
    dataFormat: DataFormat = .channelsLast, dilationRate: some SpatialLengths = 1, depthMultiplier: Int = 1,
    activation: Activation<Scalar> = .linear, useBias: Bool = true,
    depthwiseInitializer: Initializer<Scalar> = .glorotUniform,
    pointwiseInitializer: Initializer<Scalar> = .glorotUniform, biasInitializer: Initializer<Scalar> = .zeros,
    depthwiseRegularizer: Regularizer<Scalar>? = nil, pointwiseRegularizer: Regularizer<Scalar>? = nil,
    biasRegularizer: Regularizer<Scalar>? = nil, activityRegularizer: Regularizer<Scalar>? = nil,
    depthwiseConstraint: Constraint<Scalar>? = nil, pointwiseConstraint: Constraint<Scalar>? = nil,
    biasConstraint: Constraint<Scalar>? = nil
  ) {
    let name = Self.kerasName
    require(
      filters >= 1 && depthMultiplier >= 1,
      "\(name): filters are \(filters) and depthMultiplier is \(depthMultiplier); allowed: integers of at least 1")
    self.filters = filters
    self.depthMultiplier = depthMultiplier
    self.activation = activation
    self.activityRegularizer = activityRegularizer
    shape = ConvolutionShape(
      name, rank: Rank.axisCount, kernelSize, strides: strides, dilationRate: dilationRate, padding: padding,
      dataFormat: dataFormat)
    depthwiseWeight = Weight(
      "depthwise_kernel", initializer: depthwiseInitializer, regularizer: depthwiseRegularizer,
      constraint: depthwiseConstraint)
    pointwiseWeight = Weight(
      "pointwise_kernel", initializer: pointwiseInitializer, regularizer: pointwiseRegularizer,
      constraint: pointwiseConstraint)
    if useBias {
      biasWeight = Weight(
        "bias", initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    }
  }

  static var kerasName: String { "SeparableConv\(Rank.axisCount)D" }
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
  /// The kernel of single channels, [taps…, channels, depthMultiplier]; empty until the layer is built.
  public var depthwiseKernel: Tensor<Scalar> { depthwiseWeight.value }
  /// The kernel of single places, [1…, channels · depthMultiplier, filters]; empty until the layer is built.
  public var pointwiseKernel: Tensor<Scalar> { pointwiseWeight.value }
  /// The bias, [filters], or `nil`.
  public var bias: Tensor<Scalar>? { biasWeight?.value }

  public var isBuilt: Bool { depthwiseWeight.isBuilt }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try shape.requireChannels(inputShape, isBuilt ? depthwiseKernel.shape[Rank.axisCount] : nil)
    guard !dataFormat.channels(inputShape).multipliedReportingOverflow(by: depthMultiplier).overflow else {
      throw shape.wrongShape(inputShape, "fewer channels")
    }
    return try shape.outputShape(
      try shape.counts(inputShape), channels: filters, inputShape, activation, activityRegularizer)
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    let channels = dataFormat.channels(inputShape)
    let ones = [Int](repeating: 1, count: Rank.axisCount)
    try depthwiseWeight.build(kernelSize + [channels, depthMultiplier], using: &generator)
    try pointwiseWeight.build(ones + [channels * depthMultiplier, filters], using: &generator)
    try biasWeight?.build([filters], using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try body(&depthwiseWeight)
    try body(&pointwiseWeight)
    if biasWeight != nil { try body(&biasWeight!) }
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let last = try x.channelsLast(from: dataFormat)
    let windows = shape.windows(of: Array(last.shape.dropLast()))
    let between = try last.applying(
      LinearOperation(DepthwiseMap<Scalar>(windows, multiplier: depthMultiplier)), depthwiseWeight)
    let map = ConvolutionMap<Scalar>(.places(of: windows.output))
    return try shape.output(map, of: between, pointwiseWeight, biasWeight, activation)
      .penalized(by: activityRegularizer)
  }
}

extension SeparableConvolution: RankedLayer {}
