import Foundation
import KerasFormat
import Layers
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct PictureTests {
  @Test(arguments: PictureFixtures.decodings)
  func `pictures of every kind are what Keras loads`(_ decoding: [String]) throws {
    let (name, channels) = (decoding[0], PictureChannels(rawValue: Int(decoding[1])!)!)
    let expected: Tensor<Float> = try PictureFixtures.tensor("\(name) \(channels.rawValue)")
    let found: Tensor<Float> = try Picture(contentsOf: PictureFixtures.pictures + name).tensor(channels)
    #expect(found.shape == expected.shape)
    // JPEG leaves decoders some freedom in cosines and in colours between the stored ones; of palettes, Pillow rounds
    // greys down.
    let tolerance: Float = name.hasSuffix("jpg") ? 2 : name.hasPrefix("palette") && channels == .grey ? 1 : 0
    #expect((found - expected).absolute().max().scalar <= tolerance)
  }

  @Test(arguments: [[6, 7], [20, 23], [4, 30]], ["bilinear", "nearest"])
  func `pictures are resized as by Keras's datasets`(_ size: [Int], _ interpolation: String) throws {
    for (name, fitting) in [("stretch", []), ("crop_to_aspect_ratio", ["--crop-to-aspect-ratio"])] {
      let options = try PictureOptions.parse(["--interpolation", interpolation] + fitting)
      let model = Sequential<Float> { Input(size[0], size[1], 3) }
      let samples = try PictureSamples([PictureFixtures.pictures + "rgb.png"], model, name: "model", options)
      let expected: Tensor<Float> = try PictureFixtures.tensor("resized \(size[0]) \(size[1]) \(interpolation) \(name)")
      let found = try samples.sample(samples.paths[0])
      #expect(found.isAlmostEqual(to: expected, absoluteTolerance: 1e-3), "\(name)")
    }
  }

  @Test func `values are those of Keras's applications`() throws {
    let picture: Tensor<Float> = try PictureFixtures.tensor("rgba.png 3")
    for values in [PictureValues.aroundZero, .caffe, .torch] {
      let expected: Tensor<Float> = try PictureFixtures.tensor("values \(values.rawValue)")
      #expect(values(picture).isAlmostEqual(to: expected, absoluteTolerance: 1e-4), "\(values)")
    }
    #expect(PictureValues.bytes(picture) == picture && PictureValues.fromZero(picture) == picture / 255)
  }

  @Test func `samples have the axes of the model's input`() throws {
    let path = PictureFixtures.pictures + "rgba.png"
    func sample(_ shape: Int?...) throws -> Tensor<Float> {
      let lengths = (["null"] + shape.map { $0.map(String.init) ?? "null" }).joined(separator: ", ")
      let json = """
        {"class_name": "Sequential", "config": {"layers": [
          {"class_name": "InputLayer", "config": {"batch_shape": [\(lengths)], "name": "x"}},
          {"class_name": "Activation", "config": {"activation": "relu"}}]}}
        """
      let model: Model<Float> = try readModel(configuration: Configuration(json: json))
      return try PictureSamples([path], model, name: "model", PictureOptions.parse([])).sample(path)
    }
    let last = try sample(11, 17, 3)
    #expect(try last == PictureFixtures.tensor("rgba.png 3"))
    #expect(try sample(3, 11, 17) == last.permuted([2, 0, 1]))
    #expect(try sample(11, 17, 1) == PictureFixtures.tensor("rgba.png 1"))
    #expect(try sample(11, 17) == PictureFixtures.tensor("rgba.png 1").reshaped([11, 17]))
    #expect(try sample(nil, nil, 4) == PictureFixtures.tensor("rgba.png 4"))
    func expectRefusal(_ sample: @autoclosure () throws -> Tensor<Float>) {
      let error = #expect(throws: FileError.self) { try sample() }
      #expect(error?.expected.hasPrefix("a model of pictures") == true)
    }
    expectRefusal(try sample(11, 17, 2))
    expectRefusal(try sample(11, nil, 3))
    expectRefusal(try sample(187))
    expectRefusal(try sample(1, 11, 17, 3))
  }

  @Test func `what is no picture is refused with what it is`() throws {
    func mistake(_ bytes: [UInt8], _ name: String) throws -> String {
      let path = try PictureFixtures.write(bytes, name)
      return "\(#expect(throws: (any Error).self) { try Picture(contentsOf: path) }!)".replacing(path, with: name)
    }
    let (png, jpeg) = (try PictureFixtures.bytes("rgb.png"), try PictureFixtures.bytes("progressive.jpg"))
    #expect(try mistake([], "a.png") == "a.png: expected a PNG or JPEG picture, found an empty file")
    #expect(try mistake(Array("RIFF....WEBPVP8 ".utf8), "b.jpg").hasSuffix("found a WebP"))
    #expect(try mistake(Array("hello".utf8), "c.jpg").hasSuffix("begins with the bytes 68 65 6c 6c 6f"))
    #expect(try mistake(Array(png.prefix(8)), "d.png").hasSuffix("expected a PNG picture with a header, found none"))
    for count in [33, 40, 200, png.count - 12, png.count - 1] {
      #expect(
        try mistake(Array(png.prefix(count)), "e.png").hasSuffix("found one that is cut short after \(count) bytes"))
    }
    for count in [3, 20] {
      #expect(try mistake(Array(jpeg.prefix(count)), "f.jpg").hasSuffix("found \(count) bytes in which none begins"))
    }
    for count in [300, jpeg.count - 40] {
      let text = try mistake(Array(jpeg.prefix(count)), "f.jpg")
      #expect(text.hasPrefix("f.jpg: expected a JPEG picture that can be decoded, found an error: "), "\(text)")
    }
    var changed = png
    changed[png.count - 30] ^= 1
    #expect(try mistake(changed, "g.png").hasSuffix("found an error: IDAT: incorrect data check"))
    #expect(throws: (any Error).self) { try Picture(contentsOf: "/dev/zero") }
    #expect(throws: (any Error).self) { try Picture(contentsOf: PictureFixtures.pictures) }
  }

  @Test func `bytes between the parts of a JPEG do no harm`() throws {
    let bytes = try PictureFixtures.bytes("rgb.jpg")
    let padded = bytes.dropLast(2) + [1, 2, 3, 4] + bytes.suffix(2)
    let picture = try JPEGDecoder.picture(Array(padded), file: "padded.jpg")
    #expect(try picture.pixels == JPEGDecoder.picture(bytes, file: "rgb.jpg").pixels)
    // Before the first part, and before a later part of a file that ends too early.
    let progressive = try PictureFixtures.bytes("progressive.jpg")
    let parts = progressive.indices.dropLast().filter { progressive[$0] == 0xFF && progressive[$0 + 1] == 0xDA }
    for part in [parts[0], parts[2]] {
      let spread = progressive[..<part] + [1, 2, 3, 4] + progressive[part...]
      #expect(
        try JPEGDecoder.picture(Array(spread), file: "spread.jpg").pixels
          == JPEGDecoder.picture(progressive, file: "progressive.jpg").pixels)
      #expect(throws: FileError.self) { try JPEGDecoder.picture(Array(spread.dropLast(20)), file: "cut.jpg") }
    }
  }

  @Test func `labels may begin with a byte order mark`() throws {
    let path = try PictureFixtures.write([0xEF, 0xBB, 0xBF] + Array("cat\ndog\n".utf8), "marked.txt")
    #expect(try ClassLabels.read(path, count: 2) == ["cat", "dog"])
  }

  @Test func `sizes that no file has are refused before there is memory for them`() throws {
    func mistake(_ bytes: [UInt8], _ name: String) throws -> String {
      let path = try PictureFixtures.write(bytes, name)
      return "\(try #require(throws: FileError.self) { try Picture(contentsOf: path) })".replacing(path, with: name)
    }
    var png = Array(try PictureFixtures.bytes("rgb.png").prefix(60))
    png.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1])
    #expect(try mistake(png, "a.png") == "a.png: expected at most 178,956,970 pixels, found 2147483647 x 1")
    png.replaceSubrange(16..<24, with: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
    #expect(try mistake(png, "b.png").hasSuffix("found 4294967295 x 4294967295"))
    png.replaceSubrange(16..<24, with: [0, 0, 0x20, 0, 0, 0, 0x20, 0])
    #expect(try mistake(png, "c.png") == "c.png: expected the data of 8192 x 8192 pixels, found 60 bytes")
    png.replaceSubrange(16..<24, with: [0, 0, 0, 0, 0, 0, 0x20, 0])
    #expect(try mistake(png, "d.png").hasSuffix("expected a picture with pixels, found 0 x 8192"))
    var jpeg = try PictureFixtures.bytes("rgb.jpg")
    let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    #expect(try mistake(jpeg, "e.jpg").hasSuffix("expected at most 178,956,970 pixels, found 65500 x 65500"))
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x20, 0, 0x30, 0])
    #expect(try mistake(jpeg, "f.jpg").hasSuffix("expected the data of 12288 x 8192 pixels, found \(jpeg.count) bytes"))
  }

  @Test func `changed bytes give an error or a picture`() throws {
    var generator = PhiloxGenerator(seed: 5)
    for name in try FileManager.default.contentsOfDirectory(atPath: PictureFixtures.pictures).sorted() {
      let bytes = try PictureFixtures.bytes(name)
      for _ in 0..<40 {
        var changed = bytes
        for _ in 0..<3 {
          changed[.random(in: 8..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        let picture =
          try? name.hasSuffix("png")
          ? PNGDecoder.picture(changed, file: name) : JPEGDecoder.picture(changed, file: name)
        if let picture { #expect(picture.pixels.count == (picture.hasAlpha ? 4 : 3) * picture.height * picture.width) }
      }
    }
  }
}
