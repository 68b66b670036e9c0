public import Activations
public import Tensor

/// A convolution of sequences, [batch, steps, channels].
public typealias Conv1D<Scalar: RealScalar> = Convolution<Scalar, Spatial1D>
/// A convolution of images, [batch, rows, columns, channels].
public typealias Conv2D<Scalar: RealScalar> = Convolution<Scalar, Spatial2D>
/// A convolution of volumes, [batch, planes, rows, columns, channels].
public typealias Conv3D<Scalar: RealScalar> = Convolution<Scalar, Spatial3D>

/// A convolution: `activation(windows(x) · kernel + bias)`, where each window of a sample becomes one place of the output.
///
/// ```swift
/// let edges = Conv2D<Float>(32, kernelSize: 3, padding: .same, activation: .relu)
/// let summary = Conv1D<Float>(64, kernelSize: 5, strides: 2, activation: "gelu")
/// ```
///
/// ``Conv1D``, ``Conv2D`` and ``Conv3D`` are this layer for one, two and three spatial axes. With channels last, the
/// input is [batch, spatial…, channels] and the output [batch, windows…, filters]. Windows are read where they lie:
/// no copy of the unfolded image is made. Product, bias and elementwise activation are computed in one pass. A sample's
/// output does not depend on the others, nor on the number of threads.
///
/// Images with kernels of 3 × 3 elements, strides and dilation 1, and at least eight channels and eight filters in a
/// group are computed by Winograd's transform: four windows by 16 multiplications for each channel and filter instead of
/// 36, in inference, training and gradients with respect to the input. A rounding error is then relative to the largest
/// of the 4 × 4 places that the four windows cover and to the largest elements of the kernel, instead of those of one
/// window; infinities and NaN still reach only the windows that cover them, which takes several times as long.
/// - Complexity: 2 · batch · windows · taps · channels / groups · filters operations; memory for the output. For
///   inference, a second copy of the kernel is kept in the order in which products read it, or its transform, 16 / 9 as
///   large.
public struct Convolution<Scalar: RealScalar, Rank: SpatialRank>: Layer {
  /// The number of output channels.
  public let filters: Int
  /// The number of groups into which the channels are divided; each is convolved by itself.
  public let groups: Int
  /// The activation; the identity by default.
  public var activation: Activation<Scalar>
  /// The penalty for the output that is added to the loss, divided by the length of the batch.
  public let activityRegularizer: Regularizer<Scalar>?
  let shape: ConvolutionShape
  package var kernelWeight: Weight<Scalar>
  package var biasWeight: Weight<Scalar>?

  /// Creates a convolution whose weights are not built yet.
  /// - Parameter filters: the number of output channels; at least 1, and divisible by `groups`.
  /// - Parameter kernelSize: the length of windows along the spatial axes: one for all, or a list; at least 1.
  /// - Parameter strides: the distance from a window to the next; at least 1.
  /// - Parameter padding: how windows are placed at the borders; causal in `Conv1D` alone.
  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter dilationRate: the distance between the elements of a window; at least 1, and 1 where `strides` are not.
  /// - Parameter groups: the number of groups of channels; it divides those of the input, too.
  /// - Parameter activation: a value, or Keras's identifier.
  /// - Parameter useBias: whether the layer adds a bias.
  /// - Parameter kernelInitializer: the initializer of the kernel.
  /// - Parameter biasInitializer: the initializer of the bias.
  /// - Parameter kernelRegularizer: the penalty for the kernel that is added to the loss.
  /// - Parameter biasRegularizer: the penalty for the bias that is added to the loss.
  /// - Parameter activityRegularizer: the penalty for the outputs that is added to the loss.
  /// - Parameter kernelConstraint: the constraint that the kernel satisfies after every step.
  /// - Parameter biasConstraint: the constraint that the bias satisfies after every step.
  public init(
    _ filters: Int, kernelSize: some SpatialLengths, strides: some SpatialLengths = 1, padding: WindowPadding = .valid,
    dataFormat: DataFormat = .channelsLast, dilationRate: some SpatialLengths = 1, groups: Int = 1,
    activation: Activation<Scalar> = .linear, useBias: Bool = true,
    kernelInitializer: Initializer<Scalar> = .glorotUniform, biasInitializer: Initializer<Scalar> = .zeros,
    kernelRegularizer: Regularizer<Scalar>? = nil, biasRegularizer: Regularizer<Scalar>? = nil,
    activityRegularizer: Regularizer<Scalar>? = nil, kernelConstraint: Constraint<Scalar>? = nil,
    biasConstraint: Constraint<Scalar>? = nil
  ) {
    let name = Self.kerasName
    require(
      filters >= 1 && groups >= 1 && filters % groups == 0,
      "\(name): filters are \(filters) in \(groups) groups; allowed: at least 1 of each, and as many filters in each group"
    )
    self.filters = filters
    self.groups = groups
    self.activation = activation
    self.activityRegularizer = activityRegularizer
    shape = ConvolutionShape(
      name, rank: Rank.axisCount, kernelSize, strides: strides, dilationRate: dilationRate, padding: padding,
      dataFormat: dataFormat)
    kernelWeight = Weight(
      "kernel", initializer: kernelInitializer, regularizer: kernelRegularizer, constraint: kernelConstraint)
    if useBias {
      biasWeight = Weight(
        "bias", initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    }
  }

  /// Creates a convolution whose activation is a custom function from a tensor to a tensor of the same shape. It works
  /// in inference, but cannot be trained; for training, pass ``/Activations/Activation/custom(_:_:pullback:)`` as
  /// `activation:`.
  public init(
    _ filters: Int, kernelSize: some SpatialLengths, strides: some SpatialLengths = 1, padding: WindowPadding = .valid,
    useBias: Bool = true, activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(
      filters, kernelSize: kernelSize, strides: strides, padding: padding, activation: Activation(activation),
      useBias: useBias)
  }

  static var kerasName: String { "Conv\(Rank.axisCount)D" }
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
  /// The kernel, [taps…, channels / groups, filters]; empty until the layer is built.
  public var kernel: Tensor<Scalar> { kernelWeight.value }
  /// The bias, [filters], or `nil`.
  public var bias: Tensor<Scalar>? { biasWeight?.value }

  public var isBuilt: Bool { kernelWeight.isBuilt }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try shape.requireChannels(inputShape, isBuilt ? kernel.shape[Rank.axisCount] * groups : nil, groups: groups)
    return try shape.outputShape(
      try shape.counts(inputShape), channels: filters, inputShape, activation, activityRegularizer)
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try kernelWeight.build(kernelSize + [dataFormat.channels(inputShape) / groups, filters], using: &generator)
    try biasWeight?.build([filters], using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try body(&kernelWeight)
    if biasWeight != nil { try body(&biasWeight!) }
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let last = try x.channelsLast(from: dataFormat)
    let map = ConvolutionMap<Scalar>(shape.windows(of: Array(last.shape.dropLast())), groups: groups)
    return try shape.output(map, of: last, kernelWeight, biasWeight, activation).penalized(by: activityRegularizer)
  }
}

extension Convolution: RankedLayer {}
