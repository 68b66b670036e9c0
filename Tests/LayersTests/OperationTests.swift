import Foundation
import Testing

@testable import KerasFormat
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

  /// Tensors of JAX are written in another way than NumPy's arrays, and all tensors here are of one element type.
  private func withoutTensors(_ value: Configuration) -> Configuration {
    switch value {
    case .list(let elements): .list(elements.map(withoutTensors))
    case .object(let fields) where fields["class_name"] == "__tensor__":
      .object(fields.merging(["class_name": "__numpy__"]) { $1 })
    case .object(let fields) where fields["keras_history"] != nil:
      .object(fields.merging(["dtype": nil]) { $1 })
    case .object(let fields): .object(fields.mapValues(withoutTensors))
    default: value
    }
  }

  @Test func `every operation is compared with Keras`() {
    let nodes = KerasOperation.all.flatMap { $0.model["config"]?["layers"]?.asList ?? [] }
    let compared = Set(nodes.compactMap { $0["class_name"]?.asString })
    let known = NamedOperation<Double>.plain.map(\.name) + makers(Double.self).keys
    // Keras's own broadcast_to takes no batch of any length.
    for name in known where name != "BroadcastTo" { #expect(compared.contains(name), "\(name)") }
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

  @Test func `indices of a model's tensor are those of batches`() throws {
    let x = Input<Double>(4, 6)
    let outputs = [
      x[.all, 0], x[.ellipsis, .newAxis], x[.all, 1..., Slice(step: -2)], x[.ellipsis, -1], x[.all, 2, 1...3],
    ]
    let model = try Functional(inputs: x, outputs: outputs)
    let a = sample([3, 4, 6])
    let expected = [
      a[.all, 0], a[.ellipsis, .newAxis], a[.all, 1..., Slice(step: -2)], a[.ellipsis, -1], a[.all, 2, 1...3],
    ]
    #expect(try model([a]) == expected)
    #expect(model.stages[0].description == "get_item: GetItem()")
    let again: Model<Double> = try readModel(configuration: model.configuration)
    #expect(try again([a]) == expected)
  }

  @Test func `the batch axis is neither indexed nor moved nor summed over`() throws {
    func message(_ operation: NamedOperation<Float>, _ shapes: [Int]...) -> String {
      let layer = OperationLayer(operation, shapes.map { _ in .tensor })
      let error = #expect(throws: LayerError.self) { try layer.outputShapes(for: shapes) }
      return error?.description ?? ""
    }
    #expect(
      message(.getItem([.element(0)]), [4])
        == "GetItem: the input has the shape [batch, 4]; expected: one that [0] can index, without an index of the batch"
    )
    #expect(message(.getItem([.slice(Slice(1, nil))]), [4]).contains("one that [1:] can index, with the whole batch"))
    #expect(message(.getItem([.newAxis, .ellipsis]), [4]).contains("[None, ...]"))
    #expect(message(.getItem([.ellipsis, .element(4)]), [4]).contains("[..., 4]"))
    #expect(message(.getItem([.slice(.all), .slice(Slice(2, 2))]), [4]).contains("[:, 2:2]"))
    #expect(message(.getItem([.slice(.all), .element(0), .element(0)]), [4]).contains("[:, 0, 0]"))
    #expect(message(.transpose([1, 0]), [4]).contains("the batch first"))
    #expect(message(.swapAxes(1, -3), [4, 5]).contains("the axes [-3] behind the batch"))
    #expect(message(.flip([2]), [4]).contains("the axes [2]"))
    #expect(message(.reshape([-1, 3]), [4]).contains("[-1, 3] changes without its batch axis"))
    #expect(message(.reshape([2, 2]), [4]).contains("[2, 2]"))
    #expect(message(.reshape([nil, -1, 0]), [4]).contains("[batch, -1, 0]"))
    #expect(message(.tile([2, 1]), [4]).contains("the batch once"))
    #expect(message(.tile([.max]), [4]).contains("is an integer"))
    #expect(message(.pad([[1, 1]], .constant, value: nil, written: nil), [4]).contains("none around the batch"))
    #expect(message(.pad([[0, 0], [.max, 1]], .constant, value: nil, written: nil), [4]).contains("is an integer"))
    #expect(
      message(.pad([[0, 0], [4, 1]], .reflect, value: nil, written: nil), [4]).contains("longer than the border"))
    #expect(message(.squeeze([1]), [4]).contains("the length 1 along the axes [1]"))
    #expect(message(.split("Split", into: 3, axis: 1), [4]).contains("3 parts"))
    #expect(message(.split("Split", at: [3, 2], axis: 1), [4]).contains("begin at [3, 2]"))
    #expect(message(.take([4], axis: 1, isOne: true), [4]).contains("the places [4]"))
    #expect(message(.concatenate(axis: 1), [4, 2], [4, 3]).contains("except along the axis 1"))
    #expect(message(.stack(axis: 1), [4], [3]).contains("batches of equal shapes"))
    #expect(message(.named("Matmul"), [4], [4]).contains("a result with the batch axis first"))
    #expect(message(.named("Matmul"), [4, 2], [3, 4]).contains("one length of every axis"))
    #expect(message(.named("Dot"), [4], [4]).contains("the batch axis is not multiplied"))
    #expect(message(.einsum(try #require(ProductEquation("bi,ci->bc"))), [4], [4]).contains("the batch axis first"))
    #expect(message(.einsum(try #require(ProductEquation("bij->bi"))), [4]).contains("shapes that fit \"bij->bi\""))
    #expect(message(.reductions([0], keepsAxes: false)[0], [4]).contains("the axes [0] behind the batch"))
    for text in ["", "bii->b", "bi->bj", "b?->b", "bi,->b", "bi->b->b", "b..i...->b"] {
      #expect(ProductEquation(text) == nil)
    }
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
