import Activations
import Foundation
import Layers
import Tensor
import Testing

/// What stands between spaces: the README aligns its comments, the formatter does not.
private func words(_ line: some StringProtocol) -> [String] { line.components(separatedBy: " ").filter { !$0.isEmpty } }

@Suite struct ReadmeTests {
  @Test func `the tensor example runs`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)

    var x: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
    let product = x.transposed.matmul(x)  // [3, 3]; the transpose is a view that BLAS reads in place
    x[0..., 1] = 0  // the second column
    x[x .> 4] -= 1  // a mask
    let means = x.mean(axis: 0)  // [3]
    let normalised = (x - means) / x.standardDeviation(axis: 0)
    let best = normalised.argMax(axis: -1)  // Tensor<Int64>

    var generator = PhiloxGenerator(seed: 7)  // the same numbers on every platform
    let noise = Tensor<Float>.normal([2, 3], using: &generator)
    try (normalised + 0.1 * noise).write(to: folder + "/noisy.npy")

    #expect(product.scalars == [17, 22, 27, 22, 29, 36, 27, 36, 45])
    #expect(x.scalars == [1, 0, 3, 4, 0, 5])
    #expect(means.scalars == [2.5, 0, 4])
    #expect(best.shape == [2])
    #expect(try Tensor<Float>(contentsOf: folder + "/noisy.npy").shape == [2, 3])
  }

  @Test func `the activation example runs`() throws {
    var x: Tensor<Float> = [[-1, 2], [3, -4]]
    let bias: Tensor<Float> = [1, -1]
    let upstream: Tensor<Float> = [[1, 1], [1, 1]]

    let y = elu(x, alpha: 0.3)  // a function for each of them, of any shape and layout
    let f: Activation<Float> = .elu(alpha: 0.3)  // and a value: compared, printed, stored, passed
    let z = try f(x, bias: bias)  // f(x + bias) in one pass
    let gradient = try f.pullback(upstream, input: x)  // the vector-Jacobian product of f(x)
    let slope = try f.derivative(at: x)
    try f.apply(to: &x)  // in place

    let gate: Activation<Float> = "hard_sigmoid"  // Keras's identifiers, checked at run time by the throwing form:
    let leaky = try Activation<Float>(named: "leaky_relu", parameters: ["negative_slope": 0.1])
    let probabilities = try softmax(y, axis: -1)  // along one axis or several
    let squared = Activation<Float> { x in relu(x).squared() }

    #expect(x == y)
    #expect(z == elu(Tensor<Float>([[0, 1], [4, -5]]), alpha: 0.3))
    #expect(gradient == slope)
    #expect(gate == .hardSigmoid)
    #expect(leaky == .leakyRelu(negativeSlope: 0.1))
    #expect(probabilities.shape == [2, 2])
    #expect(try squared(Tensor([-1, 3])).scalars == [0, 9])
  }

  @Test func `the network example runs`() throws {
    let examples = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Examples/digits").path
    let images = try Tensor<Float>(contentsOf: examples + "/x_train.npy")  // [1347, 64]
    let labels = try Tensor<Int64>(contentsOf: examples + "/y_train.npy")
    let testImages = try Tensor<Float>(contentsOf: examples + "/x_test.npy")
    let testLabels = try Tensor<Int64>(contentsOf: examples + "/y_test.npy")

    var network = Sequential<Float> {
      Dense(128, activation: .selu, kernelInitializer: .lecunNormal)
      AlphaDropout(0.05)
      Dense(10, activation: "softmax")
    }
    network.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    var seed = PhiloxGenerator(seed: 1)
    try network.fit(images, labels, epochs: 20, validationSplit: 0.1, using: &seed)

    let accuracy = try network.evaluate(testImages, testLabels)["accuracy"]
    let digits = try network.predict(testImages).argMax(axis: -1)

    #expect(accuracy! > 0.95)
    #expect((digits .== testLabels).cast(to: Float.self).mean().scalar == Float(accuracy!))
  }

  @Test func `the functional example runs`() throws {
    let input = Input<Float>(64)
    let hidden = Dense(64, activation: .gelu)(input)
    let branched = try Functional(inputs: input, outputs: Dense(10, activation: .softmax)(Add()(hidden, input)))

    #expect(try branched(Tensor<Float>.ones([2, 64])).shape == [2, 10])
  }

  @Test func `the examples of the README are those above`() throws {
    let here = URL(filePath: #filePath)
    let readme = try String(
      contentsOf: here.deletingLastPathComponent().appending(path: "../../README.md"), encoding: .utf8)
    let source = try String(contentsOf: here, encoding: .utf8)
    let tested = Set(source.split(separator: "\n").map(words))
    let blocks = readme.components(separatedBy: "```swift\n").dropFirst()
    #expect(!blocks.isEmpty)
    for block in blocks {
      for line in block.components(separatedBy: "```")[0].split(separator: "\n") {
        let line = line.replacing(#""noisy.npy""#, with: #"folder + "/noisy.npy""#)
          .replacing(#""Examples/digits/"#, with: #"examples + "/"#)
        #expect(tested.contains(words(line)), "not tested: \(line)")
      }
    }
  }
}
