import Activations
import TestSupport
import Testing

@testable import KerasFormat
@testable import Layers
@testable import Tensor

/// A layer of images as Keras computed it, with the numbers that it drew: see make_images.py.
private struct ImageCase: Decodable {
  let configuration: String
  let input, drawn, upstream, output, gradient: TensorFixture

  /// A layer that does what Keras did with these numbers.
  func layer<Scalar: RealScalar>() throws -> any Layer<Scalar> {
    let layer = try ReadingContext<Scalar>(.keras3, LayerRegistry())
      .stage(Configuration(json: configuration), at: "layers[0]").layer
    let (height, width) = (input.shape[1], input.shape[2])
    func changed(
      _ change: @escaping @Sendable (Traced<Scalar>, Traced<Scalar>) throws -> Traced<Scalar>
    ) -> any Layer<Scalar> { Changed(numbers: drawn.tensor.cast(to: Scalar.self), change: change) }
    func warped(
      _ fillMode: FillMode, _ fillValue: Double, _ interpolation: Interpolation, _ map: ([Double]) -> PlaceMap
    ) -> any Layer<Scalar> {
      let operation = WarpOperation<Scalar>(fillMode: fillMode, fillValue: fillValue, interpolation: interpolation)
      let maps = (0..<drawn.shape[0]).map { map(drawn.tensor[$0].scalars).numbers }
      return Changed(numbers: Tensor(maps).cast(to: Scalar.self)) { try $0.applying(operation, $1) }
    }
    func warped(_ layer: any RandomWarp<Scalar>, _ map: ([Double]) -> PlaceMap) -> any Layer<Scalar> {
      warped(layer.fillMode, layer.fillValue, layer.interpolation, map)
    }
    switch layer {
    case let layer as RandomRotation<Scalar>:
      return warped(layer) { .rotation(by: $0[0] * .pi / 180, height: height, width: width) }
    case let layer as RandomTranslation<Scalar>: return warped(layer) { .translation(columns: $0[0], rows: $0[1]) }
    case let layer as RandomZoom<Scalar>:
      return warped(layer) { .zoom(columns: $0[0], rows: $0[1], height: height, width: width) }
    case let layer as RandomShear<Scalar>: return warped(layer) { .shear(columns: $0[0], rows: $0[1]) }
    case let layer as RandomFlip<Scalar>:
      return warped(.nearest, 0, .nearest) {
        $0[0] == 1 ? .flip(layer.mode, height: height, width: width) : .identity
      }
    case let layer as RandomPerspective<Scalar>:
      return warped(.constant, layer.fillValue, layer.interpolation) { factors in
        let corners = (0..<4).map { (x: factors[2 * $0], y: factors[2 * $0 + 1]) }
        return .perspective(cornerFactors: corners, height: height, width: width)
      }
    case let layer as RandomContrast<Scalar>: return changed { try layer.changed($0, by: $1) }
    case let layer as RandomBrightness<Scalar>: return changed { try layer.changed($0, by: $1) }
    case let layer as RandomInvert<Scalar>: return changed { try layer.changed($0, where: $1) }
    case let layer as RandomGrayscale<Scalar>: return changed { try layer.changed($0, where: $1) }
    case let layer as RandomColorDegeneration<Scalar>: return changed { try layer.changed($0, by: $1) }
    case let layer as RandomHue<Scalar>: return changed { try layer.changed($0, by: $1) }
    case let layer as RandomSaturation<Scalar>: return changed { try layer.changed($0, by: $1) }
    case let layer as RandomPosterization<Scalar>: return changed { try layer.changed($0, by: $1) }
    case let layer as RandomSharpness<Scalar>: return changed { try layer.changed($0, by: $1) }
    case let layer as RandomGaussianBlur<Scalar>:
      return changed { images, isBlurred in
        let blurred = try layer.blurred(images, columnSigma: 0.75...0.75, rowSigma: 0.5...0.5)
        return try layer.mixed(images, blurred, where: isBlurred)
      }
    case let layer as Solarization<Scalar>: return changed { try layer.changed($0, by: $1) }
    case let layer as RandomErasing<Scalar>: return changed { try layer.changed($0, without: $1.reshaped([4])) }
    default: return layer
    }
  }
}

/// Images that are changed by numbers, some for each.
private struct Changed<Scalar: RealScalar>: Layer {
  let numbers: Tensor<Scalar>
  let change: @Sendable (_ images: Traced<Scalar>, _ numbers: Traced<Scalar>) throws -> Traced<Scalar>

  private struct Given: UndifferentiatedOperation {
    let numbers: Tensor<Scalar>
    func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [Array(numbers.shape.dropFirst())] }
    func forward(_ context: Context<Scalar>) { context.give(numbers) }
  }

  func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let samples: TracedIntegers<Scalar> = try x.applying(NumberedSamples())
    return try change(x, samples.applying(Given(numbers: numbers)))
  }
}

@Suite struct ImageLayerTests {
  @Test func `outputs and gradients are Keras's, given what is drawn`() throws {
    let cases = try jsonFixture("images", as: [ImageCase].self)
    #expect(cases.count > 80)
    func check<Scalar: RealScalar>(_ keras: ImageCase, _: Scalar.Type, _ tolerance: Double) throws {
      let layer: any Layer<Scalar> = try keras.layer()
      let input = keras.input.tensor.cast(to: Scalar.self)
      let upstream = keras.upstream.tensor.cast(to: Scalar.self)
      let result = try run(layer, [input], training: true) { _ in [upstream] }
      #expect(
        result.output.cast(to: Double.self).distance(from: keras.output.tensor) <= tolerance, "\(keras.configuration)")
      #expect(
        result.input.cast(to: Double.self).distance(from: keras.gradient.tensor) <= tolerance,
        "\(keras.configuration)")
    }
    for keras in cases {
      try check(keras, Double.self, 1e-12)
      try check(keras, Float.self, 4e-6)
    }
  }

  /// Layers whose numbers suit images of numbers around 0.
  private static func random<Scalar: RealScalar>(_: Scalar.Type) -> [any RandomImageLayer<Scalar>] {
    let range = -8.0...8.0
    return [
      RandomFlip(mode: .horizontal), RandomFlip(mode: .vertical), RandomFlip(), RandomFlip(dataFormat: .channelsFirst),
      RandomRotation(factor: 0.2), RandomRotation(factor: 0.3...0.4, fillMode: .constant, interpolation: .nearest),
      RandomRotation(factor: 0.2, dataFormat: .channelsFirst),
      RandomTranslation(heightFactor: 0.3, widthFactor: -0.2...0.5, fillMode: .wrap),
      RandomZoom(heightFactor: 0.5, fillMode: .nearest), RandomZoom(heightFactor: 0.5, widthFactor: 0.1...0.2),
      RandomShear(xFactor: 0.3, yFactor: 0.1...0.2),
      RandomContrast(factor: 0.3, valueRange: range), RandomBrightness(factor: 0.1, valueRange: range),
      RandomInvert(factor: 0.4...0.6, valueRange: range), RandomGrayscale(),
      RandomColorDegeneration(factor: 0.5, valueRange: range),
      RandomColorDegeneration(factor: 0.5, valueRange: range, dataFormat: .channelsFirst),
      RandomSharpness(factor: 0.3...0.4, valueRange: range),
      RandomErasing(factor: 1.0...1.0, scale: 0.3...0.5, fillValue: [5], valueRange: range),
      RandomErasing(factor: 0.8...1.0, scale: 0.3...0.5, fillValue: [1, 2, 3], valueRange: range),
      RandomGaussianBlur(factor: 0.4...0.6, sigma: 0.5...1, valueRange: range),
      Solarization(additionFactor: 0.1, thresholdFactor: 0.4...0.9, valueRange: range), RandomPerspective(),
      RandomHue(factor: 0.3, valueRange: range), RandomHue(factor: 0.3, valueRange: range, dataFormat: .channelsFirst),
      RandomSaturation(factor: 0.2...0.4, valueRange: range), RandomPosterization(factor: 1...3, valueRange: range),
      RandomColorJitter(
        valueRange: range, brightnessFactor: 0.1, contrastFactor: 0.2, saturationFactor: 0.2...0.4, hueFactor: 0.3),
    ]
  }

  @Test func `layers change images in training only, each by itself, and have gradients`() throws {
    for layer in Self.random(Double.self) {
      let shape = layer.dataFormat == .channelsLast ? [5, 4, 6, 3] : [5, 3, 4, 6]
      let x = sample(shape)
      try checkLayer(layer, input: x, output: shape, differsInTraining: true)
      #expect(try layer(x) == x)
      var generator = PhiloxGenerator(seed: 4)
      let same = try layer(x[0..<1].broadcast(to: shape).copied(), training: true, using: &generator)
      #expect((1..<5).contains { same[$0] != same[0] }, "\(layer)")
    }
  }

  @Test func `results are the same on any number of threads and in any batch`() throws {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    var random = PhiloxGenerator(seed: 3)
    let x = Tensor<Float>.normal([5, 61, 67, 3], using: &random)
    let resizings: [any Layer<Float>] = [
      Resizing(height: 40, width: 90), Resizing(height: 128, width: 50, interpolation: .lanczos3, antialias: true),
      Resizing(height: 80, width: 90, fitting: .pad(1)), CenterCrop(height: 50, width: 60),
    ]
    for layer in resizings + Self.random(Float.self).filter({ $0.dataFormat == .channelsLast }) {
      func results(_ x: Tensor<Float>, threads: Int) throws -> (Tensor<Float>, Tensor<Float>) {
        Threads.count = threads
        let result = try run(layer, [x], training: true) { shapes in
          shapes.map { Tensor<Float>.arange(Float($0.reduce(1, *))).reshaped($0) % 97 / 7 }
        }
        return (result.output, result.input)
      }
      let one = try results(x, threads: 1)
      #expect(try results(x, threads: 3) == one, "\(layer)")
      let first = try results(x[0..<1], threads: 2)
      #expect(first == (one.0[0..<1], one.1[0..<1]), "\(layer)")
    }
  }

  // MARK: What is drawn

  private let count = 4000

  /// What becomes of many images of one kind.
  private func changed(_ layer: any Layer<Double>, _ image: Tensor<Double>) throws -> Tensor<Double> {
    var generator = PhiloxGenerator(seed: 6)
    return try layer(image.broadcast(to: [count] + image.shape).copied(), training: true, using: &generator)
  }

  @Test func `hues are turned in both directions, and bits are counted`() throws {
    let red = Tensor<Double>([[[255, 0, 0]]])
    let turned = try changed(RandomHue(factor: 0.5...0.5), red)
    // A quarter of the circle further, or back.
    let (forth, back) = (Tensor<Double>([127.5, 255, 0]), Tensor<Double>([127.5, 0, 255]))
    let isForth = (0..<count).filter { isClose(turned[$0, 0, 0], forth) }.count
    #expect(abs(Double(isForth) / Double(count) - 0.5) < 0.03)
    #expect(isForth + (0..<count).filter { isClose(turned[$0, 0, 0], back) }.count == count)
    let gray = try changed(RandomSaturation(factor: 0.0...0.0), red)
    #expect(gray == .filled([count, 1, 1, 3], with: 255))
    let few = try changed(RandomPosterization(factor: 1...3), Tensor<Double>([[[255, 100, 70]]]))
    let one = Tensor<Double>([128, 0, 0])
    let isOne = (0..<count).filter { few[$0, 0, 0] == one }.count
    #expect(abs(Double(isOne) / Double(count) - 0.5) < 0.03)
    #expect(isOne + (0..<count).filter { few[$0, 0, 0] == Tensor([192, 64, 64]) }.count == count)
  }

  @Test func `colours are jittered by one change after another`() throws {
    let x = sample([2, 3, 4, 3]) * 50 + 120
    var generator = PhiloxGenerator(seed: 2)
    let jitter = RandomColorJitter<Double>(brightnessFactor: 0.1...0.1, saturationFactor: 0.25...0.25)
    let brightened = try RandomBrightness<Double>(factor: 0.1...0.1)(x, training: true, using: &generator)
    let both = try RandomSaturation<Double>(factor: 0.25...0.25)(brightened, training: true, using: &generator)
    #expect(isClose(try jitter(x, training: true, using: &generator), both))
    #expect(throws: LayerError.self) { try jitter.outputShape(for: [3, 4, 1]) }
    #expect(try RandomColorJitter<Double>(contrastFactor: 0.1).outputShape(for: [3, 4, 1]) == [3, 4, 1])
  }

  @Test func `a channel of one tone stays as it is`() throws {
    let x = Tensor<Double>([7, 0, 7, 51, 7, 102, 7, 20]).reshaped([1, 2, 2, 2])
    var generator = PhiloxGenerator(seed: 2)
    #expect(try AutoContrast<Double>()(x)[0, 0..., 0..., 0] == x[0, 0..., 0..., 0])
    #expect(isClose(try AutoContrast<Double>()(x)[0, 0..., 0..., 1], Tensor([[0, 127.5], [255, 50]])))
    let equalized = try Equalization<Double>()(x, training: true, using: &generator)
    #expect(equalized == Tensor([7, 0, 7, 170, 7, 255, 7, 85]).reshaped([1, 2, 2, 2]))
    try checkGradients(of: AutoContrast(valueRange: 0...2), [sample([2, 3, 4, 2])])
  }

  @Test func `half of the images are flipped`() throws {
    let image = Tensor<Double>.arange(12).reshaped([2, 2, 3])
    for (mode, axes) in [(RandomFlipMode.horizontal, [1]), (.vertical, [0]), (.horizontalAndVertical, [0, 1])] {
      let y = try changed(RandomFlip(mode: mode), image)
      let flipped = image.flipped(axis: axes)
      let isFlipped = (0..<count).filter { y[$0] == flipped }.count
      #expect(abs(Double(isFlipped) / Double(count) - 0.5) < 0.03, "\(mode)")
      #expect(isFlipped + (0..<count).filter { y[$0] == image }.count == count, "\(mode)")
    }
  }

  @Test func `what is drawn lies in its range, evenly`() throws {
    func check(_ values: Tensor<Double>, _ range: ClosedRange<Double>, _ name: String) {
      let (width, middle) = (range.upperBound - range.lowerBound, (range.upperBound + range.lowerBound) / 2)
      #expect(
        values.min().scalar >= range.lowerBound - 1e-9 && values.max().scalar <= range.upperBound + 1e-9, "\(name)")
      #expect(abs(values.mean().scalar - middle) < 0.02 * width, "\(name)")
      #expect(abs(values.standardDeviation().scalar - width / 12.0.squareRoot()) < 0.02 * width, "\(name)")
    }
    let gray = Tensor<Double>.filled([1, 1, 1], with: 100)
    check(try changed(RandomBrightness(factor: 0.2), gray), 49...151, "brightness")
    check(try changed(RandomBrightness(factor: 0.1...0.2), gray), 125.5...151, "brightness of a range")
    let pair = Tensor<Double>([[[100], [120]]])
    let contrast = try changed(RandomContrast(factor: 0.1...0.5), pair)
    check((contrast[0..., 0, 1, 0] - 110) / 10, 0.9...1.5, "contrast")
    let more = try changed(RandomContrast(factor: 0.5), pair)
    check((more[0..., 0, 1, 0] - 110) / 10, 1...1.5, "contrast of a number")
    let inverted = try changed(RandomInvert(factor: 0.25...0.25), gray) .== 155
    #expect(abs(inverted.mean().scalar - 0.25) < 0.03)
    let red = Tensor<Double>([[[100, 0, 0]]])
    let grayed = try changed(RandomGrayscale(factor: 0.25), red)[0..., 0, 0, 1] .> 29
    #expect(abs(grayed.mean().scalar - 0.25) < 0.03)

    // The column that is read tells how far an image of its columns' numbers has moved.
    let ramp = Tensor<Double>.arange(21).reshaped([1, 21, 1])
    let few = ramp.broadcast(to: [3, 21, 1])
    let moved = try changed(RandomTranslation(heightFactor: 0.0, widthFactor: -0.1...0.3), few)
    check(10 - moved[0..., 1, 10, 0], -2.1...6.3, "translation")
    let zoomed = try changed(RandomZoom(heightFactor: 0.0, widthFactor: 0.5), few)
    check((zoomed[0..., 1, 16, 0] - 10) / 6, 0.5...1.5, "zoom")
    let turned = try changed(RandomRotation(factor: 0.05), ramp.broadcast(to: [21, 21, 1]))
    // The angle's cosine: a twentieth of a turn at most.
    let cosines = (turned[0..., 10, 16, 0] - 10) / 6
    #expect(cosines.min().scalar > 0.951 && cosines.min().scalar < 0.952 && cosines.max().scalar <= 1 + 1e-12)
  }

  @Test func `crops are parts of the batch's images, from every place`() throws {
    let x = Tensor<Float>.arange(60).reshaped([2, 5, 6, 1])
    var generator = PhiloxGenerator(seed: 6)
    var places: Set<Float> = []
    for _ in 0..<300 {
      let y = try RandomCrop(height: 3, width: 4)(x, training: true, using: &generator)
      let first = Int(y[0, 0, 0, 0].scalar)
      #expect(y == x[0..., first / 6..<first / 6 + 3, first % 6..<first % 6 + 4])
      places.insert(Float(first))
    }
    #expect(places == [0, 1, 2, 6, 7, 8, 12, 13, 14])
    #expect(try RandomCrop(height: 3, width: 4)(x) == x[0..., 1..<4, 1..<5])
    try checkGradients(of: RandomCrop<Double>(height: 3, width: 4), [sample([2, 5, 6, 3])])
  }

  @Test func `NaN stays where it is, and a batch may be empty`() throws {
    var x = Tensor<Float>.zeros([1, 5, 5, 1])
    x[0, 1, 2, 0] = Tensor(.nan)
    var generator = PhiloxGenerator(seed: 1)
    for layer in [RandomFlip<Float>(), RandomTranslation(heightFactor: 0.2...0.2, widthFactor: 0.4...0.4)]
      as [any Layer<Float>]
    {
      #expect(try layer(x, training: true, using: &generator).isNaN.countTrue().scalar == 1, "\(layer)")
      #expect(try layer(Tensor.zeros([0, 5, 5, 1]), training: true, using: &generator).shape == [0, 5, 5, 1])
    }
    #expect(try Resizing(height: 2, width: 3)(Tensor<Float>.zeros([0, 5, 5, 1])).shape == [0, 2, 3, 1])
  }

  @Test func `noise is limited to the range of values`() throws {
    var generator = PhiloxGenerator(seed: 6)
    let layer = RandomErasing<Double>(factor: 1.0...1.0, scale: 0.5...0.5, valueRange: -1...2)
    let x = Tensor<Double>.filled([50, 20, 30, 3], with: 7)
    let y = try layer(x, training: true, using: &generator)
    let noise = Tensor(y.scalars.filter { $0 != 7 })
    // Nearly half of the places, whole ones: the rectangle's sides are no integers.
    #expect(abs(Double(noise.count) / Double(x.count) - 0.5) < 0.05)
    #expect(noise.min().scalar == -1 && noise.max().scalar == 2 && noise.unique().values.count > 1000)
    try checkGradients(of: layer, [sample([2, 4, 5, 3])])
  }

  // MARK: What is refused

  @Test func `inputs that are no images throw`() {
    func message(_ layer: some Layer<Float>, _ shape: [Int]) -> String {
      do {
        return "\(try layer.outputShape(for: shape))"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message(RandomFlip(), [4, 4])
        == "RandomFlip: the input has the shape [batch, 4, 4]; expected: one with 3 axes after the batch")
    #expect(
      message(RandomGrayscale(), [4, 4, 2])
        == "RandomGrayscale: the input has the shape [batch, 4, 4, 2]; expected: one with 1 or 3 channels")
    #expect(
      message(Resizing(height: 2, width: 2), [0, 4, 2])
        == "Resizing: the input has the shape [batch, 0, 4, 2]; expected: spatial axes of at least 1")
  }

  @Test func `arguments outside their range stop the program`() async {
    await expectMessage(
      "RandomRotation: factor is 1.5; allowed: numbers from -1 to 1, one or a range",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = RandomRotation<Float>(factor: 1.5) })
    await expectMessage(
      "RandomZoom: heightFactor is -1.5...0.5; allowed: numbers from -1 to 1, one or a range",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = RandomZoom<Float>(heightFactor: -1.5...0.5)
      })
    await expectMessage(
      "RandomTranslation: interpolation is bicubic; allowed: nearest and bilinear",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = RandomTranslation<Float>(heightFactor: 0.1, widthFactor: 0.1, interpolation: .bicubic)
      })
    await expectMessage(
      "RandomContrast: factor is -0.5...0.5; allowed: numbers from 0 to 1, one or a range",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = RandomContrast<Float>(factor: -0.5...0.5)
      })
    await expectMessage(
      "RandomBrightness: valueRange is 1.0...1.0; allowed: ranges of finite width above 0",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = RandomBrightness<Float>(factor: 0.1, valueRange: 1...1)
      })
    await expectMessage(
      "Resizing: height is 0 and width 3; allowed: integers of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Resizing<Float>(height: 0, width: 3) })
  }

  @Test func `descriptions show what differs from the defaults`() {
    #expect("\(RandomFlip<Float>())" == "RandomFlip()")
    #expect("\(RandomFlip<Float>(mode: .horizontal))" == "RandomFlip(mode: horizontal)")
    #expect("\(RandomRotation<Float>(factor: 0.25))" == "RandomRotation(factor: 0.25)")
    #expect(
      "\(RandomZoom<Float>(heightFactor: -0.5...0.25, widthFactor: 0.5, fillMode: .constant, fillValue: 1))"
        == "RandomZoom(heightFactor: -0.5...0.25, widthFactor: 0.5, fillMode: constant, fillValue: 1.0)")
    #expect(
      "\(RandomContrast<Float>(factor: 0.5, valueRange: 0...1))" == "RandomContrast(factor: 0.5, valueRange: 0.0...1.0)"
    )
    #expect("\(RandomContrast<Float>(factor: 0.5...0.5))" == "RandomContrast(factor: 0.5...0.5)")
    #expect("\(RandomInvert<Float>())" == "RandomInvert()")
    #expect(
      "\(Resizing<Float>(height: 2, width: 3, interpolation: .nearest, fitting: .pad(1)))"
        == "Resizing(height: 2, width: 3, interpolation: nearest, fitting: pad(1.0))")
  }
}
