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
    let (firstKernel, firstBias) = (Tensor<Float>.ones([4, 3]), Tensor<Float>.zeros([3]))
    let (lastKernel, lastBias) = (Tensor<Float>.ones([3, 2]), Tensor<Float>.zeros([2]))
    let images = Tensor<Float>.ones([5, 4])

    let network = Sequential<Float> {
      Dense(kernel: firstKernel, bias: firstBias, activation: .selu)
      Dense(kernel: lastKernel, bias: lastBias, activation: "softmax")
    }
    let classes = try network(images)

    #expect(classes == Tensor(repeating: 0.5, shape: [5, 2]))
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
        #expect(tested.contains(words(line)), "not tested: \(line)")
      }
    }
  }
}
