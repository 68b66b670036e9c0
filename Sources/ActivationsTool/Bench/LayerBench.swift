import Activations
import Layers
import Tensor

/// Convolutions, pooling, recurrent layers and small networks: inference, and a forward computation with the gradients by input and
/// weights.
struct LayerBench {
  let names: Set<String>
  let report: BenchReport

  /// The names of the cases that have been seen.
  private(set) var known: Set<String> = []

  init(names: Set<String>, report: BenchReport) {
    self.names = names
    self.report = report
  }

  mutating func run(using generator: inout PhiloxGenerator) throws {
    for shape in Self.images { try time("conv2d", shape, 4, Self.convolution(shape), using: &generator) }
    for shape in [[32, 128, 64, 128, 5, 1], [1, 4096, 16, 16, 2, 64]] {
      let layer = Conv1D<Float>(
        shape[3], kernelSize: shape[4], padding: .causal, dilationRate: shape[5], activation: .relu)
      try time("conv1d", shape, 3, layer, using: &generator)
    }
    let transposed = Conv2DTranspose<Float>(64, kernelSize: 4, strides: 2, padding: .same, activation: .relu)
    try time("transpose2d", [1, 28, 28, 128, 64, 4, 2], 4, transposed, using: &generator)
    for shape in [[16, 28, 28, 32, 2, 2], [1, 112, 112, 64, 3, 2]] {
      try time("maxpool2d", shape, 4, MaxPooling2D<Float>(poolSize: shape[4], strides: shape[5]), using: &generator)
    }
    for batch in [1, 128] { try time("lenet", [batch], [batch, 28, 28, 1], Self.leNet, using: &generator) }
    for shape in [[1, 64, 64, 128], [32, 64, 64, 128], [1, 1, 32, 32], [32, 100, 128, 256]] {
      try time("lstm", shape, 3, LSTM<Float>(shape[3], returnSequences: true), using: &generator)
      try time("gru", shape, 3, GRU<Float>(shape[3], returnSequences: true), using: &generator)
    }
    for shape in [[1, 128, 256, 8], [8, 128, 256, 8], [1, 1024, 256, 8]] {
      let (x, heads) = (Input<Float>(shape[1], shape[2]), shape[3])
      let attended = MultiHeadAttention<Float>(numHeads: heads, keyDim: shape[2] / heads)(x, x)
      try time("attention", shape, Array(shape[..<3]), Functional(inputs: x, outputs: attended), using: &generator)
    }
    for batch in [1, 32] { try time("resnet", [batch], [batch, 32, 32, 3], Self.resNet(), using: &generator) }
  }

  /// [batch, rows, columns, channels, filters, kernel, stride, groups]
  private static let images = [
    [1, 56, 56, 64, 64, 3, 1, 1], [1, 28, 28, 128, 128, 3, 1, 1], [1, 7, 7, 512, 512, 3, 1, 1],
    [1, 56, 56, 64, 256, 1, 1, 1], [1, 14, 14, 1024, 256, 1, 1, 1], [1, 224, 224, 3, 32, 3, 2, 1],
    [1, 224, 224, 3, 64, 7, 2, 1], [1, 112, 112, 32, 32, 3, 1, 32], [1, 28, 28, 192, 192, 5, 1, 192],
    [16, 28, 28, 1, 32, 3, 1, 1], [16, 32, 32, 32, 64, 3, 1, 1],
  ]

  private static func convolution(_ shape: [Int]) -> any Layer<Float> {
    let (filters, kernel, strides, groups) = (shape[4], shape[5], shape[6], shape[7])
    if groups > 1 {
      return DepthwiseConv2D<Float>(kernelSize: kernel, strides: strides, padding: .same, activation: .relu)
    }
    return Conv2D<Float>(filters, kernelSize: kernel, strides: strides, padding: .same, activation: .relu)
  }

  private static var leNet: Model<Float> {
    Sequential {
      Input(28, 28, 1)
      Conv2D(32, kernelSize: 3, activation: .relu)
      MaxPooling2D()
      Conv2D(64, kernelSize: 3, activation: .relu)
      MaxPooling2D()
      Flatten()
      Dense(128, activation: .relu)
      Dense(10, activation: .softmax)
    }
  }

  /// Six residual blocks; batch normalisation is part of the weights.
  private static func resNet() throws -> Model<Float> {
    let input = Input<Float>(32, 32, 3)
    var x = Conv2D<Float>(32, kernelSize: 3, padding: .same, activation: .relu)(input)
    var channels = 32
    for (filters, strides) in [(32, 1), (32, 1), (64, 2), (64, 1), (128, 2), (128, 1)] {
      let inner = Conv2D<Float>(filters, kernelSize: 3, strides: strides, padding: .same, activation: .relu)(x)
      let outer = Conv2D<Float>(filters, kernelSize: 3, padding: .same)(inner)
      let passed =
        channels == filters ? x : Conv2D<Float>(filters, kernelSize: 1, strides: strides, padding: .same)(x)
      x = Activation<Float>.relu()(Add<Float>()([outer, passed]))
      channels = filters
    }
    return try Functional(inputs: input, outputs: Dense(10)(GlobalAveragePooling2D<Float>()(x)))
  }

  private mutating func time(
    _ name: String, _ shape: [Int], _ inputRank: Int, _ layer: any Layer<Float>, using generator: inout PhiloxGenerator
  ) throws {
    let input = Array(shape[..<inputRank])
    let model = Sequential<Float> {
      Input(shape: Array(input.dropFirst()))
      layer
    }
    try time(name, shape, input, model, using: &generator)
  }

  private mutating func time(
    _ name: String, _ shape: [Int], _ input: [Int], _ model: Model<Float>, using generator: inout PhiloxGenerator
  ) throws {
    known.insert(name)
    guard names.isEmpty || names.contains(name) else { return }
    var model = model
    try model.build(using: &generator)
    model.forEachWeight { $0.value = .normal($0.value.shape, using: &generator) * 0.1 }
    let x = Tensor<Float>.normal(input, using: &generator) * 0.1
    let upstream = Tensor<Float>.ones(try model(x).shape)
    try report.time(name, shape) { try model(x) }
    try report.time("train:\(name)", shape) { try model.pullback(upstream, at: x, using: &generator) }
  }
}
