import Foundation
import KerasFormat
import Testing

@testable import Layers
@testable import Tensor

/// A model with operations as Keras computed it: see make_operations.py.
private struct KerasOperation: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let model: Configuration
  let inputs: [TensorFixture]
  let output: TensorFixture
  let upstream: TensorFixture
  let gradients: [TensorFixture]

  var testDescription: String { name }

  static let all: [KerasOperation] = try! jsonFixture("operations")
}

@Suite struct OperationTests {
  @Test(arguments: KerasOperation.all)
  fileprivate func `an operation computes what Keras's does, and so do its gradients`(_ keras: KerasOperation) throws {
    let model = try Model<Double>(configuration: keras.model)
    let result = try run(model, keras.inputs.map(\.tensor), training: true) { _ in [keras.upstream.tensor] }
    #expect(isClose(result.output, keras.output.tensor))
    #expect(try isClose(model(keras.inputs.map(\.tensor))[0], keras.output.tensor))
    for (gradient, expected) in zip(result.inputs, keras.gradients) {
      #expect(isClose(gradient, expected.tensor, 1e-11))
    }
  }

  @Test(arguments: KerasOperation.all)
  fileprivate func `an operation is written as Keras writes it`(_ keras: KerasOperation) throws {
    let written = try Model<Double>(configuration: keras.model).configuration
    #expect(try Model<Double>(configuration: written).configuration == written)
    let nodes = [written, keras.model].map {
      $0["config"]?["layers"]?.asList?.filter { $0["class_name"] != "InputLayer" }
    }
    #expect(nodes[0]?.map(withoutTensors) == nodes[1]?.map(withoutTensors))
  }

  /// Tensors of JAX are written in another way than NumPy's arrays.
  private func withoutTensors(_ value: Configuration) -> Configuration {
    switch value {
    case .list(let elements): .list(elements.map(withoutTensors))
    case .object(let fields) where fields["class_name"] == "__tensor__":
      .object(fields.merging(["class_name": "__numpy__"]) { $1 })
    case .object(let fields): .object(fields.mapValues(withoutTensors))
    default: value
    }
  }

  @Test func `every operation is compared with Keras`() {
    let nodes = KerasOperation.all.flatMap { $0.model["config"]?["layers"]?.asList ?? [] }
    let compared = Set(nodes.compactMap { $0["class_name"]?.asString })
    for operation in NamedOperation<Double>.plain { #expect(compared.contains(operation.name), "\(operation.name)") }
  }

  @Test func `operators on a model's tensors are operations`() throws {
    let x = Input<Double>(3)
    let y = Input<Double>(3)
    let outputs = [
      x + 3, 3 + x, x - 3, 3 - x, x * 3, 3 * x, x / 3, 3 / x, -x, x + y, x - y, x * y, x / y,
      x * Activation.relu6(x + 3) * (1 / 6),
    ]
    let model = try Functional(inputs: [x, y], outputs: outputs)
    let (a, b) = (sample([2, 3]), sample([2, 3], seed: 8))
    let expected = [
      a + 3, 3 + a, a - 3, 3 - a, a * 3, 3 * a, a / 3, 3 / a, -a, a + b, a - b, a * b, a / b, hardSilu(a),
    ]
    for (output, expected) in zip(try model([a, b]), expected) { #expect(isClose(output, expected)) }
    #expect(model.stages.prefix(2).map(\.description) == ["add: Add(x, 3.0)", "add_1: Add(3.0, x)"])
  }

  @Test func `constants broadcast to samples, and tensors with the batch`() throws {
    let one = OperationLayer<Float>(.named("Multiply"), [.tensor, .constant(.ones([1, 3]))])
    #expect(try one.outputShapes(for: [[3]]) == [[3]] && one.outputShapes(for: [[2, 1]]) == [[2, 3]])
    let message = #expect(throws: LayerError.self) { try one.outputShapes(for: [[]]) }
    #expect(
      message?.description == "Multiply: the inputs have the shapes [batch], [1, 3]; expected: a constant without the "
        + "batch axis, or with the length 1 along it")
    let many = OperationLayer<Float>(.named("Multiply"), [.tensor, .constant(.ones([2, 3]))])
    #expect(throws: LayerError.self) { try many.outputShapes(for: [[3]]) }
    #expect(throws: LayerError.self) { try many.outputShapes(for: [[2, 4]]) }
    let two = OperationLayer<Float>(.named("Add"), [.tensor, .tensor])
    let ranks = #expect(throws: LayerError.self) { try two.outputShapes(for: [[4], [3, 4]]) }
    #expect(
      ranks?.description == "Add: the inputs have the shapes [batch, 4], [batch, 3, 4]; expected: shapes of the same "
        + "number of axes, as the first is the batch's")
    #expect(throws: LayerError.inputCount(layer: "Add", expected: 2, found: 1)) { try two.outputShapes(for: [[4]]) }
  }

  @Test func `results of operations have no mask`() throws {
    let x = Input<Double>(3, 2)
    let masked = Masking<Double>()(x)
    let model = try Functional(inputs: x, outputs: Multiply()(masked * 2, masked))
    // The layer would count a masked step as 1 if both of its inputs had a mask.
    #expect(try model(.ones([1, 3, 2])) == .filled([1, 3, 2], with: 2))
    let values = Tensor<Double>([[[0, 0], [1, 2], [0, 0]]])
    #expect(try model(values) == values * 2 * Tensor.where(values .== 0, Tensor(1), values))
  }

  @Test func `powers have gradients where their formulas have none`() throws {
    let x = Tensor<Double>([[0, 0, 2, -2]])
    let y = Tensor<Double>([[0, 2, 0, 3]])
    let power = OperationLayer<Double>(.named("Power"), [.tensor, .tensor])
    let result = try run(power, [x, y], training: true)
    #expect(result.output == Tensor([[1, 0, 1, -8]]))
    #expect(result.inputs[0] == Tensor([[0, 0, 0, 12]]))
    #expect(Array(result.inputs[1].scalars.prefix(2)) == [0, 0] && isClose(result.inputs[1][0, 2], Tensor(M_LN2)))
  }

  @Test func `an operation is fused into the layer before it, as an activation is`() throws {
    let x = Input<Float>(4)
    let model = try Functional(
      inputs: x,
      outputs: OperationLayer(
        NamedOperation(.relu, name: "Relu", module: "keras.src.ops.nn", parameters: [:]), [.tensor])(Dense(3)(x)))
    var built = model
    var generator = PhiloxGenerator(seed: 1)
    try built.build(using: &generator)
    #expect(try built.computation(.inference, [[4]], isDifferentiated: false).plan.steps.count == 1)
  }
}
