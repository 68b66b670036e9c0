import Activations
import TestSupport
import Testing

@testable import KerasFormat
@testable import Layers
@testable import Tensor

/// Pooling, padding, cropping or upsampling as Keras computed it: see make_spatial.py.
private struct SpatialCase: Decodable {
  let configuration: String
  let input, upstream, output, gradient: TensorFixture
  let mask: [[Bool]]?

  func layer<Scalar: RealScalar>() throws -> any Layer<Scalar> {
    let stage = try ReadingContext<Scalar>(.keras3, LayerRegistry())
      .stage(Configuration(json: configuration), at: "layers[0]")
    guard let mask else { return stage.layer }
    return WithMask(layer: stage.layer, mask: Tensor(mask))
  }
}

/// A layer of one input, with this mask.
private struct WithMask<Scalar: RealScalar>: Layer {
  let layer: any Layer<Scalar>
  let mask: Tensor<Bool>

  private struct Given: UndifferentiatedOperation {
    typealias ResultScalar = Bool
    let mask: Tensor<Bool>
    func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [Array(mask.shape.dropFirst())] }
    func forward(_ context: Context<Scalar>) { context.give(mask: mask) }
  }

  func outputShape(for inputShape: [Int]) throws -> [Int] { try layer.outputShape(for: inputShape) }
  func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    try layer(x.with(mask: x.applying(Given(mask: mask))))
  }
}

@Suite struct SpatialLayerTests {
  @Test func `outputs and gradients are Keras's`() throws {
    let cases = try jsonFixture("spatial", as: [SpatialCase].self)
    #expect(cases.count > 100)
    func check<Scalar: RealScalar>(_ keras: SpatialCase, _: Scalar.Type, _ tolerance: Double) throws {
      let layer: any Layer<Scalar> = try keras.layer()
      let input = keras.input.tensor.cast(to: Scalar.self)
      let upstream = keras.upstream.tensor.cast(to: Scalar.self)
      let result = try run(layer, [input], training: true) { _ in [upstream] }
      #expect(
        result.output.cast(to: Double.self).distance(from: keras.output.tensor) <= tolerance, "\(keras.configuration)")
      #expect(
        result.input.cast(to: Double.self).distance(from: keras.gradient.tensor) <= tolerance, "\(keras.configuration)")
    }
    for keras in cases {
      try check(keras, Double.self, 1e-12)
      try check(keras, Float.self, 1e-6)
    }
  }

  @Test func `gradients are those of finite differences`() throws {
    let (steps, image, volume) = (sample([2, 7, 3]), sample([2, 5, 4, 3]), sample([2, 3, 4, 2, 2]))
    try checkLayer(MaxPooling1D(poolSize: 3, strides: 2), input: steps, output: [2, 3, 3])
    try checkLayer(MaxPooling2D(poolSize: [3, 2], strides: 1, padding: .same), input: image, output: [2, 5, 4, 3])
    try checkLayer(MaxPooling3D(), input: volume, output: [2, 1, 2, 1, 2])
    try checkLayer(AveragePooling1D(poolSize: 2, padding: .same), input: steps, output: [2, 4, 3])
    try checkLayer(AveragePooling2D(poolSize: 2, dataFormat: .channelsFirst), input: image, output: [2, 5, 2, 1])
    try checkLayer(AveragePooling3D(poolSize: 2, strides: 1), input: volume, output: [2, 2, 3, 1, 2])
    try checkLayer(GlobalMaxPooling2D(), input: image, output: [2, 3])
    try checkLayer(
      GlobalAveragePooling2D(dataFormat: .channelsFirst, keepdims: true), input: image, output: [2, 5, 1, 1])
    try checkLayer(AdaptiveMaxPooling2D(outputSize: [3, 6]), input: image, output: [2, 3, 6, 3])
    try checkLayer(AdaptiveAveragePooling2D(outputSize: 3), input: image, output: [2, 3, 3, 3])
    try checkLayer(ZeroPadding2D(padding: [(1, 0), (0, 2)]), input: image, output: [2, 6, 6, 3])
    try checkLayer(Cropping2D(cropping: [(1, 0), (0, 2)]), input: image, output: [2, 4, 2, 3])
    try checkLayer(UpSampling1D(size: 3), input: steps, output: [2, 21, 3])
    try checkLayer(UpSampling2D(size: [2, 3], interpolation: .bilinear), input: image, output: [2, 10, 12, 3])
    try checkLayer(
      UpSampling2D(dataFormat: .channelsFirst, interpolation: .lanczos5), input: image, output: [2, 5, 8, 6])
    try checkLayer(UpSampling3D(), input: volume, output: [2, 6, 8, 4, 2])
  }

  /// Layers whose results are large enough to be shared among threads.
  private static let large: [any Layer<Float>] = [
    MaxPooling2D(), MaxPooling2D(poolSize: 3, strides: 2, padding: .same), MaxPooling2D(poolSize: 3, strides: 1),
    AveragePooling2D(poolSize: 3, strides: 2, padding: .same), AveragePooling2D(poolSize: 5, strides: 1),
    AdaptiveMaxPooling2D(outputSize: 7), AdaptiveAveragePooling2D(outputSize: [7, 40]), GlobalMaxPooling2D(),
    GlobalAveragePooling2D(), UpSampling2D(), UpSampling2D(interpolation: .bicubic), ZeroPadding2D(),
  ]

  @Test func `results are the same on any number of threads and in any batch`() throws {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    for channels in [1, 3, 16, 41] {
      var generator = PhiloxGenerator(seed: 3)
      let x = Tensor<Float>.normal([4, 37, 35, channels], using: &generator)
      for layer in Self.large {
        func results(_ x: Tensor<Float>, threads: Int) throws -> (Tensor<Float>, Tensor<Float>) {
          Threads.count = threads
          let result = try run(layer, [x], training: true) { shapes in
            shapes.map { Tensor<Float>.arange(Float($0.reduce(1, *))).reshaped($0) % 97 / 7 }
          }
          return (result.output, result.input)
        }
        let (one, several) = (try results(x, threads: 1), try results(x, threads: 3))
        #expect(one == several, "\(layer), \(channels) channels")
        #expect(try results(x[0..<1], threads: 2) == (one.0[0..<1], one.1[0..<1]), "\(layer), \(channels) channels")
        #expect(try layer(x) == one.0)
      }
    }
  }

  @Test func `NaN stays where it is, and the first of equal elements is the largest`() throws {
    let x = Tensor<Float>([1, .nan, 2, 2, -.infinity, -.infinity]).reshaped([1, 6, 1])
    let result = try run(MaxPooling1D<Float>(), [x], training: true) { _ in [Tensor([[[5], [6], [7]]])] }
    #expect(result.output.scalars[0].isNaN && result.output.scalars.dropFirst() == [2, -.infinity])
    #expect(result.input.scalars == [0, 5, 6, 0, 7, 0])
    // In whole vectors of channels too.
    var wide = Tensor<Float>.zeros([1, 4, 100])
    wide[0, 1, 70] = Tensor(.nan)
    wide[0, 2, 7] = Tensor(3)
    let pooled = try MaxPooling1D<Float>(poolSize: 2)(wide)
    #expect(pooled.isNaN.countTrue().scalar == 1 && pooled[0, 0, 70].scalar.isNaN && pooled[0, 1, 7].scalar == 3)
    #expect(try AveragePooling1D<Float>(poolSize: 3, strides: 1)(x).scalars[3] == -.infinity)
    #expect(try UpSampling1D<Float>()(x).isNaN.countTrue().scalar == 2)
    // All channels' largest elements share the gradient.
    let ties = try run(GlobalMaxPooling1D<Float>(), [Tensor([[[1], [4], [4]]])], training: true)
    #expect(ties.input.scalars == [0, 0.5, 0.5])
  }

  @Test func `empty batches stay empty`() throws {
    let x = Tensor<Float>.zeros([0, 6, 6, 3])
    #expect(try MaxPooling2D()(x).shape == [0, 3, 3, 3])
    #expect(try AdaptiveAveragePooling2D(outputSize: 2)(x).shape == [0, 2, 2, 3])
    #expect(try GlobalMaxPooling2D()(x).shape == [0, 3])
    #expect(try ZeroPadding2D()(x).shape == [0, 8, 8, 3])
    #expect(try Cropping2D(cropping: 1)(x).shape == [0, 4, 4, 3])
    #expect(try UpSampling2D(interpolation: .bilinear)(x).shape == [0, 12, 12, 3])
  }

  @Test func `a mean over steps ignores those that a mask excludes`() throws {
    let model = Sequential<Float> {
      Input(3, 2)
      Masking(maskValue: -1)
      GlobalAveragePooling1D()
    }
    let x = Tensor<Float>([[[1, 2], [-1, -1], [3, 6]], [[4, 4], [-1, -1], [-1, -1]]])
    #expect(try model(x) == [[2, 4], [4, 4]])
    #expect(try model([[[-1, -1], [-1, -1], [-1, -1]]]).isNaN == [[true, true]])
  }

  // MARK: What is refused

  private func message(_ layer: some Layer<Float>, _ shape: [Int]) -> String {
    do {
      return "\(try layer.outputShape(for: shape))"
    } catch {
      return "\(error)"
    }
  }

  @Test func `inputs that do not fit throw`() {
    #expect(
      message(MaxPooling2D(), [4, 4])
        == "MaxPooling2D: the input has the shape [batch, 4, 4]; expected: one with 3 axes after the batch")
    #expect(
      message(AveragePooling2D(poolSize: [5, 2]), [4, 4, 3])
        == "AveragePooling2D: the input has the shape [batch, 4, 4, 3]; expected: spatial axes at least as long as the windows, [5, 2]"
    )
    #expect(message(MaxPooling2D(poolSize: Int.max, padding: .same), [4, 4, 3]) == "[1, 1, 3]")
    #expect(
      message(GlobalMaxPooling1D(), [0, 3])
        == "GlobalMaxPooling1D: the input has the shape [batch, 0, 3]; expected: spatial axes of at least 1")
    #expect(
      message(AdaptiveMaxPooling1D(outputSize: 2), [0, 3])
        == "AdaptiveMaxPooling1D: the input has the shape [batch, 0, 3]; expected: spatial axes of at least 1")
    #expect(
      message(Cropping2D(cropping: [(2, 2), (0, 1)]), [4, 4, 3])
        == "Cropping2D: the input has the shape [batch, 4, 4, 3]; expected: spatial axes longer than what is removed, [4, 1]"
    )
    let x = Tensor<Float>.zeros([1, 2, 3])
    for layer in [ZeroPadding1D(padding: Int.max), UpSampling1D(size: Int.max)] as [any Layer<Float>] {
      let error = #expect(throws: LayerError.self) { try layer(x) }
      #expect(
        "\(error!)".hasPrefix(
          "\(layer.className): the output has the shape [batch, \(Int.max), 3]; expected: one whose"))
    }
    let first = GlobalAveragePooling1D<Float>(dataFormat: .channelsFirst)
    let masked = WithMask(layer: first, mask: Tensor([[true, false]]))
    let error = #expect(throws: LayerError.self) { try masked(x) }
    #expect(
      "\(error!)".contains("the input has the shape [batch, 2, 3]; expected: one whose mask is one of its steps"))
  }

  @Test func `arguments outside their range stop the program`() async {
    await expectMessage(
      "MaxPooling2D: poolSize is [2, 2, 2]; allowed: one or 2 integers of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = MaxPooling2D<Float>(poolSize: [2, 2, 2])
      })
    await expectMessage(
      "AveragePooling1D: strides is 0; allowed: an integer of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = AveragePooling1D<Float>(poolSize: 2, strides: 0)
      })
    await expectMessage(
      "MaxPooling1D: padding is causal; allowed: valid and same",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = MaxPooling1D<Float>(padding: .causal) })
    await expectMessage(
      "AdaptiveMaxPooling3D: outputSize is 0; allowed: one or 3 integers of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = AdaptiveMaxPooling3D<Float>(outputSize: 0)
      })
    await expectMessage(
      "ZeroPadding2D: padding is [[1, -1], [0, 0]]; allowed: 2 pairs of integers of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = ZeroPadding2D<Float>(padding: [(1, -1), (0, 0)])
      })
    await expectMessage(
      "Cropping1D: cropping is -1; allowed: an integer of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Cropping1D<Float>(cropping: -1) })
    await expectMessage(
      "UpSampling3D: size is 0; allowed: one or 3 integers of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = UpSampling3D<Float>(size: 0) })
  }

  @Test func `descriptions show what differs from the defaults`() {
    #expect("\(MaxPooling2D<Float>())" == "MaxPooling2D()")
    #expect(
      "\(MaxPooling2D<Float>(poolSize: 3, strides: [2, 1], padding: .same, dataFormat: .channelsFirst))"
        == "MaxPooling2D(poolSize: 3, strides: [2, 1], padding: same, dataFormat: channelsFirst)")
    #expect("\(AveragePooling1D<Float>(poolSize: 2))" == "AveragePooling1D(poolSize: 2)")
    #expect("\(GlobalMaxPooling2D<Float>(keepdims: true))" == "GlobalMaxPooling2D(keepdims: true)")
    #expect("\(AdaptiveMaxPooling2D<Float>(outputSize: [1, 2]))" == "AdaptiveMaxPooling2D(outputSize: [1, 2])")
    #expect("\(ZeroPadding2D<Float>())" == "ZeroPadding2D()")
    #expect("\(ZeroPadding2D<Float>(padding: [1, 2]))" == "ZeroPadding2D(padding: [1, 2])")
    #expect("\(ZeroPadding2D<Float>(padding: [(0, 1), (0, 1)]))" == "ZeroPadding2D(padding: [(0, 1), (0, 1)])")
    #expect(
      "\(Cropping2D<Float>())" == "Cropping2D()" && "\(Cropping3D<Float>(cropping: 2))" == "Cropping3D(cropping: 2)")
    #expect(
      "\(UpSampling2D<Float>(size: [1, 2], interpolation: .bilinear))"
        == "UpSampling2D(size: [1, 2], interpolation: bilinear)")
  }
}
