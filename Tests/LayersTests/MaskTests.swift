import Layers
import Tensor
import TestSupport
import Testing

/// Masks by what is public: custom layers that make, keep and use them, and what is told to careless ones.
@Suite struct MaskTests {
  /// Lets steps count whose first feature is positive.
  private struct PositiveSteps: Layer {
    struct IsPositive: UndifferentiatedOperation {
      typealias ResultScalar = Bool
      func resultShapes(_ operands: [[Int]]) -> [[Int]] { [operands[0].dropLast()] }
      func forward(_ context: Context<Float>) { context.give(mask: context.operand(0)[0..., 0..., 0] .> 0) }
    }

    func call(_ x: Traced<Float>) throws -> Traced<Float> { x.with(mask: try x.applying(IsPositive())) }
  }

  /// The mean of the steps that count; of all where there is no mask.
  private struct MeanOfSteps: Layer {
    func outputShape(for inputShape: [Int]) -> [Int] { Array(inputShape.dropFirst()) }
    func call(_ x: Traced<Float>) throws -> Traced<Float> {
      guard let mask = x.mask else { return try x.mean(axis: [0]) }
      return try x.replaced(outside: mask, by: 0).sum(axis: [0]) / mask.reals().sum(axis: [0], keepDimensions: true)
    }
  }

  /// Adds 1; tells of masks what it is told to.
  private struct Increment: Layer {
    var keepsMask: Bool
    func call(_ x: Traced<Float>) throws -> Traced<Float> { try x + 1 }
  }

  /// Whether there is a mask, as a number in every place.
  private struct HasMask: Layer {
    func call(_ x: Traced<Float>) throws -> Traced<Float> { try x * 0 + (x.mask == nil ? 0 : 1) }
  }

  private let x: Tensor<Float> = [
    [[1, 2], [-1, 5], [3, 4]],
    [[-1, 2], [5, 6], [-3, 4]],
  ]

  @Test func `a layer makes a mask and another one computes with it`() throws {
    let model = Sequential<Float>([PositiveSteps(), Dropout(0.5), Increment(keepsMask: true), MeanOfSteps()])
    #expect(try model(x) == [[3, 4], [6, 7]])
    var generator = PhiloxGenerator(seed: 1)
    let result = try model.pullback([[1, 1], [1, 1]], at: x, training: false, using: &generator)
    #expect(
      result.input == [
        [[0.5, 0.5], [0, 0], [0.5, 0.5]],
        [[0, 0], [1, 1], [0, 0]],
      ])
  }

  @Test func `a custom layer drops the mask unless it keeps it`() throws {
    for keepsMask in [false, true] {
      let model = Sequential<Float>([Masking(), Increment(keepsMask: keepsMask), HasMask()])
      #expect(try model(x) == .filled([2, 3, 2], with: keepsMask ? 1 : 0))
    }
  }

  @Test func `a layer of layers hands on what these make of the mask`() throws {
    struct Outer: Layer {
      func call(_ x: Traced<Float>) throws -> Traced<Float> { try HasMask()(ReLU()(Masking()(x))) }
    }
    #expect(try Outer()(x) == .ones([2, 3, 2]))
    #expect(try Sequential<Float>([Sequential([Masking(), ReLU()]), HasMask()])(x) == .ones([2, 3, 2]))
    #expect(try Sequential<Float>([Masking(), Sequential([ReLU()]), HasMask()])(x) == .ones([2, 3, 2]))
  }

  @Test func `masking sets what does not count to 0`() throws {
    let x: Tensor<Float> = [[[7, 7], [7, 1]], [[0, 7], [7, 7]]]
    #expect(try Masking(maskValue: 7)(x) == [[[0, 0], [7, 1]], [[0, 7], [0, 0]]])
    #expect(try Masking()(Tensor<Float>([[0, 0], [0, 1]])) == [[0, 0], [0, 1]])
    // NaN differs from everything.
    #expect(try Masking()(Tensor<Float>([[.nan, 0]]))[0, 0].scalar.isNaN)
    #expect(throws: LayerError.inputShape(layer: "Masking", expected: "[batch, …, features]", found: "[batch]")) {
      _ = try Masking<Float>()(Tensor<Float>([0, 1]))
    }
  }

  @Test func `softmax gives what does not count the probability 0`() throws {
    struct SameSteps: Layer {
      func call(_ x: Traced<Float>) throws -> Traced<Float> { x.with(mask: try x.applying(PositiveElements())) }
      struct PositiveElements: UndifferentiatedOperation {
        typealias ResultScalar = Bool
        func forward(_ context: Context<Float>) { context.give(mask: context.operand(0) .> 0) }
      }
    }
    let scores: Tensor<Float> = [[1, -2, 1], [-1, -1, -1], [2, 2, 2]]
    let probabilities = try Sequential<Float>([SameSteps(), Softmax()])(scores)
    #expect(probabilities == (try Softmax()(scores, mask: scores .> 0)))
    #expect(probabilities[0] == [0.5, 0, 0.5] && probabilities[1] == [0, 0, 0])
    var generator = PhiloxGenerator(seed: 1)
    let result = try Sequential<Float>([SameSteps(), Softmax()]).pullback(
      [[1, 1, 0], [1, 2, 3], [0, 0, 0]], at: scores, using: &generator)
    #expect(result.input == [[0.25, 0, -0.25], [0, 0, 0], [0, 0, 0]])
  }

  @Test(arguments: [1, 1e-30, 1e30] as [Float])
  func `batches are normalised by what counts, whatever the magnitude of their numbers`(_ size: Float) throws {
    var generator = PhiloxGenerator(seed: 3)
    let short = Tensor<Float>.normal([6, 4, 3], using: &generator) * size
    let long = Tensor.concatenated([short, .filled([6, 2, 3], with: -7 * size)], axis: 1)
    let model = Sequential<Float>([Masking(maskValue: Double(-7 * size)), BatchNormalization(epsilon: 1e-6)])
    let expected = try BatchNormalization(epsilon: 1e-6)(short, training: true, using: &generator)
    let found = try model(long, training: true, using: &generator)[0..., ..<4]
    #expect((found - expected).absolute().max().scalar < 1e-5)
  }

  // MARK: Integers

  /// The rows of a table that numbers name.
  private struct Lookup: Layer {
    var table = Weight<Float>("table", initializer: .ones)
    func outputShape(for inputShape: [Int]) -> [Int] { inputShape + [2] }
    mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
      try table.build([3, 2], using: &generator)
    }
    mutating func forEachWeight(_ body: (inout Weight<Float>) throws -> Void) rethrows { try body(&table) }
    func call(_ x: Traced<Float>) throws -> Traced<Float> { try x.integers(in: 0..<3).applying(Rows(), table) }

    struct Rows: TensorOperation {
      func resultShapes(_ operands: [[Int]]) -> [[Int]] { [operands[0] + [operands[1][1]]] }
      func forward(_ context: Context<Float>) -> Tensor<Int64> {
        let places = context.integers(0)
        context.give(context.operand(1).take(places, axis: 0))
        return places
      }
      func pullback(_ places: Tensor<Int64>, _ context: Context<Float>) throws {
        let hits = try places.flattened.oneHot(classes: 3, of: Float.self)
        context.give(hits.transposed.matmul(context.upstream().reshaped([places.count, 2])), of: 1)
      }
    }
  }

  @Test func `an operation takes integers, which have no gradients`() throws {
    var layer = Lookup()
    layer.table.value = [[1, 2], [3, 4], [5, 6]]
    let places: Tensor<Float> = [[2, 0], [2, 2]]
    #expect(try layer(places) == [[[5, 6], [1, 2]], [[5, 6], [5, 6]]])
    var generator = PhiloxGenerator(seed: 1)
    let result = try layer.pullback([[[1, 0], [1, 1]], [[1, 0], [0, 2]]], at: places, using: &generator)
    #expect(result.weights["table"] == [[1, 1], [0, 0], [2, 2]])
    #expect(result.input == .zeros([2, 2]))
  }

  @Test(arguments: [(1.5, "1.5"), (3, "3.0"), (-1, "-1.0"), (.nan, "nan"), (.infinity, "inf")] as [(Float, String)])
  func `what is no integer of the range is told with its place`(_ number: Float, _ text: String) throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = Sequential<Float> { Lookup().named("words") }
    model.compile(optimizer: .sgd(learningRate: 1), loss: .meanSquaredError)
    try model.build(for: Tensor<Float>([[0, 1]]), using: &generator)
    let wrong = LayerError.inputValue(
      layer: #"Lookup "words""#, position: [1, 0], expected: "one of the integers 0..<3", found: text)
    let places = Tensor<Float>([[0, 1], [number, 2]])
    #expect(throws: wrong) { try model.predict(places) }
    #expect(throws: wrong) { try model.trainOnBatch(places, Tensor<Float>.ones([2, 2, 2]), using: &generator) }
    #expect(model.weights[0].value == .ones([3, 2]))
    #expect("\(wrong)" == #"Lookup "words": the input at [1, 0] is \#(text); expected: one of the integers 0..<3"#)
  }

  // MARK: Mistakes

  private struct Careless: Layer {
    enum Mistake { case wrongShape, maskAsReals, realsAsMask, maskAsIntegers, realsForMask, maskForReals }
    let mistake: Mistake

    struct Sum: TensorOperation {
      typealias Residual = Void
      let mistake: Mistake
      func forward(_ context: Context<Float>) {
        switch mistake {
        case .maskAsReals: context.give(context.operand(0) + context.operand(1))
        case .realsAsMask: context.give(.where(context.mask(0), 1, 0))
        case .maskAsIntegers: context.give(context.integers(1).cast(to: Float.self))
        default: context.give(mask: context.mask(1))
        }
      }
      func pullback(_ residual: Void, _ context: Context<Float>) {}
    }

    struct Mask: UndifferentiatedOperation {
      typealias ResultScalar = Bool
      let mistake: Mistake
      func resultShapes(_ operands: [[Int]]) -> [[Int]] { [operands[0].dropLast()] }
      func forward(_ context: Context<Float>) {
        if mistake == .realsForMask { return context.give(context.operand(0)) }
        context.give(mask: (context.operand(0) .> 0).any(axis: -1))
      }
    }

    func call(_ x: Traced<Float>) throws -> Traced<Float> {
      let mask = try x.applying(Mask(mistake: mistake))
      if mistake == .wrongShape { return try x.sum(axis: [0]).reshaped([1, x.shape[1]]).with(mask: mask) }
      return try x.applying(Sum(mistake: mistake), mask)
    }
  }

  private static let mistakes: [(Careless.Mistake, String)] = [
    (
      .wrongShape,
      #"Careless "own": a mask of the shape [3] for a tensor of the shape [1, 2]; allowed: its leading axes"#
    ),
    (.maskAsReals, #"Careless "own": Sum reads operand 1 as reals; it is a mask"#),
    (.realsAsMask, #"Careless "own": Sum reads operand 0 as a mask; it is reals"#),
    (.maskAsIntegers, #"Careless "own": Sum reads operand 1 as integers; it is a mask"#),
    (.realsForMask, #"Careless "own": the forward computation gave no result"#),
    (.maskForReals, #"Careless "own": Sum gives masks; its results are reals by ResultScalar"#),
  ]

  @Test(arguments: mistakes.indices) func `a mistake is told where it is`(_ number: Int) async {
    await expectMessage(
      Self.mistakes[number].1,
      of: #expect(processExitsWith: .failure, observing: standardError) { [number] in
        var model = Sequential<Float>()
        model.add(Careless(mistake: MaskTests.mistakes[number].0).named("own"))
        _ = try! model(Tensor<Float>.ones([2, 3, 2]))
      })
  }
}
