import Foundation
import TestSupport
import Testing

@testable import ModelFiles

private func path(_ name: String) -> String { "\(kerasFolder)/\(name)" }

/// Inputs and Keras's outputs for a model.
private struct Samples {
  let file: NPZFile

  init(_ name: String) throws { file = try NPZFile(path("\(name).npz")) }

  func all(_ letter: String) throws -> [Tensor<Float>] {
    try (0..<9).compactMap { index in
      file.tensors.contains { $0.name == "\(letter)\(index)" } ? try file.tensor("\(letter)\(index)") : nil
    }
  }
}

private func difference(_ left: [Tensor<Float>], _ right: [Tensor<Float>]) -> Float {
  guard left.count == right.count else { return .infinity }
  var largest: Float = 0
  for (left, right) in zip(left, right) {
    guard left.shape == right.shape else { return .infinity }
    for (left, right) in zip(left.scalars, right.scalars) {
      largest = left.isNaN || right.isNaN ? .infinity : max(largest, abs(left - right))
    }
  }
  return largest
}

extension Model {
  /// The same architecture with other weights.
  fileprivate var scrambled: Self {
    var copy = self
    copy.forEachWeight { $0.value = $0.value * 0 + 0.5 }
    return copy
  }

  fileprivate var bits: [[UInt64]] {
    weights.map { weight in weight.value.scalars.map { Double($0).bitPattern } }
  }
}

@Suite(.temporaryFolder) struct KerasModelTests {
  static let whole = [
    "k3_sequential.keras", "k3_sequential.h5", "k3_older.keras", "k3_kinds.keras", "k3_functional.keras",
    "k3_functional.h5", "k3_functional_dropout.keras", "k3_unbuilt_activation.keras", "k3_unbuilt_activation.h5",
    "k3_nested.keras", "k3_nested.h5", "k3_layer_activations.keras", "k3_float16.keras",
    "k3_bfloat16.keras", "k3_mixed_float16.keras", "k3_mixed_bfloat16.keras", "k3_float64.keras",
    "k2_sequential.keras", "k2_sequential.h5", "k2_unicode.h5", "k2_track_order.h5", "k2_functional.keras",
    "k2_functional.h5", "k2_layer_activations.keras", "k2_layer_activations.h5", "k2_no_input_layer.h5",
    "k2_bare_list.h5", "k2_older_tree.keras", "k2_windows.keras", "k2_class_names.h5", "k2_custom_loss.h5",
    "k2_custom_metric.h5", "k2_multi_output.h5", "k1_sequential.h5", "k1_functional.h5", "k3_no_optimizer.keras",
    "k3_unknown_length.keras", "k3_masks.keras", "k3_operations.keras",
  ]
  static let weights = [
    ("k3_sequential", "k3_sequential.weights.h5"), ("k3_functional", "k3_functional.weights.h5"),
    ("k3_unbuilt_activation", "k3_unbuilt_activation.weights.h5"),

    ("k3_nested", "k3_nested.weights.h5"), ("k3_layer_activations", "k3_layer_activations.weights.h5"),
    ("k3_nested", "k3_nested.h5"), ("k3_nested", "k3_nested.keras"),
    ("k2_sequential", "k2_sequential.weights.h5"), ("k2_sequential", "k2_sequential_legacy.h5"),
    ("k2_sequential", "k2_odd_legacy.h5"), ("k2_functional", "k2_functional.weights.h5"),
    ("k2_functional", "k2_functional_legacy.h5"), ("k2_layer_activations", "k2_layer_activations.weights.h5"),
    ("k2_layer_activations", "k2_layer_activations_legacy.h5"),
  ]
  static let trained = [
    "k3_trained_adam", "k3_trained_adamw_amsgrad", "k3_trained_sgd_momentum", "k3_trained_rmsprop", "k3_trained_nadam",
    "k3_trained_schedule", "k3_trained_ema", "k3_trained_adafactor", "k3_trained_muon", "k3_trained_schedule_free",
    "k3_trained_loss_scale", "k2_trained_adam", "k2_trained_sgd", "k2_trained_rmsprop",
  ]

  @Test(arguments: whole) func `a model predicts what Keras predicts`(_ name: String) throws {
    let base = String(name.prefix { $0 != "." })
    let samples = try Samples(base == "k3_older" ? "k3_sequential" : base)
    let model = try readModel(from: path(name))
    let outputs = try model(samples.all("x"))
    #expect(try difference(outputs, samples.all("y")) < 1e-6)
    let bytes = try readModel(bytes: fixtureBytes(name), name: name, as: Float.self)
    #expect(try bytes(samples.all("x")) == outputs)
  }

  @Test func `the model of every kind of layer and the digits predict what Keras predicts`() throws {
    let io = try NPZFile(path("k3_keras_io.npz"))
    let model = try Sequential<Float>(contentsOf: path("k3.keras"))
    #expect(try difference([model(io.tensor("x"))], [io.tensor("y")]) < 1e-6)
    let digits = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../Examples/digits"
    ).path
    let network = try Sequential<Float>(contentsOf: "\(digits)/digits_snn.keras")
    let images = try Tensor<Float>(contentsOf: "\(digits)/x_test.npy")
    let expected = try Tensor<Float>(contentsOf: "\(digits)/keras_probabilities.npy")
    #expect(try difference([network.predict(images)], [expected]) < 1e-6)
    var scrambled = network.scrambled
    try scrambled.readWeights(from: "\(digits)/digits_snn.weights.h5")
    #expect(scrambled.bits == network.bits)
  }

  @Test(arguments: weights) func `weights alone make the same model`(_ model: String, _ file: String) throws {
    let model = try readModel(from: path("\(model).keras"))
    var other = model.scrambled
    try other.readWeights(from: path(file))
    #expect(other.bits == model.bits)
  }

  @Test func `weights in several files are put together`() throws {
    var model = try Sequential<Float>(contentsOf: path("k3_sequential.keras"))
    try model.readWeights(from: path("k3_sharded.weights.json"))
    let samples = try Samples("k3_sharded")
    #expect(try difference(model(samples.all("x")), samples.all("y")) < 1e-6)
  }

  @Test(arguments: whole + trained.map { "\($0).keras" })
  func `what is written is read again, bit by bit`(_ name: String) throws {
    let model = try readModel(from: path(name))
    let copyPath = temporaryFile("copy.keras")
    try model.write(to: copyPath)
    let copy = try readModel(from: copyPath)
    #expect(copy.bits == model.bits)
    #expect(try copy.configuration == model.configuration)
    if let state = model.compilation?.optimizer, let copied = copy.compilation?.optimizer {
      #expect(copied.iteration == state.iteration && copied.learningRate == state.learningRate)
      #expect(copied.variables == state.variables)
    } else {
      #expect((model.compilation == nil) == (copy.compilation == nil))
    }
  }

  @Test func `what Keras has as several layers is written as several`() throws {
    let input = Input<Float>(4)
    let left = ActivatedLayer<Float>(Dense(3, activation: .tanh), activation: PReLU())(input)
    let right = BatchNormalization<Float>(activation: .relu)(Dense(3)(input))
    var model = try Functional(inputs: input, outputs: LayerNormalization(activation: .softmax)(Add()(left, right)))
    var generator = PhiloxGenerator(seed: 3)
    try model.build(using: &generator)
    model.forEachWeight { weight in weight.value = .uniform(weight.value.shape, in: 0.5..<1, using: &generator) }
    let (file, weights) = (temporaryFile("model.keras"), temporaryFile("model.weights.h5"))
    try model.write(to: file)
    let read = try readModel(from: file)
    #expect(
      Set(read.stages.map(\.layer.className)) == [
        "Dense", "PReLU", "BatchNormalization", "LayerNormalization", "Activation", "Add",
      ])
    #expect(Set(read.stages.map(\.name)).count == 8 && read.bits.count == model.bits.count)
    let x = Tensor<Float>.normal([5, 4], using: &generator)
    #expect(try read(x) == model(x))
    var other = model.scrambled
    try model.writeWeights(to: weights)
    try other.readWeights(from: weights)
    #expect(other.bits == model.bits)
    #expect(try readModel(from: file).configuration == model.configuration)
  }

  @Test(arguments: trained) func `training goes on where Keras stopped`(_ name: String) throws {
    let samples = try Samples(name)
    let (x, y) = (try samples.all("x")[0], try samples.all("y"))
    let labels: Tensor<Int64> = try samples.file.tensor("labels")
    let files = name.hasPrefix("k2") ? ["\(name).keras", "\(name).h5"] : ["\(name).keras"]
    for file in files {
      var model = try readModel(from: path(file))
      #expect(try difference([model(x)], [y[0]]) < 1e-6)
      var generator = PhiloxGenerator(seed: 1)
      try model.fit(x, labels, batchSize: 6, epochs: 2, shuffle: false, using: &generator)
      #expect(model.notes.isEmpty)
      #expect(try difference([model(x)], [y[1]]) < 2e-6, "\(file)")
    }
  }

  @Test func `training for two outputs goes on where Keras stopped, from its file and from one that is written`() throws
  {
    let samples = try Samples("k3_trained_outputs")
    let (x, y) = (try samples.all("x")[0], try samples.all("y"))
    let labels: Tensor<Int64> = try samples.file.tensor("labels")
    let sizes: Tensor<Float> = try samples.file.tensor("sizes")
    let expected: Tensor<Float> = try samples.file.tensor("logs")
    let copy = temporaryFile("copy.keras")
    try readModel(from: path("k3_trained_outputs.keras")).write(to: copy)
    for file in [path("k3_trained_outputs.keras"), copy] {
      var model = try readModel(from: file)
      #expect(model.notes.isEmpty)
      #expect(try difference(model([x]), Array(y[..<2])) < 1e-6)
      var generator = PhiloxGenerator(seed: 1)
      let options = TrainingOptions<Float> {
        $0.batchSize = 6
        $0.epochs = 2
        $0.shuffle = false
        $0.progress = .none
      }
      try model.fit([x], [labels, sizes], options: options, using: &generator)
      #expect(try difference(model([x]), Array(y[2...])) < 2e-6)
      let logs = try model.evaluate([x], [labels, sizes])
      #expect(logs.names.sorted() == ["kind_accuracy", "kind_loss", "loss", "size_loss", "size_mae", "size_mse"])
      let found = Tensor<Float>(logs.names.sorted().map { Float(logs[$0]!) })
      #expect(found.isAlmostEqual(to: expected, relativeTolerance: 1e-5))
    }
  }

  @Test func `without compile there is no training`() throws {
    #expect(try readModel(from: path("k3_trained_adam.keras"), compile: false).compilation == nil)
  }

  @Test(arguments: ["w.weights.h5", "w.safetensors", "w.npz"])
  func `weights are written and read again`(_ name: String) throws {
    let model = try readModel(from: path("k3_nested.keras"))
    let file = temporaryFile(name)
    try model.writeWeights(to: file)
    var copy = model.scrambled
    try copy.readWeights(from: file)
    #expect(copy.bits == model.bits)
    let half: StoredType = name == "w.npz" ? .float16 : .bfloat16
    func rounded(_ x: Float) -> Float {
      if half == .float16 { return Float(Float16(x)) }
      return Float(bitPattern: (x.bitPattern &+ 0x7FFF &+ (x.bitPattern >> 16 & 1)) & 0xFFFF_0000)
    }
    try model.writeWeights(to: file, as: half)
    try copy.readWeights(from: file)
    #expect(copy.weights.map(\.value.scalars) == model.weights.map { $0.value.scalars.map(rounded) })
  }

  /// A fixture with another configuration, or with another text in a member.
  private func edited(
    _ name: String, _ edited: String = "config.json", compressed: Bool = false, _ edit: (String) -> String
  ) throws -> [UInt8] {
    let archive = try ZipReader(path: path(name))
    return try ZipWriter.bytes(
      archive.members.map { member in
        var bytes = try archive.bytes(of: member.name, limit: .max)
        if member.name == edited { bytes = Array(edit(String(decoding: bytes, as: UTF8.self)).utf8) }
        return (member.name, ZipContent(bytes))
      }, name: name, compressed: compressed)
  }

  @Test func `archives may be deflated, but not without bounds`() throws {
    let deflated = try edited("k3_nested.keras", compressed: true) { $0 }
    #expect(
      try readModel(bytes: deflated, name: "a.keras", as: Float.self).bits
        == readModel(from: path("k3_nested.keras")).bits)
    let bomb = try edited("k3_nested.keras", compressed: true) { $0 + String(repeating: " ", count: 1 << 23) }
    let error = #expect(throws: ModelFileError.self) { try KerasFile(bytes: bomb, name: "a.keras") }
    #expect(error?.kind == .limit)
    #expect(try #require(error).expected.hasPrefix("at most 4 MiB, or 100 times its"))
  }

  private func refusal(_ bytes: [UInt8]) throws -> String {
    let error = #expect(throws: ModelFileError.self) { try readModel(bytes: bytes, name: "a.keras", as: Float.self) }
    return try #require(error).description
  }

  @Test(arguments: [
    ("4.0.0", "the keras_version \"4.0.0\""), ("new", "the keras_version \"new\""), ("", "no keras_version"),
  ])
  func `a model of no known Keras is refused`(_ version: String, _ found: String) throws {
    let bytes = try edited("k3_nested.keras", "metadata.json") { _ in "{\"keras_version\": \"\(version)\"}" }
    #expect(
      try refusal(bytes) == "a.keras, metadata.json: expected a model of Keras 1, 2 or 3, found \(found)")
    #expect(try refusal(edited("k3_nested.keras", "metadata.json") { _ in "{}" }).hasSuffix("found no keras_version"))
  }

  @Test func `an .h5 file of no known Keras is refused`() throws {
    let (version, other) = (Array("2.15.0".utf8), Array("4.15.0".utf8))
    var bytes = fixtureBytes("k2_sequential.h5")
    #expect(bytes.contains(version))
    bytes.replace(version, with: other)
    #expect(
      try refusal(bytes) == "a.keras, /, attribute keras_version: expected a model of Keras 1, 2 or 3, "
        + "found the keras_version \"4.15.0\"")
  }

  @Test func `a .keras file without weights is told as such`() throws {
    let archive = try ZipReader(path: path("k3_nested.keras"))
    let bytes = try ZipWriter.bytes(
      archive.members.filter { $0.name != "model.weights.h5" }.map { member in
        (member.name, ZipContent(try archive.bytes(of: member.name, limit: .max)))
      }, name: "a.keras", compressed: false)
    #expect(
      try refusal(bytes) == "a.keras: expected the member model.weights.h5, found metadata.json, config.json")
  }

  @Test func `outputs that no memory holds are refused`() throws {
    let bytes = try edited("k3_unbuilt_activation.keras") {
      $0.replacing("\"units\": 2,", with: "\"units\": 1000000000000,")
    }
    let text = try refusal(bytes)
    #expect(text.hasPrefix("a.keras, config.json, layers[2] (Dense \"dense_"), "\(text)")
    #expect(text.contains("expected as the output of Dense"), "\(text)")
    #expect(text.hasSuffix("found [batch, 1000000000000]"), "\(text)")
  }

  private struct Halved: ConfigurableLayer {
    typealias Scalar = Float
    var layerParameters: [String: Configuration] { [:] }
    init() {}
    init(from reader: inout LayerReader<Float>) throws {}
    func call(_ x: Traced<Float>) throws -> Traced<Float> { try x * 0.5 }
  }

  @Test func `custom layers are registered, unknown ones are named`() throws {
    let bytes = try edited("k3_kinds.keras") { $0.replacing("\"Identity\"", with: "\"Halved\"") }
    let error = #expect(throws: ModelFileError.self) { try readModel(bytes: bytes, name: "a.keras", as: Float.self) }
    #expect(error?.kind == .unsupported)
    let text = try #require(error).description
    #expect(text.hasPrefix("a.keras, config.json, layers[19] (Halved \"identity\")"), "\(text)")
    #expect(text.contains("no layer is called \"Halved\". Missing in this package: Halved. "), "\(text)")
    var registry = LayerRegistry<Float>()
    registry.register(Halved.self)
    // The file has no group of the name, and a layer without weights needs none.
    let model = try readModel(bytes: bytes, name: "a.keras", as: Float.self, registry: registry)
    #expect(model.stages.last?.layer is Halved)
  }

  @Test func `models are read by many tasks at once`() async throws {
    let expected = try readModel(from: path("k3_nested.keras")).bits
    try await withThrowingTaskGroup(of: [[UInt64]].self) { group in
      for _ in 0..<16 { group.addTask { try readModel(from: path("k3_nested.keras")).bits } }
      for try await bits in group { #expect(bits == expected) }
    }
  }

  @Test func `a model in Double has the digits of the file`() throws {
    let double = try Sequential<Double>(contentsOf: path("k3_sequential.keras"))
    let single = try Sequential<Float>(contentsOf: path("k3_sequential.keras"))
    #expect(double.bits == single.bits)
  }

  @Test func `what does not fit is told, and nothing is changed`() throws {
    var model = try Sequential<Float>(contentsOf: path("k3_sequential.keras"))
    let before = model.bits
    func error(_ body: (inout Sequential<Float>) throws -> Void) throws -> String {
      let error = #expect(throws: ModelFileError.self) { try body(&model) }
      #expect(model.bits == before)
      return try #require(error).description.replacing(kerasFolder + "/", with: "")
    }
    #expect(
      try error { try $0.readWeights(from: path("k3_float64.keras")) }
        == "k3_float64.keras, /layers/dense/vars/0: expected the shape [6, 5] for the kernel of the layer first, "
        + "found [4, 6]")
    #expect(
      try error { try $0.readWeights(from: path("k3_functional.weights.h5")) }
        == "k3_functional.weights.h5, /layers/dense/vars/0: expected the shape [6, 5] for the kernel of the layer first, "
        + "found [4, 5]")
    #expect(
      try error { try $0.readWeights(from: path("k2_layer_activations_legacy.h5")) }
        == "k2_layer_activations_legacy.h5, /: expected 5 layers with weights: first, p_re_lu, batch_normalization, "
        + "dense, last, found 3: dense_3, dense_4, dense_5")
    #expect(
      try error { try $0.readWeights(from: path("k3_sequential.npz")) }.hasPrefix(
        "k3_sequential.npz, x0: expected weights of the model: first.kernel"))
    #expect(
      try error { try $0.write(to: "model.h5") }
        == "model.h5: expected a path that ends with .keras (weights alone: writeWeights), found another")
    #expect(
      try error {
        _ = $0
        try Sequential<Float> { Dense(3) }.write(to: "model.keras")
      }
        == "model.keras: expected a model that is built: trained, or by build(using:), found a Sequential without weights"
    )
    #expect(
      try error { try $0.writeWeights(to: "model.txt") }.hasPrefix(
        "model.txt: expected a path that ends with .weights.h5"))
    #expect(
      try error {
        _ = $0
        _ = try readModel(from: path("k3_sequential.weights.h5"))
      }
        == "k3_sequential.weights.h5: expected a model in a .keras file, or in an .h5 file that contains more than weights, "
        + "found only weights, which a model's readWeights(from:) reads")
  }
}
