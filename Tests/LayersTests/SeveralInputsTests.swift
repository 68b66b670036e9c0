import KerasFormat
import Layers
import TestSupport
import Testing

/// Models of several inputs and outputs, whatever their type.
@Suite struct SeveralInputsTests {
  let x = Tensor<Float>.linspace(-1, 1, count: 24).reshaped([6, 4])
  let y = Tensor<Float>.linspace(2, -2, count: 24).reshaped([6, 4])

  private func twin() throws -> Model<Float> {
    let (left, right) = (Input<Float>(4).named("left"), Input<Float>(4).named("right"))
    let sum = Add()(left, right)
    let head = Dense<Float>(3, activation: .softmax).named("head")
    return try Functional(inputs: [left, right], outputs: [head(sum), Subtract()(left, right)])
  }

  @Test func `a list of tensors is a list of inputs`() throws {
    let model = try twin()
    let outputs = try model([x, y])
    #expect(outputs.map(\.shape) == [[6, 3], [6, 4]] && outputs[1] == x - y)
    let predicted = try model.predict([x, y])
    #expect(predicted == outputs)
    for batchSize in [1, 4, 6] { #expect(try model.predict([x, y], batchSize: batchSize) == outputs) }
  }

  @Test func `a batch may be written as rows of numbers`() throws {
    let model = Sequential<Float> { Rescaling(scale: 2) }
    let rows = try model([[1, 2], [3, 4]])
    #expect(rows == [[2, 4], [6, 8]])
    let anyModel: Model<Float> = model
    let predicted = try anyModel.predict([[0.5, 1.5]])
    #expect(predicted == [[1, 3]])
  }

  @Test func `inputs that do not fit are refused before anything is computed`() throws {
    let model = try twin()
    func text(_ inputs: [Tensor<Float>]) -> String {
      do {
        _ = try model.predict(inputs, batchSize: 2)
        return "nothing was thrown"
      } catch {
        return "\(error)"
      }
    }
    #expect(text([x]) == "Functional takes 2 inputs, not 1")
    #expect(text([]) == "Functional takes 2 inputs, not 0")
    #expect(text([x, y[0..<4]]).contains("expected: batches of the same number of samples"))
    #expect(text([x, Tensor.zeros([6, 3])]).contains("the input has the shape [batch, 3]; expected: [batch, 4]"))
    #expect(throws: TrainingError.self) { try model.predict([x, y], batchSize: 0) }
  }

  @Test func `a sequence takes a list of one`() throws {
    let model: Model<Float> = Sequential<Float> { Rescaling(scale: 2) }
    #expect(try model.predict([x], batchSize: 4) == [x * 2])
    #expect(try model.predict(x, batchSize: 4) == x * 2)
  }

  // MARK: Names

  @Test func `inputs and outputs are told with names and shapes`() throws {
    let model = try twin()
    #expect("\(model.inputs)" == "[left (None, 4), right (None, 4)]")
    #expect("\(model.outputs)" == "[head (None, 3), subtract (None, 4)]")
    let sequence = Sequential<Float> { Dense(3) }
    #expect("\(sequence.inputs) \(sequence.outputs)" == "[input_layer ?] [dense ?]")
    let named = Sequential<Float> { Input(4).named("pixels") }
    #expect(named.inputs == named.outputs && named.inputs[0].name == "pixels" && named.inputs[0].shape == [4])
  }

  @Test func `inputs without a name get those that are left`() throws {
    let (a, b, c) = (Input<Float>(4), Input<Float>(4).named("input_layer"), Input<Float>(4))
    let model = try Functional(inputs: [a, b, c], outputs: Add()(a, b, c))
    #expect(model.inputs.map(\.name) == ["input_layer_1", "input_layer", "input_layer_2"])
  }

  @Test func `names of inputs are kept by configurations`() throws {
    let configuration = try twin().configuration
    let again: Model<Float> = try readModel(configuration: configuration)
    #expect(again.inputs.map(\.name) == ["left", "right"])
    #expect(again.outputs == (try twin()).outputs)
  }

  @Test func `outputs that a configuration names keep their names`() throws {
    let json = try twin().configuration.json
    let listed = #"[["head",0,0],["subtract",0,0]]"#
    let compact = String(json.filter { !$0.isWhitespace })
    #expect(compact.contains(listed))
    let named = compact.replacing(listed, with: #"{"classes":["head",0,0],"distance":["subtract",0,0]}"#)
    let model: Model<Float> = try readModel(configuration: Configuration(json: named))
    #expect(model.outputs.map(\.name) == ["classes", "distance"])
    let again: Model<Float> = try readModel(configuration: model.configuration)
    #expect(again.outputs == model.outputs)
  }

  @Test func `the summary of a functional model begins with its inputs`() throws {
    let text = try twin().summary()
    #expect(text.contains("Connected to"))
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("│") }.map { $0.split(separator: "│") }
    let cells = rows.map { $0.map { cell in cell.split(separator: " ").joined(separator: " ") } }
    #expect(
      Set(cells) == [
        ["left (InputLayer)", "(None, 4)", "0", "-"], ["right (InputLayer)", "(None, 4)", "0", "-"],
        ["add (Add)", "(None, 4)", "0", "left, right"], ["subtract (Subtract)", "(None, 4)", "0", "left, right"],
        ["head (Dense)", "(None, 3)", "0 (unbuilt)", "add"],
      ])
    #expect(cells[0][0] == "left (InputLayer)" && cells[1][0] == "right (InputLayer)")
    let input = Input<Float>(4)
    let chain = try Functional(inputs: input, outputs: Dense<Float>(2)(input)).summary()
    #expect(chain.contains("input_layer (InputLayer)") && !chain.contains("Connected to"))
  }

  @Test func `two inputs of one name stop the program`() async {
    await expectMessage(
      #"two inputs of a model have the name "x"; names are to be unique"#,
      of: #expect(processExitsWith: .failure, observing: standardError) {
        let (a, b) = (Input<Float>(4).named("x"), Input<Float>(4).named("x"))
        _ = try Functional(inputs: [a, b], outputs: Add()(a, b))
      })
  }
}
