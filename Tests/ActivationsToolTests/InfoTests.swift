import Foundation
import KerasFormat
import Layers
import ModelFiles
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct InfoTests {
  @Test func `ranges leave NaN out and count it`() {
    let x = Tensor<Float>([[.nan, -2, 3], [.infinity, 0, .nan]])
    let statistics = TensorStatistics(AnyTensor(x))
    #expect(statistics.minimum == -2 && statistics.maximum == .infinity)
    #expect(statistics.nanCount == 2 && statistics.infiniteCount == 1)
    let none = TensorStatistics(AnyTensor(Tensor<Double>([.nan])))
    #expect(none.minimum == nil && none.maximum == nil && none.nanCount == 1)
    #expect(TensorStatistics(AnyTensor(Tensor<Float>.zeros([0, 3]))).minimum == nil)
    let integers = TensorStatistics(AnyTensor(Tensor<Int64>([3, -5])))
    #expect(integers.minimum == -5 && integers.maximum == 3)
    #expect(TensorStatistics(AnyTensor(Tensor<Bool>([true, false]))).maximum == 1)
  }

  @Test func `large tensors are looked at in pieces`() {
    var x = Tensor<Float>.zeros([3, 1_000_003])
    x[at: 2, 1_000_002] = 7
    x[at: 1, 5] = .nan
    let statistics = TensorStatistics(AnyTensor(x))
    #expect(statistics.maximum == 7 && statistics.minimum == 0 && statistics.nanCount == 1)
    #expect(TensorStatistics(AnyTensor(x.transposed)) == statistics)
  }

  @Test func `tensors are told in a table`() throws {
    let path = temporaryFile("a.npz")
    try NPZFile.write(["kernel": Tensor<Float>([[1, -0.5]]), "labels": Tensor<Int64>([7])], to: path)
    let text = try FileInfo(path, readsElements: true).text(.plain)
    #expect(
      text.hasSuffix(
        """


        Tensor  Shape   Type      Min  Max  NaN  Infinite
        kernel  [1, 2]  float32  -0.5    1    0         0
        labels  [1]     int64       7    7    0         0
        """), "\(text)")
    #expect(text.hasPrefix("\(path)  NumPy archive, "))
    let short = try FileInfo(path, readsElements: false).text(.plain)
    #expect(short.hasSuffix("Tensor  Shape   Type\nkernel  [1, 2]  float32\nlabels  [1]     int64"))
  }

  @Test func `what keeps a model from being read is told alone`() throws {
    let known = temporaryFile("known.json")
    let model = Sequential<Float> {
      Input(3)
      Dense(2)
    }
    try model.configuration.json.write(toFile: known, atomically: true, encoding: .utf8)
    #expect(try LayerSupport(known).text(.plain) == "\(known)  all layers are supported")
    #expect(try runTool(["info", "--support", known]).status == 0)
    let strange = temporaryFile("strange.json")
    try model.configuration.json.replacing("\"Dense\"", with: "\"Strange\"")
      .write(toFile: strange, atomically: true, encoding: .utf8)
    let text = try LayerSupport(strange).text(.plain)
    #expect(text.contains("Not supported") && text.contains("Strange"), "\(text)")
    let result = try runTool(["info", "--support", known, strange])
    #expect(result.status == 1 && result.text.contains("all layers are supported"))
  }

  @Test func `a model is told with its layers, and as JSON`() throws {
    struct Info: Decodable {
      struct Model: Decodable {
        struct Layer: Decodable {
          let name: String
          let className: String
          let outputShape: [Int?]?
          let parameters: Int
        }
        let className: String
        let layers: [Layer]
      }
      struct Tensor: Decodable {
        let name: String
        let shape: [Int]
        let min: Double?
        let nan: Int?
      }
      let file: String
      let format: String
      let model: Model?
      let metadata: [String: String]
      let tensors: [Tensor]
    }
    let path = digitsFolder + "/digits_snn.keras"
    let text = try runTool(["info", path]).text
    #expect(text.contains("hidden1 (Dense)") && text.contains("Total params") && text.contains("layers/dense/vars/0"))
    let run = try runTool(["info", "--json", path, digitsFolder + "/y_test.npy"])
    let infos = try snakeCaseDecoder.decode([Info].self, from: run.output)
    #expect(infos.map(\.format) == ["keras", "npy"])
    let model = try #require(infos[0].model)
    #expect(model.className == "Sequential" && model.layers.contains { $0.name == "hidden1" && $0.parameters == 8320 })
    #expect(model.layers.first { $0.name == "hidden1" }?.outputShape == [128])
    #expect(infos[0].tensors.contains { $0.shape == [64, 128] && $0.nan == 0 })
    #expect(infos[1].model == nil && infos[1].tensors[0].min == 0)
  }

  @Test func `an architecture is told without weights`() throws {
    let run = try runTool(["info", digitsFolder + "/network.json"])
    #expect(run.status == 0)
    #expect(run.text.contains("hidden1 (Dense)") && run.text.contains("optimizer Adam"))
    #expect(run.text.contains("outputs  classes (None, 10)") && run.text.contains("Total params: 17,226"))
  }

  @Test func `files that are none of these are refused`() throws {
    let path = temporaryFile("a.npy")
    try Data("no array".utf8).write(to: URL(filePath: path))
    let run = try runTool(["info", path])
    #expect(run.status == 1 && run.errors.hasPrefix("Error: \(path)") && run.output.isEmpty)
  }
}
