public import Activations
public import Tensor

/// A transposed convolution of sequences, [batch, steps, channels].
public typealias Conv1DTranspose<Scalar: RealScalar> = ConvolutionTranspose<Scalar, Spatial1D>
/// A transposed convolution of images, [batch, rows, columns, channels].
public typealias Conv2DTranspose<Scalar: RealScalar> = ConvolutionTranspose<Scalar, Spatial2D>
/// A transposed convolution of volumes, [batch, planes, rows, columns, channels].
public typealias Conv3DTranspose<Scalar: RealScalar> = ConvolutionTranspose<Scalar, Spatial3D>

/// A transposed convolution: each place of a sample adds its channels times the kernel to a window of the output, which
/// is larger than the input by the strides.
///
/// ```swift
/// let doubled = Conv2DTranspose<Float>(16, kernelSize: 4, strides: 2, padding: .same, activation: .relu)
/// ```
///
/// ``Conv1DTranspose``, ``Conv2DTranspose`` and ``Conv3DTranspose`` are this layer for one, two and three spatial axes.
/// It computes what the input gradient of a ``Convolution`` is, without the zeros between places: as many convolutions
/// of the input as there are remainders of places divided by the strides.
/// - Complexity: 2 · batch · places · taps · channels · filters operations, memory for the output and, with strides, for
///   a part of it.
public struct ConvolutionTranspose<Scalar: RealScalar, Rank: SpatialRank>: Layer {
  /// The number of output channels.
  public let filters: Int
  /// The number of places added at the end of each spatial axis; `nil` for those that the padding determines.
  public let outputPadding: [Int]?
  /// The activation; the identity by default.
  public var activation: Activation<Scalar>
  /// The penalty for the output that is added to the loss, divided by the length of the batch.
  public let activityRegularizer: Regularizer<Scalar>?
  let shape: ConvolutionShape
  package var kernelWeight: Weight<Scalar>
  package var biasWeight: Weight<Scalar>?

  /// Creates a transposed convolution whose weights are not built yet.
  /// - Parameter filters: the number of output channels; at least 1.
  /// - Parameter kernelSize: the length of windows along the spatial axes: one for all, or a list; at least 1.
  /// - Parameter strides: the distance from a window to the next in the output; at least 1.
  /// - Parameter padding: `valid` for all places that a window reaches, `same` for as many as input times strides.
  /// - Parameter outputPadding: places added at the end of each spatial axis, fewer than the strides: a list with one
  ///   number, or one for each axis; by default, what the padding determines.
  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter dilationRate: the distance between the elements of a window; at least 1, and 1 where `strides` are not.
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
    outputPadding: [Int]? = nil, dataFormat: DataFormat = .channelsLast, dilationRate: some SpatialLengths = 1,
    activation: Activation<Scalar> = .linear, useBias: Bool = true,
    kernelInitializer: Initializer<Scalar> = .glorotUniform, biasInitializer: Initializer<Scalar> = .zeros,
    kernelRegularizer: Regularizer<Scalar>? = nil, biasRegularizer: Regularizer<Scalar>? = nil,
    activityRegularizer: Regularizer<Scalar>? = nil, kernelConstraint: Constraint<Scalar>? = nil,
    biasConstraint: Constraint<Scalar>? = nil
  ) {
    let name = Self.kerasName
    require(filters >= 1, "\(name): filters are \(filters); allowed: integers of at least 1")
    require(padding != .causal, "\(name): the padding is causal; allowed: valid and same")
    self.filters = filters
    self.activation = activation
    self.activityRegularizer = activityRegularizer
    let shape = ConvolutionShape(
      name, rank: Rank.axisCount, kernelSize, strides: strides, dilationRate: dilationRate, padding: padding,
      dataFormat: dataFormat)
    self.shape = shape
    self.outputPadding = outputPadding?.resolved(Rank.axisCount, from: 0, "outputPadding", of: name)
    if let outputPadding = self.outputPadding {
      require(
        Swift.zip(outputPadding, shape.geometry.strides).allSatisfy { $0 < $1 },
        "\(name): outputPadding is \(outputPadding) with strides of \(shape.geometry.strides); allowed: less than the strides"
      )
    }
    kernelWeight = Weight(
      "kernel", initializer: kernelInitializer, regularizer: kernelRegularizer, constraint: kernelConstraint)
    if useBias {
      biasWeight = Weight(
        "bias", initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    }
  }

  static var kerasName: String { "Conv\(Rank.axisCount)DTranspose" }
  public var className: String { Self.kerasName }

  /// The length of windows along the spatial axes.
  public var kernelSize: [Int] { shape.geometry.lengths }
  /// The distance from a window of the output to the next along each spatial axis.
  public var strides: [Int] { shape.geometry.strides }
  /// The distance between the elements of a window along each spatial axis.
  public var dilationRate: [Int] { shape.geometry.dilation }
  /// How windows are placed at the borders of the output.
  public var padding: WindowPadding { shape.geometry.padding }
  /// The position of the channel axis.
  public var dataFormat: DataFormat { shape.dataFormat }
  /// The kernel, [taps…, filters, channels]; empty until the layer is built.
  public var kernel: Tensor<Scalar> { kernelWeight.value }
  /// The bias, [filters], or `nil`.
  public var bias: Tensor<Scalar>? { biasWeight?.value }

  public var isBuilt: Bool { kernelWeight.isBuilt }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try shape.requireChannels(inputShape, isBuilt ? kernel.shape[Rank.axisCount + 1] : nil)
    guard let windows = windows(of: dataFormat.spatial(inputShape)) else {
      throw shape.wrongShape(inputShape, "spatial axes of at least 1, whose output has at least 1 too")
    }
    return try shape.outputShape(windows.input, channels: filters, inputShape, activation, activityRegularizer)
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try kernelWeight.build(kernelSize + [filters, dataFormat.channels(inputShape)], using: &generator)
    try biasWeight?.build([filters], using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try body(&kernelWeight)
    if biasWeight != nil { try body(&biasWeight!) }
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let last = try x.channelsLast(from: dataFormat)
    let windows = windows(of: Array(last.shape.dropLast()))!
    let map = TransposedConvolutionMap<Scalar>(convolution: ConvolutionMap(windows))
    return try shape.output(map, of: last, kernelWeight, biasWeight, activation).penalized(by: activityRegularizer)
  }

  /// The windows of the output, as many as places of the input; `nil` if there is no output.
  private func windows(of spatial: [Int]) -> SampleWindows? {
    var (output, before): ([Int], [Int]) = ([], [])
    for axis in 0..<Rank.axisCount {
      guard spatial[axis] > 0, let extent = shape.geometry.extent(axis) else { return nil }
      let (length, zeros) = placed(spatial[axis], extent, axis)
      guard let length, length > 0 else { return nil }
      output.append(length)
      before.append(zeros)
    }
    return SampleWindows(
      of: output, output: spatial, lengths: kernelSize, strides: strides, dilation: dilationRate, before: before)
  }

  /// The output's length along an axis, `nil` if it is too large, and the places of the first window before it.
  private func placed(_ count: Int, _ extent: Int, _ axis: Int) -> (length: Int?, before: Int) {
    let (stride, added) = (strides[axis], outputPadding?[axis])
    let (reached, isTooLong) = count.multipliedReportingOverflow(by: stride)
    let (end, isTooFar) = reached.addingReportingOverflow(extent)
    guard !isTooLong, !isTooFar else { return (nil, 0) }
    if padding == .valid { return (end - stride + (added ?? max(stride - extent, 0)), 0) }
    let length = added.map { reached - stride + extent % 2 + $0 } ?? reached
    let around = added.map { extent + extent % 2 - 2 + $0 } ?? stride + extent - 2
    return (length, extent - 1 - min(around / 2 + around % 2, extent - 1))
  }
}

extension ConvolutionTranspose: RankedLayer {}
