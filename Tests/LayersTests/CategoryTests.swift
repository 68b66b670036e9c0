import TestSupport
import Testing

@testable import KerasFormat
@testable import Layers
@testable import Tensor

/// What make_categories.py had Keras do.
private struct KerasCategories: Decodable {
  struct Case: Decodable {
    let name: String
    let layer: Configuration
    let inputs: [TensorFixture]
    let output: TensorFixture
  }
  struct TextCase: Decodable {
    let name: String
    let layer: Configuration
    let texts: [String]
    let output: TensorFixture
  }
  struct Adapted: Decodable {
    let bins: Int
    let epsilon: Double
    let count: Int
    let boundaries: [Double]
  }
  struct Learnt: Decodable {
    let words: TensorFixture
    let vocabulary: [Int]
    let weights: [Double]
    let texts: [String]
    let tokens: [String]
  }
  let texts: [TextCase]
  let cases: [Case]
  let data: TensorFixture
  let adapted: [Adapted]
  let learnt: Learnt
}

@Suite struct CategoryTests {
  private let keras: KerasCategories

  init() throws { keras = try jsonFixture("categories") }

  @Test func `categories are numbered and encoded as Keras does`() throws {
    for single in keras.cases {
      let layer = try ReadingContext<Double>(.keras3, LayerRegistry()).stage(single.layer, at: "").layer
      let inputs = single.inputs.map(\.tensor)
      var generator = PhiloxGenerator(seed: 0)
      let output = try layer.computed(inputs, training: false, using: &generator)[0]
      #expect(output.distance(from: single.output.tensor) < 1e-7, "\(single.name): \(output)")
      #expect(
        try layer.outputShapes(for: inputs.map { Array($0.shape.dropFirst()) })[0] == Array(output.shape.dropFirst()))
      let trained = try run(layer, inputs, training: true)
      #expect(trained.inputs.allSatisfy { $0.scalars.allSatisfy { $0 == 0 } }, "\(single.name)")
    }
  }

  @Test func `texts are numbered and encoded as Keras does`() throws {
    for single in keras.texts {
      let layer = try ReadingContext<Double>(.keras3, LayerRegistry()).stage(single.layer, at: "").layer
      let output =
        switch layer {
        case let lookup as StringLookup<Double>: try lookup(single.texts)
        case let vectorization as TextVectorization<Double>: try vectorization(single.texts)
        default: Tensor<Double>([])
        }
      #expect(output.distance(from: single.output.tensor) < 1e-7, "\(single.name): \(output)")
      let written = try #require(layer as? any ConfigurableLayer<Double>).layerParameters
      for (parameter, value) in written {
        #expect(single.layer["config"]?[parameter] ?? .null == value, "\(parameter)")
      }
    }
  }

  @Test func `texts are inputs of models`() throws {
    var vectorization = TextVectorization<Float>(outputSequenceLength: 4)
    vectorization.adapt(to: ["The cat sat.", "The dog!"])
    #expect(vectorization.vocabulary == ["the", "sat", "dog", "cat"])
    let model = Sequential<Float> {
      vectorization
      Embedding(inputDim: 6, outputDim: 2, embeddingsInitializer: .ones)
      GlobalAveragePooling1D()
    }
    #expect(try model(["a cat", "", "the dog sat on a mat, which is a long text"]) == Tensor<Float>.ones([3, 2]))
    #expect(try model.predict(["a cat", "dog"], batchSize: 1).shape == [2, 2])
    var generator = PhiloxGenerator(seed: 1)
    var built = model
    try built.build(for: built.tensor(of: ["a"]), using: &generator)
    let again: Model<Float> = try readModel(configuration: built.configuration)
    #expect(again.inputs[0].shape == [nil])
    #expect(try again(["the cat"]).shape == [1, 2])
    let input = try built.configuration["config"]?["layers"]?.asList?.first?["config"]
    #expect(input?["dtype"] == "string" && input?["batch_shape"] == [nil])
    #expect(throws: LayerError.self) { try TextVectorization<Float>(vocabulary: ["a"])(Tensor<Float>.ones([2, 16])) }
    #expect(throws: LayerError.self) { try StringLookup<Float>(vocabulary: ["a"], numOOVIndices: 0)(["a", "b"]) }
    let message = #expect(throws: LayerError.self) { try StringLookup<Float>()(["a"]) }
    #expect(message?.description == "StringLookup: there is no vocabulary; give one, or call adapt(to:)")
  }

  @Test func `texts and numbers are not mistaken for each other`() throws {
    func message(_ className: String, _ config: [String: Configuration], dtype: Configuration) -> String {
      let error = #expect(throws: ModelConfigurationError.self) {
        let _: Model<Float> = try readModel(
          configuration: [
            "class_name": "Sequential",
            "config": [
              "layers": [
                ["class_name": "InputLayer", "config": ["name": "x", "batch_shape": [nil, 1], "dtype": dtype]],
                [
                  "module": "keras.layers", "class_name": .string(className),
                  "config": .object(config.merging(["name": "layer"]) { $1 }),
                ],
              ]
            ],
          ])
      }
      return error?.description ?? ""
    }
    #expect(
      message("Hashing", ["num_bins": 3], dtype: "string") == "layer: expected a layer that takes texts, found Hashing")
    #expect(
      message("StringLookup", ["vocabulary": ["a"]], dtype: "float32")
        == "layer: expected an input of texts, with the dtype string, found numbers")
  }

  @Test func `boundaries are those of Keras`() throws {
    for adapted in keras.adapted {
      var layer = Discretization<Double>(numBins: adapted.bins, epsilon: adapted.epsilon)
      layer.adapt(to: keras.data.tensor[0..<adapted.count])
      let found = try #require(layer.binBoundaries)
      #expect(found.count == adapted.boundaries.count, "\(adapted)")
      for (own, other) in zip(found, adapted.boundaries) { #expect(abs(own - other) < 1e-5, "\(adapted): \(found)") }
    }
  }

  @Test func `vocabularies are learnt as in Keras`() throws {
    let words = keras.learnt.words.tensor.cast(to: Int64.self)
    var lookup = IntegerLookup<Double>(maxTokens: 8, maskToken: 0)
    lookup.adapt(to: words)
    #expect(lookup.vocabulary == keras.learnt.vocabulary)
    var weighted = IntegerLookup<Double>(outputMode: .tfIDF)
    weighted.adapt(to: words)
    let weights = try #require(weighted.table.givenWeights)
    for (own, other) in zip(weights, keras.learnt.weights.dropFirst()) { #expect(abs(own - other) < 1e-6) }
    #expect(weights.count == keras.learnt.weights.count - 1)
    var vectorization = TextVectorization<Double>(maxTokens: 7)
    vectorization.adapt(to: keras.learnt.texts)
    #expect(vectorization.vocabulary == keras.learnt.tokens)
  }

  @Test func `what is no category is named with its place`() throws {
    func message(_ body: () throws -> Tensor<Float>) -> String {
      let error = #expect(throws: LayerError.self) { try body() }
      return error?.description ?? ""
    }
    #expect(
      message { try CategoryEncoding(numTokens: 3)([[0, 2], [1, 3]] as Tensor<Float>) }
        == "CategoryEncoding: the input at [1, 1] is 3.0; expected: one of the integers 0..<3")
    #expect(message { try CategoryEncoding(numTokens: 3)([[0.5]] as Tensor<Float>) }.contains("at [0, 0] is 0.5"))
    #expect(
      message { try CategoryEncoding(numTokens: 3)(Tensor<Float>.ones([2, 2, 2])) }.contains("[batch, categories]"))
    #expect(message { try Hashing(numBins: 3)(Tensor<Float>([[.nan]])) }.contains("is nan; expected: an integer"))
    #expect(
      message { try IntegerLookup(vocabulary: [4], numOOVIndices: 0)([[4, 5]] as Tensor<Float>) }
        == "IntegerLookup: the input at [0, 1] is 5.0; expected: an integer of the vocabulary")
    #expect(
      message { try IntegerLookup()([[4, 5]] as Tensor<Float>) }
        == "IntegerLookup: there is no vocabulary; give one, or call adapt(to:)")
    #expect(
      message { try Discretization(numBins: 3)([[4]] as Tensor<Float>) }
        == "Discretization: there are no boundaries; give some, or call adapt(to:)")
    #expect(
      message { try HashedCrossing(numBins: 3)([[1, 2]] as Tensor<Float>, [[1, 2]] as Tensor<Float>) }
        .contains("expected: [batch] or [batch, 1], the same for all"))
  }

  @Test func `vocabularies that cannot be are refused`() throws {
    func mistake(_ tokens: [Int], _ options: TokenTable<Int>.Options, _ weights: [Double]? = nil) -> String {
      do throws(TokenTable<Int>.Mistake) {
        _ = try TokenTable(tokens, options, weights: weights)
        return ""
      } catch {
        return error.text
      }
    }
    var options = TokenTable<Int>.Options(
      maxTokens: 4, oovCount: 1, mask: 0, oov: -1, output: .integer, isPadded: false)
    #expect(mistake([1, 1], options) == "the vocabulary has a token twice")
    #expect(mistake([1, 0], options) == "the vocabulary has the mask token")
    #expect(mistake([1, 2, 3], options) == "the vocabulary needs 5 numbers; maxTokens is 4")
    #expect(mistake([0, -1, 3, 4], options) == "")
    #expect(mistake([1], options, [0.5]) == "idfWeights with integer; allowed: with tfIDF alone")
    options.output = .tfIDF
    #expect(mistake([1], options) == "a vocabulary without idfWeights for tfIDF")
    #expect(mistake([1, 2], options, [1]) == "1 idfWeights for 2 tokens; allowed: a finite number for each")
  }

  @Test func `descriptions show arguments`() {
    #expect(
      "\(CategoryEncoding<Float>(numTokens: 4, outputMode: .count))"
        == "CategoryEncoding(numTokens: 4, outputMode: count)")
    #expect("\(Discretization<Float>(binBoundaries: [0, 1]))" == "Discretization(binBoundaries: 2 numbers)")
    #expect("\(Hashing<Float>(numBins: 3, salt: [1, 2]))" == "Hashing(numBins: 3, salt: [1, 2])")
    #expect(
      "\(HashedCrossing<Float>(numBins: 3, outputMode: .oneHot))" == "HashedCrossing(numBins: 3, outputMode: oneHot)")
    #expect(
      "\(IntegerLookup<Float>(vocabulary: [3], maskToken: 0))" == "IntegerLookup(vocabulary: 1 tokens, maskToken: 0)")
  }

  @Test func `arguments that cannot be stop the program`() async {
    await expectMessage(
      "CategoryEncoding: numTokens is 0; allowed: integers of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = CategoryEncoding<Float>(numTokens: 0) })
    await expectMessage(
      "IntegerLookup: the vocabulary has a token twice",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = IntegerLookup<Float>(vocabulary: [1, 1])
      })
    await expectMessage(
      "Discretization: the boundaries were given and are not computed from data",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var layer = Discretization<Float>(binBoundaries: [1])
        layer.adapt(to: [1])
      })
  }
}
