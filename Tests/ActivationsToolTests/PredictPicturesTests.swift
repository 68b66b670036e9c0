import Foundation
import Layers
import ModelFiles
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct PredictPicturesTests {
  private let digits = PictureFixtures.folder + "/digits.keras"
  private let digitPictures = PictureFixtures.folder + "/digits"
  private let free = PictureFixtures.folder + "/free.keras"
  private let output = temporaryFile("y.npy")

  private func labels(_ count: Int) throws -> String {
    try PictureFixtures.write(Array((0..<count).map { "digit \($0)\n" }.joined().utf8), "labels.txt")
  }

  private func mistake(_ arguments: [String]) throws -> String {
    let run = try runTool(["predict"] + arguments)
    #expect(run.status != 0)
    return run.errors
  }

  @Test(arguments: ["1", "5", "32"]) func `outputs for a folder of pictures are Keras's`(batchSize: String) throws {
    let run = try runTool(["predict", digits, digitPictures, "-o", output, "--batch-size", batchSize])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.text.hasPrefix("predicted  \(output) [12, 10]\n"))
    let y = try Tensor<Float>(contentsOf: output)
    #expect(try y.isAlmostEqual(to: PictureFixtures.tensor("digits"), absoluteTolerance: 1e-6))
  }

  @Test func `the best classes are printed, with the names of a file`() throws {
    let (first, second) = (digitPictures + "/00.png", digitPictures + "/03.png")
    let width = first.count
    let named = try runTool(["predict", digits, first, second, "--labels", labels(10), "--top", "2"])
    #expect(named.status == 0 && named.errors.isEmpty, "\(named.errors)")
    #expect(
      named.text == """
        \("Picture".padded(width))  Class     Probability
        \(first)  digit 1        0.9998
        \("".padded(width))  digit 8        0.0002
        \(second)  digit 7        1.0000
        \("".padded(width))  digit 3        0.0000

        """)
    let numbered = try runTool(["predict", digits, first])
    #expect(numbered.text.hasPrefix("\("Picture".padded(width))  Class   Probability\n\(first)      1        0.9998\n"))
    #expect(numbered.text.split(separator: "\n").count == 6)
    #expect(try runTool(["predict", digits, first, "--top", "99"]).text.split(separator: "\n").count == 11)
  }

  @Test func `arrays have best classes too, and programs read them as JSON`() throws {
    struct Summary: Decodable {
      struct Sample: Decodable {
        struct Class: Decodable {
          let `class`: Int
          let label: String?
          let value: Double
        }
        let sample: String
        let classes: [Class]
      }
      let samples: Int
      let classes: [Sample]
    }
    let arguments = ["predict", digitsFolder + "/digits_snn.keras", digitsFolder + "/x_test.npy", "--top", "1"]
    let table = try runTool(arguments + ["-o", output]).text.split(separator: "\n")
    #expect(table.count == 453 && table[0] == "Sample  Class   Probability" && table[451].hasPrefix("predicted"))
    let json = try runTool(arguments + ["--labels", labels(10), "--json"])
    let summary = try snakeCaseDecoder.decode(Summary.self, from: json.output)
    let expected = try Tensor<Float>(contentsOf: digitsFolder + "/keras_probabilities.npy").argMax(axis: -1).scalars
    #expect(summary.samples == 450 && summary.classes.map { Int64($0.classes[0].class) } == expected)
    #expect(summary.classes[7].sample == "7" && summary.classes[7].classes[0].label == "digit \(expected[7])")
    #expect(summary.classes.allSatisfy { $0.classes.count == 1 && (0.1...1).contains($0.classes[0].value) })
  }

  @Test func `a model without a size takes pictures as they are`() throws {
    let names = ["rgb.png", "rgba.png", "palette.png"]
    let paths = names.map { PictureFixtures.pictures + $0 } + [digitPictures + "/00.png"]
    let run = try runTool(["predict", free] + paths + ["-o", output])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let expected = try Tensor<Float>.stacked((names + ["00.png"]).map { try PictureFixtures.tensor("free \($0)") })
    #expect(try Tensor<Float>(contentsOf: output).isAlmostEqual(to: expected, absoluteTolerance: 1e-6))
    let small = try PictureFixtures.write(PictureFixtures.bytes("one_pixel.png"), "small.png")
    let error = try mistake([free, paths[0], small])
    #expect(error.hasPrefix("Error: \(small): expected a size that the model accepts, found "), "\(error)")
  }

  @Test func `one output of sigmoid is the probability of the second class, and others are values`() throws {
    func classes(_ activation: String, _ units: Int, labels count: Int) throws -> ToolRun {
      var model = Sequential<Float> {
        Input(2, 2, 1)
        Rescaling(scale: 0)
        Flatten()
        Dense(units, activation: Activation(stringLiteral: activation))
      }
      var generator = PhiloxGenerator(seed: 1)
      try model.build(using: &generator)
      let path = temporaryFile("model.keras")
      try model.write(to: path)
      return try runTool(["predict", path, digitPictures + "/00.png", "--labels", labels(count)])
    }
    let binary = try classes("sigmoid", 1, labels: 2).text
    #expect(binary.contains("digit 0        0.5000\n") && binary.contains("digit 1        0.5000\n"))
    #expect(try classes("linear", 1, labels: 1).text.split(separator: "\n")[0].hasSuffix("  Class           Value"))
    #expect(
      try classes("softmax", 3, labels: 2).errors.hasSuffix(
        "labels.txt: expected 3 labels, one a line, as the model has classes, found 2\n"))
  }

  @Test func `folders are listed in order, without what is no picture`() throws {
    let folder = temporaryFolder()
    let inner = folder + "/cats"
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
    for name in ["b.png", "a.JPG", "notes.txt", ".hidden.png", "cats/c.jpeg"] {
      try Data().write(to: URL(filePath: folder + "/" + name))
    }
    try FileManager.default.createSymbolicLink(atPath: inner + "/loop", withDestinationPath: folder)
    let names = ["/a.JPG", "/b.png", "/cats/c.jpeg"]
    #expect(try PictureList.paths([folder + "/"]) == names.map { folder + $0 })
    #expect(try PictureList.paths(["z.png", folder]) == ["z.png"] + names.map { folder + $0 })
    #expect(
      PictureList.isOne([folder]) && PictureList.isOne(["x.npy", "z.PNG"]) && !PictureList.isOne(["x.npy", "-"]))
    let empty = temporaryFolder()
    #expect(
      try mistake([digits, empty]).hasSuffix(
        "\(empty): expected a folder of pictures (.png, .jpg, .jpeg), found none\n"))
    #expect(try mistake([digits, folder]).hasSuffix("a.JPG: expected a PNG or JPEG picture, found an empty file\n"))
    #expect(try mistake([digits, digitPictures, digitsFolder + "/x_test.npy"]).hasSuffix("found .npy data\n"))
  }

  @Test func `models for values of another range are told of`() throws {
    var model = Sequential<Float> {
      Input(8, 8, 3)
      Conv2D(2, kernelSize: 3, activation: .relu)
      BatchNormalization()
      GlobalAveragePooling2D()
      Dense(2, activation: .softmax)
    }
    var generator = PhiloxGenerator(seed: 1)
    try model.build(using: &generator)
    let (path, picture) = (temporaryFile("model.keras"), PictureFixtures.pictures + "rgb.jpg")
    try model.write(to: path)
    let note = try runTool(["predict", path, picture, "-o", output]).errors
    #expect(
      note == """
        note: the model has no layer in front of its weights that changes the range of values, such as Rescaling, and gets \
        0...255; --values gives it others

        """)
    let plain = try Tensor<Float>(contentsOf: output)
    for values in PictureValues.allCases {
      let run = try runTool(["predict", path, picture, "-o", output, "--values", values.rawValue])
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(try (Tensor<Float>(contentsOf: output) == plain) == (values == .bytes))
    }
    #expect(
      try mistake([digits, picture, "--values", "torch"]).contains("allowed for 1 channels: 0...255, 0...1, -1...1"))
  }

  @Test func `layers and operators in front of the first weights rescale`() throws {
    func rescales(_ body: (Symbol<Float>) -> Symbol<Float>) throws -> Bool {
      let x = Input<Float>(8, 8, 3)
      var model = try Functional(inputs: x, outputs: Rescaling(scale: 2)(Conv2D(2, kernelSize: 3)(body(x))))
      var generator = PhiloxGenerator(seed: 1)
      try model.build(using: &generator)
      return model.rescalesInput
    }
    #expect(try rescales { Rescaling(scale: 1 / 255)($0) })
    #expect(try rescales { BatchNormalization()(ZeroPadding2D(padding: 1)($0)) })
    #expect(try rescales { $0 / 127.5 - 1 })
    #expect(try rescales { Sequential<Float> { Normalization() }($0) })
    #expect(try !rescales { ZeroPadding2D(padding: 1)($0) })
    #expect(try !rescales { Sequential<Float> { Conv2D(3, kernelSize: 1) }($0) })
  }

  @Test func `channels are turned for a model that has them first`() throws {
    func model(_ format: DataFormat) throws -> String {
      var model = Sequential<Float> {
        format == .channelsFirst ? Input(3, 9, 9) : Input(9, 9, 3)
        Rescaling(scale: 0.01)
        Conv2D(2, kernelSize: 3, dataFormat: format)
        GlobalAveragePooling2D(dataFormat: format)
        Dense(2, activation: .softmax)
      }
      var generator = PhiloxGenerator(seed: 1)
      try model.build(using: &generator)
      let path = temporaryFile("model.keras")
      try model.write(to: path)
      return path
    }
    let picture = PictureFixtures.pictures + "rgb.jpg"
    #expect(try runTool(["predict", model(.channelsLast), picture, "-o", output]).errors == "")
    let expected = try Tensor<Float>(contentsOf: output)
    let turned = try runTool(["predict", model(.channelsFirst), picture, "-o", output])
    #expect(turned.errors == "note: the model takes channels first; pictures are turned\n")
    #expect(try Tensor<Float>(contentsOf: output).isAlmostEqual(to: expected, absoluteTolerance: 1e-5))
  }

  @Test func `options that do not go together are refused`() throws {
    let (model, images) = (digitsFolder + "/digits_snn.keras", digitsFolder + "/x_test.npy")
    #expect(try mistake([model, images, "-o", output, "--values", "0...1"]).contains("are for pictures, not arrays"))
    #expect(try mistake([model, images]).contains("--output is given 0 times"))
    #expect(
      try mistake([model, images, "-o", "-", "--top", "3"]).contains("--top and an output to - exclude each other"))
    #expect(try mistake([model, images, "--top", "0"]).contains("--top is 0; allowed: integers of at least 1"))
    #expect(
      try mistake([model, digitPictures]).contains("a model of pictures: one input (None, rows, columns, channels)"))
    #expect(try mistake([free, digitPictures + "/00.png", "--interpolation", "cubic"]).contains("cubic"))
  }
}
