import Layers
import Tensor
import TestSupport
import Testing

/// Custom layers, by what is public: right ones, and careless ones that are told what is wrong and where.
@Suite struct OwnLayerTests {
  static let x = Tensor<Float>.linspace(-1, 1, count: 24).reshaped([6, 4])
  static let y = Tensor<Float>.linspace(0, 1, count: 12).reshaped([6, 2])

  /// x W + b, with whatever mistake it is told to make.
  struct Linear: Layer {
    enum Mistake {
      case noBuild, noVisit, noBiasVisit, neverBuilt, alwaysBuilt, noCall, noKernel
      case narrowOutput, shorterBatch, noResult
      case narrowGradient, noInputGradient, flatWeightGradient, noWeightGradient
    }

    var units = 2
    var kernel = Weight<Float>("kernel", initializer: .ones)
    var bias = Weight<Float>("bias", initializer: .zeros)
    var mistake: Mistake?

    init(_ mistake: Mistake? = nil, regularizer: Regularizer<Float>? = nil) {
      self.mistake = mistake
      kernel.regularizer = regularizer
    }

    var isBuilt: Bool { mistake != .neverBuilt && (mistake == .alwaysBuilt || kernel.isBuilt) }

    func outputShape(for inputShape: [Int]) -> [Int] { inputShape.dropLast() + [units] }

    mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
      if mistake == .noBuild { return }
      try kernel.build([inputShape.last!, units], using: &generator)
      try bias.build([units], using: &generator)
    }

    mutating func forEachWeight(_ body: (inout Weight<Float>) throws -> Void) rethrows {
      if mistake == .noVisit { return }
      try body(&kernel)
      if mistake != .noBiasVisit { try body(&bias) }
    }

    func call(_ x: Traced<Float>) throws -> Traced<Float> {
      switch mistake {
      case .noKernel: return try x.mean(axis: [-1], keepDimensions: true) + bias
      case .narrowOutput: return try x.matmul(kernel).sum(axis: [-1], keepDimensions: true)
      default: return try x.applying(Product(mistake: mistake), kernel) + bias
      }
    }

    struct Product: TensorOperation {
      let mistake: Mistake?

      func resultShapes(_ operands: [[Int]]) -> [[Int]] { [operands[0].dropLast() + [operands[1][1]]] }

      func forward(_ context: Context<Float>) -> Tensor<Float> {
        let x = context.operand(0)
        let product = x.matmul(context.operand(1))
        if mistake != .noResult { context.give(mistake == .shorterBatch ? product[1...] : product) }
        return x
      }

      func pullback(_ x: Tensor<Float>, _ context: Context<Float>) {
        let upstream = context.upstream()
        let gradient = x.transposed.matmul(upstream)
        switch mistake {
        case .flatWeightGradient: context.give(gradient.sum(axis: 0), of: 1)
        case .noWeightGradient: break
        default: context.give(gradient, of: 1)
        }
        switch mistake {
        case .narrowGradient: context.give(upstream, of: 0)
        case .noInputGradient: break
        default: context.give(upstream.matmul(context.operand(1).transposed), of: 0)
        }
      }
    }
  }

  /// x W + b with the defaults of a layer, and with whatever mistake it is told to make.
  struct Affine: Layer {
    enum Mistake { case noVisit, twoVisits, noOutputShape, highKernel, longBias }

    var kernel = Weight<Float>("kernel", initializer: .ones)
    var bias = Weight<Float>("bias", initializer: .zeros)
    let mistake: Mistake

    init(_ mistake: Mistake) { self.mistake = mistake }

    func outputShape(for inputShape: [Int]) -> [Int] { mistake == .noOutputShape ? inputShape : [2] }

    mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
      try kernel.build([inputShape[0] + (mistake == .highKernel ? 1 : 0), 2], using: &generator)
      try bias.build([mistake == .longBias ? 3 : 2], using: &generator)
    }

    mutating func forEachWeight(_ body: (inout Weight<Float>) throws -> Void) rethrows {
      if mistake == .noVisit { return }
      try body(&kernel)
      if mistake == .twoVisits { try body(&kernel) }
      try body(&bias)
    }

    func call(_ x: Traced<Float>) throws -> Traced<Float> { try x.matmul(kernel, bias: bias) }
  }

  /// The layer behind another, so that its gradient with respect to the input is needed.
  static func network(_ layer: some Layer<Float>) -> Sequential<Float> {
    var model = Sequential<Float> {
      Dense(3, activation: .tanh)
      layer.named("own")
    }
    model.compile(optimizer: .sgd(learningRate: 0.1, momentum: 0.9), loss: .meanSquaredError)
    return model
  }

  static func fit(_ layer: some Layer<Float>) {
    var generator = PhiloxGenerator(seed: 1)
    var model = network(layer)
    try! model.fit(x, y, progress: .none, using: &generator)
  }

  @Test func `a careful one is trained as a dense layer is`() throws {
    func weights(_ layer: any Layer<Float>) throws -> [Tensor<Float>] {
      var generator = PhiloxGenerator(seed: 1)
      var model = Sequential<Float>([Dense(3, activation: .tanh), layer])
      model.compile(optimizer: .adam(), loss: .meanSquaredError)
      try model.fit(Self.x, Self.y, batchSize: 4, epochs: 3, progress: .none, using: &generator)
      return model.weights.map(\.value)
    }
    for (own, dense) in zip(try weights(Linear()), try weights(Dense(2, kernelInitializer: .ones))) {
      #expect((own - dense).absolute().max().scalar < 1e-6)
    }
    #expect(try Linear()(Self.x) == Dense(2, kernelInitializer: .ones)(Self.x))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable () -> Void

    init(_ message: String, _ make: @escaping @Sendable () -> Void) {
      testDescription = message
      self.make = make
    }
  }

  static let mistakes = [
    Case(#"Linear "own": build(inputShape:using:) has left the weight "kernel" without a value"#) {
      fit(Linear(.noBuild))
    },
    Case(
      #"Linear "own": build(inputShape:using:) has left the weight "kernel" without a value (is it declared mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws?)"#
    ) {
      _ = try! network(Linear(.alwaysBuilt)).predict(x)
    },
    Case(#"Linear: build(inputShape:using:) has left the weight "kernel" without a value"#) {
      _ = try! Linear(.noBuild)(x)
    },
    Case(#"Linear "own": isBuilt is false behind build(inputShape:using:)"#) {
      _ = try! network(Linear(.neverBuilt))(x)
    },
    Case(#"Linear "own": forEachWeight(_:) does not visit the weight "kernel", which call(_:) uses"#) {
      fit(Linear(.noVisit))
    },
    Case(#"Linear "own": forEachWeight(_:) does not visit the weight "bias""#) { fit(Linear(.noBiasVisit)) },
    Case(#"Linear: forEachWeight(_:) does not visit the weight "kernel""#) { _ = try! Linear(.noVisit)(x) },
    Case(
      #"Affine "own": forEachWeight(_:) does not visit the weight "kernel", which call(_:) uses (is it declared mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows?)"#
    ) {
      fit(Affine(.noVisit))
    },
    Case(#"Affine "own": forEachWeight(_:) visits the weight "kernel" twice; once is allowed"#) {
      fit(Affine(.twoVisits))
    },
    Case(#"Affine: forEachWeight(_:) visits the weight "kernel" twice; once is allowed"#) {
      _ = try! Affine(.twoVisits)(x)
    },
    Case(#"Affine: forEachWeight(_:) does not visit the weight "kernel", which call(_:) uses"#) {
      _ = try! Affine(.noVisit)(x)
    },
    Case(
      #"Affine "own": kernel: matmul of samples of the shape [3] by the shape [4, 2]; allowed: […, inputs] by [inputs, units]"#
    ) {
      fit(Affine(.highKernel))
    },
    Case(#"Affine "own": bias: the bias has the shape [3]; allowed: [2], an element for each unit"#) {
      fit(Affine(.longBias))
    },
    Case(#"Affine "own": call gave the shape [2]; expected: [3] by outputShape"#) { fit(Affine(.noOutputShape)) },
    Case(
      #"Products: einsum: "i,j->ij" of [batch, 4] and [batch, 4]; allowed: a letter for each axis, and one length for each letter"#
    ) {
      _ = try! Products()(x)
    },
    Case("Backwards: the axis 2 of samples of the shape [4], which are without the batch; allowed: -1 to 0") {
      _ = try! Backwards()(x)
    },
    Case(#"Outer "outer": forEachWeight(_:) does not visit the weight "kernel""#) {
      var generator = PhiloxGenerator(seed: 1)
      var model = Sequential<Float> { Outer().named("outer") }
      try! model.build(for: x, using: &generator)
    },
    Case("Nothing: a layer has a function call(_:) of one tensor or of a list of them") { _ = try! Nothing()(x) },
    Case(
      #"Linear "own": kernel: call(_:) does not use the weight; create it with isTrainable: false if it is not trained"#
    ) {
      fit(Linear(.noKernel))
    },
    Case(#"Linear "own": call gave the shape [1]; expected: [2] by outputShape"#) { fit(Linear(.narrowOutput)) },
    Case(#"Linear "own": forward gave the shape [5, 2]; expected: [6, 2]"#) {
      _ = try! network(Linear(.shorterBatch)).predict(x)
    },
    Case("Linear: forward gave the shape [5, 2]; expected: [6, 2]") { _ = try! Linear(.shorterBatch)(x) },
    Case(#"Linear "own": the forward computation gave no result"#) { fit(Linear(.noResult)) },
    Case("Join: call gave the shape [8]; expected: [4] by outputShape") { _ = try! Join()(x, x) },
    Case(#"Linear "own": the pullback gave a gradient of the shape [6, 2] for operand 0 of the shape [6, 3]"#) {
      fit(Linear(.narrowGradient))
    },
    Case(#"Linear "own": the pullback gave no gradient of operand 0, which is needed"#) {
      fit(Linear(.noInputGradient))
    },
    Case(#"Linear "own": the pullback gave a gradient of the shape [2] for operand 1 of the shape [3, 2]"#) {
      fit(Linear(.flatWeightGradient))
    },
    Case(#"Linear "own": the pullback gave no gradient of operand 1, which is needed"#) {
      fit(Linear(.noWeightGradient))
    },
    Case(#"encoder/Linear "own": the pullback gave no gradient of operand 1, which is needed"#) {
      var generator = PhiloxGenerator(seed: 1)
      var model = Sequential<Float> { network(Linear(.noWeightGradient)).named("encoder") }
      model.compile(loss: .meanSquaredError)
      try! model.fit(x, y, progress: .none, using: &generator)
    },
  ]

  @Test(arguments: mistakes.indices) func `a mistake is told where it is, by the layer's name`(_ number: Int) async {
    await expectMessage(
      Self.mistakes[number].testDescription,
      of: #expect(processExitsWith: .failure, observing: standardError) { [number] in
        OwnLayerTests.mistakes[number].make()
      })
  }

  /// Has a layer that nobody is told of.
  struct Outer: Layer {
    var inner = Dense<Float>(2)

    func outputShape(for inputShape: [Int]) throws -> [Int] { try inner.outputShape(for: inputShape) }
    mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
      try inner.build(inputShape: inputShape, using: &generator)
    }
    func call(_ x: Traced<Float>) throws -> Traced<Float> { try inner(x) }
  }

  /// Says nothing of what it computes.
  struct Nothing: Layer { typealias Scalar = Float }

  /// Forgets the letter of the batch.
  struct Products: Layer { func call(_ x: Traced<Float>) throws -> Traced<Float> { try x.einsum("i,j->ij", x) } }

  /// Takes the batch axis for one of a sample.
  struct Backwards: Layer { func call(_ x: Traced<Float>) throws -> Traced<Float> { try x.sum(axis: 2) } }

  /// Puts samples behind each other.
  struct Join: Merge {
    typealias Scalar = Float

    func outputShape(forInputs inputShapes: [[Int]]) -> [Int] { inputShapes[0] }
    func merge(_ inputs: [Traced<Float>]) throws -> Traced<Float> {
      try inputs[0].concatenated(with: [inputs[1]], axis: 0)
    }
  }

  /// Has a weight that is too long.
  struct Gate: Layer {
    var gate = Weight<Float>("gate", initializer: .ones)

    mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
      try gate.build([inputShape[0] + 1], using: &generator)
    }
    mutating func forEachWeight(_ body: (inout Weight<Float>) throws -> Void) rethrows { try body(&gate) }
    func call(_ x: Traced<Float>) throws -> Traced<Float> { try gate * x }
  }

  @Test func `a weight that does not broadcast is told of with the name of its layer`() {
    let error = #expect(throws: LayerError.self) { try Sequential<Float> { Gate().named("gate") }(Self.x) }
    #expect(
      "\(error!)"
        == #"Gate "gate": the inputs have the shapes the weight [5], [batch, 4]; expected: shapes whose axes agree or have the length 1"#
    )
  }

  @Test func `a weight in the loss by its regularizer alone is trained by that`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var layer = Linear(.noKernel, regularizer: .l2(0.5))
    layer.kernel = Weight("kernel", initializer: .constant(2), regularizer: .l2(0.5))
    var model = Sequential<Float>([layer])
    model.compile(optimizer: .sgd(learningRate: 0.25), loss: .meanSquaredError)
    // The slope of 0.5 w² is w.
    for expected in [1.5, 1.125] as [Float] {
      try model.trainOnBatch(Self.x, Self.y, using: &generator)
      #expect(model.weights[0].value == Tensor(repeating: expected, shape: [4, 2]))
    }
  }

  @Test func `weights without elements are built`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = Sequential<Float> { PReLU() }
    let x = Tensor<Float>.zeros([3, 0])
    #expect(try model(x).shape == [3, 0])
    #expect(try PReLU<Float>()(x).shape == [3, 0])
    try model.build(for: x, using: &generator)
    #expect(model.isBuilt)
    #expect(try model.predict(x, batchSize: 2).shape == [3, 0])
  }
}
