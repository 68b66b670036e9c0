internal import Activations
internal import Tensor

/// What the layers of convolutions have in common: how windows lie in their samples, and the checks of shapes.
struct ConvolutionShape: Hashable, Sendable {
  /// Keras's name of the layer.
  let layer: String
  let geometry: WindowGeometry
  let dataFormat: DataFormat

  init(
    _ layer: String, rank: Int, _ kernelSize: some SpatialLengths, strides: some SpatialLengths,
    dilationRate: some SpatialLengths, padding: WindowPadding, dataFormat: DataFormat
  ) {
    let strides = strides.resolved(rank, "strides", of: layer)
    let dilation = dilationRate.resolved(rank, "dilationRate", of: layer)
    require(
      strides.allSatisfy { $0 == 1 } || dilation.allSatisfy { $0 == 1 },
      "\(layer): strides are \(strides) and dilationRate is \(dilation); allowed: one of them greater than 1")
    require(
      padding != .causal || rank == 1,
      "\(layer): the padding is causal; allowed: valid and same, causal in one dimension alone")
    self.layer = layer
    self.dataFormat = dataFormat
    geometry = WindowGeometry(
      kernelSize.resolved(rank, "kernelSize", of: layer), strides: strides, dilation: dilation, padding: padding)
  }

  var rank: Int { geometry.rank }

  /// Throws if the samples do not have the right number of axes, or of channels.
  /// - Parameter channels: the number of channels that a built layer takes.
  func requireChannels(_ inputShape: [Int], _ channels: Int?, groups: Int = 1) throws {
    func expected(_ channels: String) -> String {
      let spatial = [String](repeating: "…", count: rank).joined(separator: ", ")
      return dataFormat == .channelsLast ? "[batch, \(spatial), \(channels)]" : "[batch, \(channels), \(spatial)]"
    }
    guard inputShape.count == rank + 1 else { throw wrongShape(inputShape, expected("channels")) }
    let found = dataFormat.channels(inputShape)
    guard found > 0, channels == nil || channels == found else {
      throw wrongShape(inputShape, expected(channels.map(String.init) ?? "channels"))
    }
    guard found % groups == 0 else {
      throw wrongShape(inputShape, "a number of channels that the \(groups) groups divide")
    }
  }

  func wrongShape(_ inputShape: [Int], _ expected: String) -> LayerError {
    .inputShape(layer: layer, expected: expected, found: batchDescription(inputShape))
  }

  /// The numbers of windows along the axes of a sample.
  func counts(_ inputShape: [Int]) throws -> [Int] {
    try geometry.requiredCounts(in: dataFormat.spatial(inputShape), of: inputShape, layer: layer)
  }

  /// The windows of samples whose channels are last.
  func windows(of spatial: [Int]) -> SampleWindows {
    SampleWindows(
      of: spatial, output: geometry.counts(in: spatial)!, lengths: geometry.lengths, strides: geometry.strides,
      dilation: geometry.dilation, before: geometry.zerosBefore(spatial))
  }

  /// The shape of a layer's output, checked by its regularizer and activation.
  func outputShape<Scalar: RealScalar>(
    _ spatial: [Int], channels: Int, _ inputShape: [Int], _ activation: Activation<Scalar>,
    _ regularizer: Regularizer<Scalar>?
  ) throws -> [Int] {
    let shape = dataFormat.shape(spatial, channels: channels)
    if let expected = regularizer?.mismatch(with: [1] + shape) {
      throw wrongShape(inputShape, "one whose outputs are \(expected)")
    }
    return try activation.outputShape(for: shape, layer: layer)
  }

  /// Applies a map to samples with channels last, then the activation; in the layer's format.
  func output<Scalar: RealScalar>(
    _ map: any LinearMap<Scalar>, of x: Traced<Scalar>, _ kernel: Weight<Scalar>, _ bias: Weight<Scalar>?,
    _ activation: Activation<Scalar>
  ) throws -> Traced<Scalar> {
    let operation = LinearOperation(map)
    let sums = if let bias { try x.applying(operation, kernel, bias) } else { try x.applying(operation, kernel) }
    // An activation along an axis means one of the layer's format.
    if !activation.isElementwise { return try sums.moved(to: dataFormat).activated(by: activation) }
    return try sums.activated(by: activation).moved(to: dataFormat)
  }
}
