import Foundation
import ModelFiles
import Tensor
import TestSupport
import Testing

@Suite(.temporaryFolder) struct SafetensorsTests {
  /// What the format's own writer has written is written again, byte for byte.
  @Test(arguments: ["safetensors/all.safetensors", "safetensors/bfloat16.safetensors", "safetensors/none.safetensors"])
  func `files are those of the format's own writer`(_ name: String) throws {
    let fixture = TensorFixture.named(name)
    let file = try SafetensorsFile(fixture.path)
    let tensors = try file.tensors.map { NamedTensor($0.name, StoredTensor(try file.anyTensor($0.name), as: $0.type)) }
    #expect(try SafetensorsFile.bytes(tensors.reversed(), metadata: file.metadata) == fixture.bytes)
  }

  @Test func `files are written whole`() throws {
    let directory = temporaryFolder()
    let path = directory + "/x.safetensors"
    let x = Tensor<Float>(shape: [40, 3000], scalars: (0..<120_000).map { Float($0) * 0.37 })
    try SafetensorsFile.write(
      ["x": x, "t": x.transposed, "half": x.stored(as: .float16), "brain": x.transposed.stored(as: .bfloat16)],
      metadata: ["format": "swift"], to: path)
    let file = try SafetensorsFile(path)
    #expect(file.metadata == ["format": "swift"])
    #expect(try file.tensor("x") == x)
    #expect(try file.tensor("t") == x.transposed)
    let brain: Tensor<Double> = try file.tensor("brain")
    #expect(brain.shape == [3000, 40])
    #expect((brain - x.transposed.cast(to: Double.self)).absolute().max().scalar <= 128)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["x.safetensors"])

    let wrong: [([NamedTensor], String)] = [
      ([NamedTensor("x", x), NamedTensor("x", x)], "expected each name once, found \"x\" twice"),
      ([NamedTensor("__metadata__", x)], "found a tensor of that name"),
      (
        [NamedTensor("x", x), NamedTensor("i", Tensor<Int32>([300]).stored(as: .uint8))],
        "tensor i: expected integers in the range of uint8, found 300"
      ),
    ]
    let before = try fileBytes(path)
    for (tensors, text) in wrong {
      let error = #expect(throws: ModelFileError.self) { try SafetensorsFile.write(tensors, to: path) }
      #expect("\(error!)".hasSuffix(text), "\(error!)")
      #expect(try fileBytes(path) == before)
    }
    #expect(throws: ModelFileError.self) { try SafetensorsFile.write(["x": x], to: "/dev/full") }
  }

  @Test func `a mapped file is viewed, and never changed`() throws {
    let directory = temporaryFolder()
    let path = directory + "/x.safetensors"
    let x = Tensor<Float>([1, 2, 3])
    try SafetensorsFile.write(["x": x, "half": x.stored(as: .float16)], to: path)
    let before = try fileBytes(path)
    var mapped: Tensor<Float> = try SafetensorsFile(mapping: path).tensor("x")
    let half: Tensor<Float> = try SafetensorsFile(mapping: path).tensor("half")
    #expect(half == x)
    #expect(mapped == x)
    mapped[at: 0] = 5
    #expect(mapped == [5, 2, 3])
    #expect(try fileBytes(path) == before)
  }

  /// A file with this header and so many bytes of data.
  private func file(_ header: String, data: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  private static let headers: [(String, Int, String)] = [
    ("", 0, "byte 8: expected a JSON object"),
    (" {}", 0, "byte 8: expected a JSON object"),
    ("{", 0, "header: expected a JSON object of tensors"),
    ("{}", 1, "byte 10: expected the end of the file after the last tensor, found 1 more bytes"),
    (#"{"x":{"dtype":"F32","shape":[2]}}"#, 8, "header, x: expected"),
    (#"{"x":{"shape":[2],"data_offsets":[0,8]}}"#, 8, "found no dtype"),
    (#"{"x":{"dtype":1,"shape":[2],"data_offsets":[0,8]}}"#, 8, "header, x, dtype: expected"),
    (#"{"x":[]}"#, 0, "header, x: expected a JSON object of tensors"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},}"#, 8, "found no key at line 1, column 55"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} {}"#, 8, "found more after the value"),
    (#"{"x":{"dtype":"F32","\ud800":0,"shape":[2],"data_offsets":[0,8]}}"#, 8, "found half of a character"),
    (#"{"x":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}"#, 8, "found 2.5"),
    (#"{"x":{"dtype":"F32","shape":[1e300],"data_offsets":[0,8]}}"#, 8, "header, x, shape: expected"),
    (
      #"{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, "tensor x: expected lengths that are not negative"
    ),
    (
      #"{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8,
      "expected 12 bytes for F32 of the shape [3], found 8"
    ),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "two ascending data_offsets"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}"#, 8, "two ascending data_offsets"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#, 8, "two ascending data_offsets"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7, "within the 7 bytes of data"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}"#, 9, "expected data from byte"),
    (#"{"x":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}"#, 1, "expected a size in bytes for F4"),
    (
      #"{"x":{"dtype":"U8","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,0]}}"#, 0,
      "expected a size in bytes"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,1]}}"#, 1, "expected a size in bytes"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#, 6,
      "tensor y: expected data from byte"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":[5,9]}}"#, 9,
      "tensor y: expected data from byte"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"x":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#, 8,
      "header: expected each name once in an object, found \"x\" twice"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"\u0078":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#,
      4, "found \"x\" twice"
    ),
    (
      #"{"x":{"dtype":"U8","dtype" : "U8","shape":[4],"data_offsets":[0,4]}}"#, 4, "found \"dtype\" twice"
    ),
    (#"{"__metadata__":{"a\"b":"1","c":"a\"b","a\"b":"1"}}"#, 0, "found \"a\"b\" twice"),
    (#"{"__metadata__":{"a":1}}"#, 0, "header, __metadata__, a"),
    (#"{"__metadata__":["a"]}"#, 0, "header, __metadata__"),
    ("{\"\u{FFFE}\"", 0, "header"),
  ]

  @Test(arguments: headers)
  func `every rule of the format is checked`(header: String, data: Int, text: String) throws {
    let bytes = file(header, data: data)
    let error = #expect(throws: ModelFileError.self) { try SafetensorsFile(bytes: bytes, name: "x") }
    #expect("\(error!)".contains(text), "\(error!)")
    #expect(error?.kind == .format)
  }

  @Test func `every Bool but 0 is true`() throws {
    var bytes = file(#"{"x":{"dtype":"BOOL","shape":[4],"data_offsets":[0,4]}}"#, data: 4)
    bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 1, 2, 255])
    let flags: Tensor<Bool> = try SafetensorsFile(bytes: bytes).tensor("x")
    #expect(flags == [false, true, true, true])
  }

  @Test func `headers that are too long are not read`() throws {
    for length in [UInt64(100_000_001), .max, 100] {
      let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array("{}".utf8)
      #expect(throws: ModelFileError.self) { try SafetensorsFile(bytes: bytes) }
    }
    #expect(throws: ModelFileError.self) { try SafetensorsFile(bytes: [1, 2]) }
    var invalid = file(#"{"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, data: 0)
    invalid[10] = 0xFF
    #expect(throws: ModelFileError.self) { try SafetensorsFile(bytes: invalid) }
    let wide = Array("{\"x\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}".utf16)
    let length = withUnsafeBytes(of: UInt64(2 * wide.count).littleEndian) { Array($0) }
    let bytes = length + wide.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let error = #expect(throws: ModelFileError.self) { try SafetensorsFile(bytes: bytes, name: "x") }
    #expect("\(error!)".hasSuffix("found no key at line 1, column 2"))
    let nested = file("{\"x\":" + String(repeating: "[", count: 100_000), data: 0)
    #expect(throws: ModelFileError.self) { try SafetensorsFile(bytes: nested) }
  }

  @Test func `what has no counterpart is named`() throws {
    let file = try SafetensorsFile(TensorFixture.named("safetensors/unsupported.safetensors").path)
    let error = #expect(throws: ModelFileError.self) { let _: Tensor<Float> = try file.tensor("f8") }
    #expect("\(error!)".hasSuffix("bool, found F8_E4M3"))
    let long = self.file(
      #"{"x":{"dtype":"U8","shape":[\#(String(repeating: "1,", count: 32))1],"data_offsets":[0,1]}}"#, data: 1)
    let ranked = try SafetensorsFile(bytes: long)
    #expect(ranked.tensors[0].shape.count == 33)
    #expect(throws: ModelFileError.self) { try ranked.anyTensor("x") }
  }

  @Test func `metadata that are null are none`() throws {
    let json = #"{"__metadata__": null, "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}"#
    let bytes =
      withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { Array($0) } + Array(json.utf8)
      + [Float(1), 2].flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    let file = try SafetensorsFile(bytes: bytes)
    #expect(file.metadata.isEmpty)
    #expect(try file.tensor("a") == Tensor<Float>([1, 2]))
  }

  @Test func `names that look alike are two names`() throws {
    let names = ["\u{e9}", "e\u{301}", "\u{1}", "a\"b", "\u{1F600}"]
    let tensors = names.enumerated().map { NamedTensor($1, Tensor<Float>([Float($0)])) }
    let file = try SafetensorsFile(bytes: SafetensorsFile.bytes(tensors, metadata: ["\u{e9}": "x"]))
    #expect(Set(file.tensors.map { Array($0.name.utf8) }) == Set(names.map { Array($0.utf8) }))
    for (index, name) in names.enumerated() { #expect(try file.tensor(name) == Tensor([Float(index)])) }
    #expect(file.metadata == ["\u{e9}": "x"])
    #expect(throws: ModelFileError.self) { try SafetensorsFile.bytes([tensors[0], tensors[0]]) }
  }
}
