import Foundation
import Tensor
import TestSupport
import Testing

@testable import ModelFiles

@Suite(.temporaryFolder) struct NPZTests {
  private let x = Tensor<Float>(shape: [2, 3], scalars: [1, -0.0, .nan, .infinity, .leastNonzeroMagnitude, 3])
  private let labels: Tensor<Int64> = [3, -1]

  @Test(arguments: [false, true]) func `what is written is read`(compressed: Bool) throws {
    let directory = temporaryFolder()
    let path = directory + "/data.npz"
    let empty = Tensor<Double>.zeros([0, 3])
    let scalar = Tensor<Bool>(true)
    try NPZFile.write(
      ["x": x, "labels": labels, "t": x.transposed, "größe": empty, "a/b": scalar, "half": x.stored(as: .float16)],
      to: path, compressed: compressed)
    let file = try NPZFile(path)
    #expect(file.tensors.map(\.name) == ["x", "labels", "t", "größe", "a/b", "half"])
    #expect(file.tensors.map(\.type) == [.float32, .int64, .float32, .float64, .bool, .float16])
    let read: Tensor<Float> = try file.tensor("x")
    #expect(read.scalars.map(\.bitPattern) == x.scalars.map(\.bitPattern))
    #expect(try file.anyTensor("labels") == .int64(labels))
    let transposed: Tensor<Float> = try file.tensor("t")
    #expect(transposed.shape == [3, 2])
    #expect(transposed.transposed.isContiguous)
    #expect(try file.anyTensor("größe") == .double(empty))
    #expect(try file.anyTensor("a/b") == .bool(scalar))
    let again = try NPZFile.bytes(
      ["x": x, "labels": labels, "t": x.transposed, "größe": empty, "a/b": scalar, "half": x.stored(as: .float16)],
      compressed: compressed)
    #expect(try fileBytes(path) == again)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["data.npz"])
  }

  @Test(arguments: [false, true]) func `large arrays are read and written in pieces`(compressed: Bool) throws {
    let large = Tensor<Int32>(shape: [300, 700], scalars: (0..<210_000).map { Int32($0 % 1000) })
    let bytes = try NPZFile.bytes(["large": large, "small": large.stored(as: .int16)], compressed: compressed)
    #expect((bytes.count < 400_000) == compressed)
    let file = try NPZFile(bytes: bytes)
    #expect(try file.anyTensor("large") == .int32(large))
    #expect(try file.anyTensor("small") == .int32(large))
    #expect(try file.tensor("small", converting: true) == large.cast(to: Double.self))
  }

  @Test func `nothing is written of what cannot be`() throws {
    let directory = temporaryFolder()
    let path = directory + "/data.npz"
    try NPZFile.write([], to: path)
    let before = try fileBytes(path)
    let wrong: [([NamedTensor], String)] = [
      ([NamedTensor("x", x), NamedTensor("x", labels)], "expected each name once, found \"x\" twice"),
      ([NamedTensor("/x", x)], "member /x.npy: expected a relative path without .. and \\, found \"/x.npy\""),
      // A slash is one whatever stands behind it.
      (
        [NamedTensor("../\u{301}x", x)],
        "expected a relative path without .. and \\, found \"../\u{301}x.npy\""
      ),
      ([NamedTensor("x\\\u{301}y", x)], "expected a relative path without .. and \\, found \"x\\\u{301}y.npy\""),
      ([NamedTensor("x", x.stored(as: .bfloat16))], "expected a type that .npy files have, found bfloat16"),
      (
        [NamedTensor("y", x), NamedTensor("x", labels.stored(as: .uint8))],
        "member x.npy: expected integers in the range of uint8, found -1"
      ),
      (
        [NamedTensor("x", labels.stored(as: .float32))],
        "expected a tensor that float32 is written from: float32 float64, found int64"
      ),
    ]
    for (tensors, text) in wrong {
      let error = #expect(throws: ModelFileError.self) { try NPZFile.write(tensors, to: path) }
      #expect("\(error!)".hasSuffix(text), "\(error!)")
    }
    #expect(try fileBytes(path) == before)
    #expect(try NPZFile(path).tensors.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["data.npz"])
    try NPZFile.write(["x": x], to: "/dev/null")
    #expect(throws: ModelFileError.self) { try NPZFile.write(["x": x], to: "/dev/full") }
  }

  @Test func `an array that inflates too far is refused unless it is trusted`() throws {
    // Zeros: 300 MB in 300 kB.
    let zeros = Tensor<Float>.zeros([75_000_000])
    let bytes = try NPZFile.bytes(["zeros": zeros], compressed: true)
    let error = #expect(throws: ModelFileError.self) { try NPZFile(bytes: bytes).anyTensor("zeros") }
    #expect(error?.kind == .limit)
    #expect("\(error!)".contains("member zeros.npy: expected at most 256 MiB, or 100 times its"))
    let trusting = try NPZFile(bytes: bytes, maximumExpansion: 1100)
    #expect(try trusting.anyTensor("zeros").count == zeros.count)
  }

  @Test func `tensors are read from several tasks`() async throws {
    let file = try NPZFile(bytes: NPZFile.bytes(["x": x, "labels": labels], compressed: true))
    try await withThrowingTaskGroup(of: AnyTensor.self) { group in
      for i in 0..<40 { group.addTask { try file.anyTensor(i.isMultiple(of: 2) ? "x" : "labels") } }
      for try await tensor in group { #expect(tensor == .int64(labels) || tensor.shape == [2, 3]) }
    }
  }

  /// Every byte of an archive changed and every length cut: an error, or what was there.
  @Test(arguments: ["npz/zip64.npz", "npz/stream.npz", "npz/compressed.npz"])
  func `damage is noticed`(_ name: String) throws {
    let original = try TensorFixture.named(name).bytes
    let step = max(1, original.count / 400)
    for place in stride(from: 0, to: original.count, by: step) {
      var changed = original
      changed[place] ^= 0x55
      readAll(changed)
      readAll(Array(original[..<place]))
      #expect(throws: ModelFileError.self) { try NPZFile(bytes: Array(original[..<place])) }
    }
  }

  private func readAll(_ bytes: [UInt8]) {
    guard let file = try? NPZFile(bytes: bytes) else { return }
    for tensor in file.tensors { _ = try? file.anyTensor(tensor.name) }
  }

  @Test func `arrays without the suffix are arrays, as in NumPy`() throws {
    let archive = try ZipReader(
      bytes: NPZFile.bytes(["x": Tensor<Float>([1, 2]), "y": Tensor<Float>([3])]), name: "a")
    let (x, y) = (try archive.bytes(of: "x.npy", limit: 1000), try archive.bytes(of: "y.npy", limit: 1000))
    func file(_ members: [(name: String, bytes: [UInt8])]) throws -> NPZFile {
      try NPZFile(
        bytes: ZipWriter.bytes(members.map { ($0.name, ZipContent($0.bytes)) }, name: "a", compressed: true))
    }
    let plain = try file(
      [("x", x), ("folder/y", y), ("text", Array("no array".utf8)), ("", [])].filter { !$0.0.isEmpty })
    #expect(plain.tensors.map(\.name) == ["x", "folder/y"])
    #expect(try plain.tensor("x") == Tensor<Float>([1, 2]) && plain.tensor("folder/y") == Tensor<Float>([3]))
    let both = try file([("x", x), ("x.npy", y)])
    #expect(both.tensors.map(\.name) == ["x", "x.npy"])
    #expect(try both.tensor("x") == Tensor<Float>([1, 2]) && both.tensor("x.npy") == Tensor<Float>([3]))
    #expect(throws: ModelFileError.self) { try file([("text", Array("no array".utf8))]) }
  }

  @Test func `a name that an archive cannot hold is refused`() throws {
    let longest = String(repeating: "a", count: 65_531)
    let x = Tensor<Float>([1, 2])
    #expect(try NPZFile(bytes: NPZFile.bytes([NamedTensor(longest, x)])).tensor(longest) == x)
    let error = #expect(throws: ModelFileError.self) { try NPZFile.bytes([NamedTensor(longest + "a", x)]) }
    #expect(error?.kind == .limit)
    #expect(try #require(error).description.hasSuffix("expected a name of at most 65535 bytes, found one of 65536"))
  }

  @Test func `names that look alike are two names`() throws {
    let names = ["\u{e9}", "e\u{301}"]
    let file = try NPZFile(bytes: NPZFile.bytes(names.enumerated().map { NamedTensor($1, Tensor<Float>([Float($0)])) }))
    #expect(try names.map { try file.tensor($0) as Tensor<Float> } == [Tensor([0]), Tensor([1])])
  }
}
