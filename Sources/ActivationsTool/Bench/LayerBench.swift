import Activations
import Layers
import Tensor

/// Convolutions and small networks of them: inference, and a forward computation with the gradients by input and weights.
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
    for shape in Self.images { try time("conv2d", shape, Array(shape[..<4]), convolution(shape), using: &generator) }
    for shape in [[32, 128, 64, 128, 5, 1], [1, 4096, 16, 16, 2, 64]] {
      let layer = Conv1D<Float>(
        shape[3], kernelSize: shape[4], padding: .causal, dilationRate: shape[5], activation: .relu)
      try time("conv1d", shape, Array(shape[..<3]), [layer], using: &generator)
    }
    let transposed = [1, 28, 28, 128, 64, 4, 2]
    let layer = Conv2DTranspose<Float>(
      transposed[4], kernelSize: transposed[5], strides: transposed[6], padding: .same, activation: .relu)
    try time("transpose2d", transposed, Array(transposed[..<4]), [layer], using: &generator)
  }

  private static let images = [
    [1, 56, 56, 64, 64, 3, 1, 1], [1, 28, 28, 128, 128, 3, 1, 1], [1, 7, 7, 512, 512, 3, 1, 1],
    [1, 56, 56, 64, 256, 1, 1, 1], [1, 14, 14, 1024, 256, 1, 1, 1], [1, 224, 224, 3, 32, 3, 2, 1],
    [1, 224, 224, 3, 64, 7, 2, 1], [1, 112, 112, 32, 32, 3, 1, 32], [1, 28, 28, 192, 192, 5, 1, 192],
    [16, 28, 28, 1, 32, 3, 1, 1], [16, 32, 32, 32, 64, 3, 1, 1],
  ]

  /// [batch, height, width, channels, filters, kernel, stride, groups]
  private func convolution(_ shape: [Int]) -> [any Layer<Float>] {
    if shape[7] == shape[3] && shape[3] == shape[4] && shape[7] > 1 {
      return [
        DepthwiseConv2D<Float>(kernelSize: shape[5], strides: shape[6], padding: .same, activation: .relu)
      ]
    }
    return [
      Conv2D<Float>(
        shape[4], kernelSize: shape[5], strides: shape[6], padding: .same, groups: shape[7], activation: .relu)
    ]
  }

  private mutating func time(
    _ name: String, _ shape: [Int], _ input: [Int], _ layers: [any Layer<Float>],
    using generator: inout PhiloxGenerator
  ) throws {
    known.insert(name)
    guard names.isEmpty || names.contains(name) else { return }
    var model = Sequential<Float> {
      Input(shape: Array(input.dropFirst()))
      for layer in layers { layer }
    }
    try model.build(using: &generator)
    model.forEachWeight { $0.value = .normal($0.value.shape, using: &generator) * 0.1 }
    let x = Tensor<Float>.normal(input, using: &generator) * 0.1
    let upstream = Tensor<Float>.ones(try model(x).shape)
    try report.time(name, shape) { try model(x) }
    try report.time("train:\(name)", shape) { try model.pullback(upstream, at: x, using: &generator) }
  }
}
