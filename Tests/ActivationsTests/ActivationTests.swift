import Foundation
import Tensor
import TestSupport
import Testing

@testable import Activations

/// What the documentation states.
@Suite struct ActivationTests {
  @Test func `relu's examples`() {
    let x: Tensor<Float> = [-10, -5, 0, 5, 10]
    #expect(relu(x).scalars == [0, 0, 0, 5, 10])
    #expect(relu(x, alpha: 0.5).scalars == [-5, -2.5, 0, 5, 10])
    #expect(relu(x, maxValue: 5).scalars == [0, 0, 0, 5, 5])
    #expect(relu(x, threshold: 5).scalars == [0, 0, 0, 0, 10])
  }

  @Test func `softsign's example`() {
    #expect(softsign(Tensor<Float>([-1, 0, 1])).scalars == [-0.5, 0, 0.5])
  }

  @Test func `sigmoid is the first of two probabilities, the other logit being 0`() throws {
    let x = Tensor<Double>.linspace(-30, 30, count: 121)
    let pairs = Tensor.stacked([x, .zeros(x.shape)], axis: 1)
    let first = try softmax(pairs)[0..., 0]
    #expect((first / sigmoid(x) - 1).absolute().max().scalar < 1e-15)
  }

  @Test func `selu is its scale times elu`() {
    let x = Tensor<Double>.linspace(-30, 30, count: 121)
    let scaled = 1.0507009873554805 * elu(x, alpha: 1.6732632423543772)
    #expect((selu(x) - scaled).absolute().max().scalar < 1e-14)
  }

  @Test func `softmax sums to one`() throws {
    let x = Tensor<Double>.linspace(-5, 5, count: 60).reshaped([3, 20])
    #expect((try softmax(x).sum(axis: 1) - 1).absolute().max().scalar < 1e-15)
  }

  @Test func `shape and type of the result are those of the input`() throws {
    for activation in Activation<Float>.catalog where activation.name != "glu" {
      for shape in [[2, 3], [0, 4], [2, 1, 2]] {
        #expect(try activation(Tensor<Float>.ones(shape)).shape == shape, "\(activation)")
      }
      if activation.isElementwise { #expect(try activation(Tensor<Float>(1)).shape == []) }
    }
  }

  /// The files of the families, in which each factory and function stands beside its description.
  private func familySources() throws -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Activations/Elementwise").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try files.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
  }

  @Test func `each factory and each function leads to the description of its name`() throws {
    let sources = try familySources()
    let factories = sources.matches(of: /public static (?:var|func) (\w+)[^{]*\{\s*elementwise\(\.(\w+)/)
    let functions = sources.matches(of: /public func (\w+)<[^{]*\{\s*elementwise\(x, \.(\w+)/)
    for (name, definition) in (factories + functions).map({ ($0.1, $0.2) }) { #expect(name == definition) }
    let names = ElementwiseDefinition.all.map(\.swiftName)
    #expect(Set(factories.map { String($0.1) }) == Set(names))
    #expect(Set(functions.map { String($0.1) }) == Set(names.filter { $0 != "linear" }))
  }

  @Test func `each factory and each function takes the parameters of the description, in its order`() throws {
    let calls = try familySources().matches(
      of: /public (?:static )?func (\w+)(?:<[^>]*>)?\(([^{]*)\{\s*elementwise\((?:x, )?\.\w+([^\n]*)/)
    #expect(calls.count > 30)
    for (_, name, declared, passed) in calls.map(\.output) {
      let labels = ElementwiseDefinition.all.first { $0.swiftName == name }?.parameters.map(\.label)
      #expect(declared.matches(of: /(\w+): (?:Double|Bool)/).map { String($0.1) } == labels, "\(name)")
      #expect(passed.matches(of: /, (\w+)/).map { String($0.1) } == labels, "\(name)")
    }
  }

  @Test func `the documentation of each factory states the error bounds of the description`() throws {
    let stated = try familySources().matches(
      of: /- Error: ([^\n]+)\n(?:  \/\/\/[^\n]*\n)*  public static (?:var|func) (\w+)/)
    let texts = [String: String](uniqueKeysWithValues: stated.map { (String($0.2), String($0.1)) })
    for definition in ElementwiseDefinition.all where definition.name != "linear" {
      let text = try #require(texts[definition.swiftName], "\(definition.name)")
      let (value, slope) = (definition.formula.errors.value!, definition.formula.errors.slope!)
      func number(_ bound: Double) -> String { bound.formatted(.number.grouping(.never)) }
      var expected = "Float at most \(number(value.float)) ulp, Double \(number(value.double)); "
      expected += "slope \(number(slope.float)) and \(number(slope.double))"
      if value.float == value.double { expected = "at most \(number(value.float)) ulp; slope \(number(slope.float))" }
      if value.float == 0 && slope.float == 0 { expected = "0" }
      if definition.formula.errors.leastSlope != nil { expected += " ulp of max(|slope|, 2⁻⁸)" }
      #expect(text == expected + "." || text.hasPrefix(expected + ". "), "\(definition.name): \(text)")
    }
  }

  @Test func `functions take the parameters of the values`() throws {
    let x = Tensor<Float>.linspace(-8, 8, count: 33)
    #expect(linear(x) == x)
    #expect(relu(x) == (try Activation.relu(x)))
    #expect(threshold(x, threshold: 0.5, value: -7) == (try Activation.threshold(threshold: 0.5, value: -7)(x)))
    #expect(hardTanh(x, minValue: -2, maxValue: 0.5) == (try Activation.hardTanh(minValue: -2, maxValue: 0.5)(x)))
    #expect(rrelu(x, lower: 0.1, upper: 0.3) == (try Activation.rrelu(lower: 0.1, upper: 0.3)(x)))
    #expect(elu(x, alpha: 0.3) == (try Activation.elu(alpha: 0.3)(x)))
    #expect(gelu(x, approximate: true) == (try Activation.gelu(approximate: true)(x)))
    #expect(softplus(x, beta: 3) == (try Activation.softplus(beta: 3)(x)))
    #expect(leakyRelu(Tensor<Float>([-1])).scalar == -0.2)
    #expect(hardSigmoid(x, alpha: 0.3, beta: 0.7) == (try Activation.hardSigmoid(alpha: 0.3, beta: 0.7)(x)))
    #expect(selu(x, alpha: 1.7, scale: 1.3) == (try Activation.selu(alpha: 1.7, scale: 1.3)(x)))
  }

  @Test func `activations are equal where function and parameters are`() {
    #expect(Activation<Float>.relu == .relu())
    #expect(Activation<Float>.relu == .relu(maxValue: .infinity))
    #expect(Activation<Float>.relu(alpha: 0.1) != .relu)
    #expect(Activation<Float>.softmax(axis: 0) != .softmax)
    #expect(Activation<Float>.celu != .elu)
    #expect(Set(Activation<Float>.catalog).count == Activation<Float>.catalog.count)
    #expect(Activation(.elu) == Activation<Float>.elu)
  }

  @Test func `slopes of single elements are for elementwise activations`() {
    let error = #expect(throws: ActivationError.self) {
      try Activation.softmax.derivative(at: Tensor<Float>.ones([2, 2]))
    }
    #expect("\(error!)".hasPrefix("softmax is not a built-in function of single elements"))
  }

  typealias F = Activation<Float>
  /// Refused arguments of one factory and one function; ParameterTests tries those of every parameter.
  static let mistakes: [(message: String, make: @Sendable () -> Void)] = [
    ("relu: maxValue is -1.0; allowed: numbers of at least 0, or none", { _ = F.relu(maxValue: -1) }),
    ("rrelu: lower is 0.5; allowed: numbers up to upper, which is 0.25", { _ = F.rrelu(lower: 0.5, upper: 0.25) }),
    ("softplus: beta is 0.0; allowed: normal numbers above 0", { _ = softplus(Tensor<Float>(1), beta: 0) }),
    (
      "selu: scale is 1e+30; allowed: numbers whose product is finite with alpha, which is 1e+20",
      { _ = selu(Tensor<Float>(1), alpha: 1e20, scale: 1e30) }
    ),
    (
      "relu: the upstream gradient has the shape [2], the output has the shape [3]",
      { _ = try? F.relu.pullback(.ones([2]), input: .ones([3])) }
    ),
    ("a bias of [2] does not broadcast to [3]", { _ = try? F.relu(.ones([3]), bias: .ones([2])) }),
    (
      "relu: the shape [3] does not fit into [2]",
      {
        var result = Tensor<Float>.ones([2])
        try? F.relu.apply(to: .ones([3]), into: &result)
      }
    ),
    (
      "prelu: slopes of the shape [2] do not broadcast to [3]",
      { _ = prelu(Tensor<Float>.ones([3]), alpha: .ones([2])) }
    ),
    (
      "threshold: value is 300; allowed: integers of uint8",
      { _ = threshold(Tensor<UInt8>.ones([3]), threshold: 0, value: 300) }
    ),
  ]

  @Test(arguments: mistakes.indices)
  func `the programmer's mistakes stop the program`(index: Int) async {
    await expectMessage(
      Self.mistakes[index].message,
      of: #expect(processExitsWith: .failure, observing: standardError) { [index] in
        ActivationTests.mistakes[index].make()
      })
  }
}

@Suite struct CustomActivationTests {
  let x = Tensor<Float>([-2, 0, 3])

  @Test func `a custom function is called, trained through and compared by identity`() throws {
    let cubed = Activation<Float>.custom("cubed", { $0 * $0 * $0 }, pullback: { upstream, x in upstream * 3 * x * x })
    #expect(try cubed(x).scalars == [-8, 0, 27])
    #expect(try cubed(x, bias: Tensor(1)).scalars == [-1, 1, 64])
    #expect(try cubed.pullback(Tensor([1, 1, 2]), input: x).scalars == [12, 0, 54])
    #expect("\(cubed)" == "cubed")
    let copy = cubed
    #expect(copy == cubed)
    #expect(cubed != .custom("cubed", { $0 * $0 * $0 }))
    #expect(throws: ActivationError.derivativeMissing(activation: "cubed")) { try cubed.derivative(at: x) }
  }

  @Test func `a changed shape throws with both`() {
    let sum = Activation<Float>.custom("sum", { $0.sum() }, pullback: { upstream, _ in upstream.sum() })
    let error = #expect(throws: ActivationError.self) { try sum(x) }
    #expect(
      "\(error!)" == "sum: a tensor of the shape [3] became one of the shape []; "
        + "a custom activation and its pullback keep the shape")
    #expect(throws: ActivationError.shapeChanged(activation: "sum", shape: [3], result: [])) {
      try sum.pullback(x, input: x)
    }
  }

  @Test func `what it throws becomes an error that names it`() {
    struct Trouble: Error {}
    let failing = Activation<Float> { _ in throw Trouble() }
    #expect(throws: ActivationError.failed(activation: "custom", reason: "Trouble()")) { try failing(x) }
    let flat = Activation<Float> { try softmax($0) }
    #expect(throws: ActivationError.rankTooLow(activation: "softmax", shape: [3])) { try flat(x) }
  }

  @Test func `without a pullback it cannot be trained through`() {
    let doubled = Activation<Float> { $0 * 2 }
    #expect(throws: ActivationError.pullbackMissing(activation: "custom")) { try doubled.pullback(x, input: x) }
  }
}

@Suite struct ParametricRectifierTests {
  let x = Tensor<Double>([[-2, 0, 3], [-1, 4, .nan]])

  @Test func `slopes are one, one for each channel or one for each element`() {
    #expect(prelu(x[0], alpha: Tensor(0.5)).scalars == [-1, 0, 3])
    let channels = prelu(x, alpha: [0.5, 10, -1])
    #expect(channels[0].scalars == [-1, 0, 3])
    #expect(channels[1, 0..<2].scalars == [-0.5, 4])
    #expect(channels[at: 1, 2].isNaN)
    #expect(prelu(x[0], alpha: [3, 2, 1]).scalars == [-6, 0, 3])
    #expect(prelu(Tensor<Int32>([-4, 4]), alpha: Tensor<Float>(0.5)).scalars == [-2, 4])
    let limits = prelu(Tensor<Double>([-.infinity, .infinity, -0.0]), alpha: Tensor(0.25)).scalars
    #expect(limits == [-.infinity, .infinity, 0] && limits[2].sign == .minus)
  }

  @Test func `gradients by the input and by the slopes`() {
    let upstream: Tensor<Double> = [[1, 2, 3], [4, 5, 6]]
    let gradients = preluPullback(upstream, input: x, alpha: [0.5, 10, -1])
    #expect(gradients.input[0].scalars == [0.5, 0, 3])
    #expect(gradients.input[1, 0..<2].scalars == [2, 5])
    #expect(gradients.input[at: 1, 2].isNaN)
    #expect(gradients.alpha[0..<2].scalars == [-6, 0])
    #expect(gradients.alpha[at: 2].isNaN)
    #expect(preluPullback(upstream[0], input: x[0], alpha: Tensor(0.5)).alpha == Tensor(-2))
    #expect(preluPullback(upstream[0..., 0..<1], input: x[0..., 0..<1], alpha: [[2]]).alpha == [[-6]])
  }

  @Test func `randomised slopes lie in their range, repeat with the seed and have their mean in evaluation`() {
    var generator = PhiloxGenerator(seed: 5)
    let y = rrelu(Tensor<Float>(repeating: -1, shape: [1000]), using: &generator)
    #expect(y.max().scalar <= -0.125 && y.min().scalar >= -1 / 3)
    #expect(abs(y.mean().scalar + 0.22916667) < 0.01)
    var again = PhiloxGenerator(seed: 5)
    let slopes = Tensor<Float>.uniform([1000], in: 0.125..<Float(1.0 / 3), using: &again)
    #expect(prelu(Tensor<Float>(repeating: -1, shape: [1000]), alpha: slopes) == y)
    #expect(rrelu(Tensor<Float>([-48, 1]), lower: 0.125, upper: 0.375).scalars == [-12, 1])
    #expect(rrelu(Tensor<Float>([-4, 1]), lower: 0.25, upper: 0.25, using: &again).scalars == [-1, 1])
  }
}
