import Foundation
import TestSupport
import Testing

@testable import ModelFiles

/// What files say of training and there is nothing for; make-keras2-others.py and make-keras3-others.py make them.
@Suite(.temporaryFolder) struct KerasNoteTests {
  private func model(_ name: String) throws -> Model<Float> { try readModel(from: "\(kerasFolder)/\(name)") }

  @Test func `a custom loss leaves the model without training`() throws {
    let model = try model("k2_custom_loss.h5")
    #expect(model.compilation == nil)
    #expect(model.notes == ["training_config: no loss is called \"own_loss\"; the model is not compiled"])
    #expect(try readModel(from: "\(kerasFolder)/k2_custom_loss.h5", compile: false).notes.isEmpty)
    var registry = LayerRegistry<Float>()
    registry.register(
      Loss<Float>.custom("own_loss") { prediction, target in
        ((prediction - target) * (prediction - target)).mean(axis: -1)
      })
    let known = try readModel(from: "\(kerasFolder)/k2_custom_loss.h5", registry: registry)
    #expect(known.notes.isEmpty && known.compilation?.loss.name == "own_loss")
    #expect(known.compilation?.optimizer.optimizer.name == "Adam")
  }

  @Test func `custom metrics and optimizers are left out`() throws {
    let model = try model("k2_custom_metric.h5")
    #expect(
      model.notes == [
        "training_config: no optimizer is called \"OwnAdam\"; RMSprop replaces it",
        "training_config: no metric is called \"own_loss\"; it is left out",
      ])
    let compilation = try #require(model.compilation)
    #expect(compilation.loss == .meanSquaredError && compilation.metrics.map(\.name) == ["mae"])
    #expect(compilation.optimizer.optimizer == .rmsprop())
  }

  @Test func `losses of several outputs are read`() throws {
    let model = try model("k2_multi_output.h5")
    let objectives = try #require(model.compilation).objectives
    #expect(model.notes.isEmpty && model.outputs.map(\.name) == ["a", "b"])
    #expect(objectives.map(\.loss) == [.meanSquaredError, .meanAbsoluteError] && objectives.map(\.weight) == [0.5, 1])
  }

  @Test func `without an optimizer it is RMSprop, as in Keras`() throws {
    let model = try model("k3_no_optimizer.keras")
    #expect(model.notes.isEmpty && model.compilation?.optimizer.optimizer == .rmsprop())
    #expect(model.compilation?.loss == .meanSquaredError)
  }

  @Test func `shapes between layers are written where lengths are any`() throws {
    let model = try model("k3_unknown_length.keras")
    let json = try model.configuration.json
    #expect(json.contains("\"shape\": [null, null, 4]") && !json.contains("\"shape\": null"))
    #expect(model.outputs[0].shape == [nil, 3])
  }

  @Test func `layers of Keras 1 that nobody has any more are told as such`() throws {
    let (old, new) = (Array("GaussianNoise".utf8), Array("Convolution2D".utf8))
    var bytes = fixtureBytes("k1_sequential.h5")
    #expect(bytes.contains(old))
    bytes.replace(old, with: new)
    let error = #expect(throws: ModelFileError.self) { try readModel(bytes: bytes, name: "a.h5", as: Float.self) }
    #expect(error?.kind == .unsupported)
    let text = try #require(error).description
    #expect(text.contains("Keras 1") && text.contains("no layer is called \"Convolution2D\""), "\(text)")
  }

  @Test func `Keras 1's parameters are those of Keras 2`() throws {
    let model = try model("k1_sequential.h5")
    let dense = try #require(model.stages[0].layer as? any ConfigurableLayer<Float>).layerParameters
    #expect(dense["kernel_regularizer"]?["class_name"] == "L1L2" || dense["kernel_regularizer"]?["class_name"] == "L2")
    #expect(dense["kernel_constraint"]?["config"]?["max_value"] == 2)
    #expect(model.inputs[0].shape == [6])
    #expect(model.notes.isEmpty && model.compilation?.optimizer.optimizer.learningRate.name == "InverseTimeDecay")
  }

  @Test func `names that look alike are different names`() throws {
    let names = ["\u{e9}", "e\u{301}"]
    var model = Sequential<Float> {
      Input(3)
      Dense(2).named(names[0])
      Dense(2).named(names[1])
    }
    var generator = PhiloxGenerator(seed: 4)
    try model.build(using: &generator)
    #expect(model[names[0]].layer.weights[0].value.shape == [3, 2])
    #expect(model[names[1]].layer.weights[0].value.shape == [2, 2])
    for name in ["a.npz", "a.safetensors", "a.weights.h5"] {
      let path = temporaryFile(name)
      try model.writeWeights(to: path)
      #expect(try openTensorFile(path).tensors.count == 4)
      var copy = model
      copy.forEachWeight { $0.value = $0.value * 0 }
      try copy.readWeights(from: path)
      #expect(copy.weights.map(\.value) == model.weights.map(\.value), "\(name)")
    }
    let path = temporaryFile("a.keras")
    try model.write(to: path)
    let copy = try readModel(from: path)
    #expect(copy.stages.map { Array($0.name.utf8) } == names.map { Array($0.utf8) })
    #expect(copy.weights.map(\.value) == model.weights.map(\.value))
    let input = Input<Float>(3)
    let difference = Subtract()(Dense(2).named(names[0])(input), Dense(2).named(names[1])(input))
    var functional = try Functional(inputs: input, outputs: difference)
    try functional.build(using: &generator)
    let again: Model<Float> = try readModel(configuration: functional.configuration)
    #expect(again.stages.count == 3)
  }
}
