import Foundation
import Tensor
import Testing

@testable import ModelFiles

/// The folder of Keras's files.
let kerasFolder = Bundle.module.resourceURL!.appendingPathComponent("Fixtures/Keras").path

func fixtureBytes(_ name: String) -> [UInt8] {
  [UInt8](FileManager.default.contents(atPath: "\(kerasFolder)/\(name)")!)
}

struct HDF5FileTests {
  static let names = try! FileManager.default.contentsOfDirectory(atPath: kerasFolder).filter { $0.hasSuffix(".h5") }
    .sorted()

  @Test(arguments: names) func `every file opens and every tensor in it can be read`(_ name: String) throws {
    let file = try HDF5File(bytes: fixtureBytes(name), name: name)
    #expect(!file.tensors.isEmpty)
    for tensor in file.tensors {
      let value: Tensor<Double> = try file.tensor(tensor.name, converting: true)
      #expect(value.shape == tensor.shape)
    }
  }

  @Test func `what is written is read again`() throws {
    var root = HDF5NewGroup()
    root.at("layers/dense/vars") { group in
      group.attributes = ["name": .text("höch")]
      group.datasets = [
        ("0", StoredTensor(.float(Tensor<Float>([1, -0.0, .infinity, 0x1p-149]).reshaped([2, 2])), as: .float32)),
        ("1", StoredTensor(.float([1, 0.5]), as: .bfloat16)),
        ("2", StoredTensor(.float([1, 0.5]), as: .float16)),
        ("3", StoredTensor(.bool([true, false]), as: .bool)),
        ("4", StoredTensor(.int64(Tensor(7)), as: .int64)),
        ("5", StoredTensor(.double(.zeros([0, 3])), as: .float64)),
      ]
    }
    let bytes = try HDF5Writer.bytes(root, file: "new.h5")
    #expect(try HDF5Writer.bytes(root, file: "new.h5") == bytes)
    let file = try HDF5File(bytes: bytes, name: "new.h5")
    #expect(file.attributes(of: "layers/dense/vars") == ["name": .text("höch")])
    #expect(file.tensors.map(\.shape) == [[2, 2], [2], [2], [2], [], [0, 3]])
    #expect(file.tensors.map(\.type) == [.float32, .bfloat16, .float16, .bool, .int64, .float64])
    let first: Tensor<Float> = try file.tensor("layers/dense/vars/0")
    let expected: [Float] = [1, -0.0, .infinity, 0x1p-149]
    #expect(first.scalars.map(\.bitPattern) == expected.map(\.bitPattern))
  }
}

struct OddHDF5FileTests {
  /// What is refused when the file is opened, or when a tensor is read.
  static let refused: [(file: String, tensor: String, text: String)] = [
    ("bomb", "x", "/x: expected at most 67108864 bytes from the stored data, found 4398046511104"),
    ("contiguous-bomb", "x", "/x: expected at most 67108864 bytes from the stored data, found 4398046511104"),
    ("cycle", "a/b/c", "/a/b/c: expected a group or a dataset, found a second link to the group /a"),
    (
      "deep", Array(repeating: "a", count: 70).joined(separator: "/"),
      "expected a group or a dataset, found an object in more than 64 nested groups"
    ),
    ("soft-link", "y", "/y: expected a group or a dataset, found a soft link"),
    ("external-link", "x/y", "/x: expected a group or a dataset, found a link to another file"),
    ("external-link-latest", "x", "/x: expected a group or a dataset, found a link to another file"),
    ("external-storage", "x", "/x: expected elements in this file, found elements in other files"),
    ("virtual", "x", "expected elements in this file, found a virtual dataset"),
    ("virtual-first-layout", "x", "/x: expected elements in this file, found a virtual dataset"),
    // Found by fuzzing: the HDF5 library reads the first without end, the second beyond its memory, when it opens them.
    ("virtual-endless-heap", "x", "expected elements in this file, found a virtual dataset"),
    ("virtual-selection", "x", "expected elements in this file, found a virtual dataset"),
    ("filter", "x", "/x: expected the filters shuffle, deflate and fletcher32, each once, found filter 32000 (lzf)"),
    ("name", "\\xff\\xfe", "expected a group or a dataset, found a name that is not UTF-8"),
    (
      "named-type", "type",
      "/type: expected a group or a dataset, found a type, or another object that is not a dataset"
    ),
    ("records", "x", "/x: expected numbers, found records"),
    ("text", "x", "/x: expected numbers, found text"),
    ("float128", "x", "/x: expected numbers, found 128-bit floating point of another format"),
    ("zero", "x", "/x: expected lengths whose product fits, found [0, 1099511627776, 1099511627776]"),
    (
      "single-later-header", "x",
      "byte 77: expected addresses below 463 in the place of links, found 18432952899379134463"
    ),
  ]

  @Test(arguments: refused) func `what is not to be trusted is named`(
    _ name: String, _ tensor: String, _ text: String
  ) throws {
    let error = #expect(throws: ModelFileError.self) {
      let file = try HDF5File(bytes: fixtureBytes("Hostile/\(name).h5"), name: name)
      let _: Tensor<Float> = try file.tensor(tensor, converting: true)
    }
    let description = try #require(error).description
    #expect(description.hasPrefix(name) && description.hasSuffix(text), "\(description)")
  }

  /// The HDF5 library reads it without end.
  @Test func `a damaged heap of texts is passed over where no text is damaged`() throws {
    let file = try HDF5File(bytes: fixtureBytes("Hostile/global-heap.h5"), name: "global-heap.h5")
    #expect(file.tensors.count == 4)
    for name in file.tensors.map(\.name) { _ = try file.tensor(name, as: Double.self, converting: true) }
  }

  @Test func `texts that are longer than numbers can tell are refused`() throws {
    let error = #expect(throws: ModelFileError.self) {
      try KerasFile(bytes: fixtureBytes("Hostile/text-length.keras"), name: "text-length.keras")
    }
    #expect(try #require(error).description.contains("bytes in the heap at byte"), "\(error!)")
  }

  @Test func `a file is described in few words`() throws {
    let file = try HDF5File(bytes: fixtureBytes("Hostile/two-links.h5"), name: "two-links.h5")
    #expect("\(file)".contains("2072 bytes of two-links.h5"))
  }

  /// What makes the HDF5 library use memory that it has freed.
  @Test func `damaged attributes are refused or read`() throws {
    let bytes = fixtureBytes("Hostile/attributes.keras")
    for name in (try? KerasFile(bytes: bytes, name: "attributes.keras"))?.tensors.map(\.name) ?? [] {
      _ = try? KerasFile(bytes: bytes, name: "attributes.keras").tensor(name, as: Float.self, converting: true)
    }
  }

  @Test func `an object of two names is read by both`() throws {
    let file = try HDF5File(bytes: fixtureBytes("Hostile/two-links.h5"), name: "two-links.h5")
    #expect(file.tensors.map(\.name) == ["x", "y"])
    #expect(try file.tensor("y", as: Float.self) == [[0, 1, 2], [3, 4, 5]])
  }

  @Test func `what else is in the file is read beside what is refused`() throws {
    let file = try HDF5File(bytes: fixtureBytes("Hostile/soft-link.h5"), name: "soft-link.h5")
    #expect(try file.tensor("x", as: Float.self) == [[0, 1, 2], [3, 4, 5]])
    let named = try HDF5File(bytes: fixtureBytes("Hostile/named-type.h5"), name: "named-type.h5")
    #expect(try named.tensor("x", as: Float.self) == [[0, 1, 2], [3, 4, 5]])
  }

  @Test(arguments: ["first", "latest"]) func `groups, attributes and chunks are read in every layout`(
    _ name: String
  ) throws {
    let file = try HDF5File(bytes: fixtureBytes("Hostile/every-layout-\(name).h5"), name: name)
    let grid = Tensor<Int32>.arange(35).reshaped([7, 5])
    let grids = try #require(file.group("grid")).datasets.map { "grid/\($0)" } + ["of_named_type", "скрытый/出力"]
    #expect(grids.count == 12)
    for name in grids { #expect(try file.tensor(name, as: Int32.self) == grid, "\(name)") }
    #expect(
      try file.tensor("line/pages", as: UInt8.self).scalars == (0..<1100).map { UInt8(truncatingIfNeeded: $0) })
    #expect(
      try file.tensor("line/growing", as: UInt8.self).scalars == (0..<300).map { UInt8(truncatingIfNeeded: $0) })
    #expect(try file.tensor("filled", as: Float.self) == [[7, 7], [7, 7]])
    #expect(try file.tensor("partly", as: Float.self) == [7, 1, 7, 7])
    #expect(try file.tensor("enumeration", as: Int32.self) == [1, 0])
    for number in 0..<300 {
      #expect(try file.tensor("many/a name of some length, \(number)", as: UInt8.self).scalar == UInt8(number % 256))
    }
    let attributes = file.attributes(of: "many")
    for number in 0..<20 { #expect(attributes["attribute \(number)"] == .text("text \(number)")) }
    #expect(attributes["fixed"] == .text("fixed"))
    if name == "latest" { #expect(attributes["long"] == .text(String(repeating: "x", count: 70_000))) }
  }

  @Test func `names of other bytes are other names`() throws {
    let file = try HDF5File(bytes: fixtureBytes("Hostile/odd-names.h5"), name: "odd-names.h5")
    #expect(try file.tensor("\u{E9}", as: Float.self).scalar == 1)
    #expect(try file.tensor("e\u{301}", as: Float.self).scalar == 2)
    #expect(try file.tensor("z", as: Float.self).scalar == 3)
    #expect(file.attributes(of: "z")["\\xe9"] == .text("Latin-1"))
    #expect(try #require(file.group("")).refused.count == 2)
  }

  @Test func `chunks of datasets without axes, and files that are still written to, are refused`() throws {
    for (name, text) in [
      ("scalar-chunked", "expected chunks of 0 axes of elements of 1 bytes, found [1]"),
      ("unclosed", "expected a file that its writer has closed, found one that is open, or was left so"),
    ] {
      let error = #expect(throws: ModelFileError.self) {
        let file = try HDF5File(bytes: fixtureBytes("Hostile/\(name).h5"), name: name)
        for tensor in file.tensors { _ = try file.tensor(tensor.name, as: Float.self, converting: true) }
      }
      #expect(try #require(error).description.contains(text), "\(error!)")
    }
  }

  @Test func `addresses of 4 bytes and lengths of 8 are read`() throws {
    let file = try HDF5File(bytes: fixtureBytes("Hostile/unequal-widths.h5"), name: "unequal-widths.h5")
    #expect(try file.tensor("x", as: Float.self) == [[0, 1, 2], [3, 4, 5]])
  }

  @Test(arguments: ["", ".", "a/b", "a\0b"]) func `names that HDF5 does not have are not written`(_ name: String) {
    var root = HDF5NewGroup()
    root.datasets = [(name, StoredTensor(.float([1])))]
    #expect(throws: ModelFileError.self) { try HDF5Writer.bytes(root, file: "new.h5") }
  }

  @Test func `addresses and lengths of 4 bytes are read`() throws {
    let file = try HDF5File(bytes: fixtureBytes("Hostile/narrow.h5"), name: "narrow.h5")
    #expect(try file.tensor("x", as: Float.self) == [[0, 1, 2], [3, 4, 5]])
    #expect(file.attributes() == ["name": .text("narrow")])
  }

  @Test func `chunks, filters, byte orders, compact data and later layouts are read`() throws {
    let file = try HDF5File(bytes: fixtureBytes("Hostile/compressed.h5"), name: "compressed.h5")
    let expected: Tensor<Float> = [[0, 1, 2], [3, 4, 5]]
    for name in ["x", "z", "compact"] {
      let value: Tensor<Float> = try file.tensor(name)
      #expect(value == expected)
    }
    #expect(try file.tensor("y", as: Double.self) == expected.cast(to: Double.self))
    #expect(try file.tensor("flags", as: Bool.self) == [true, false, true])
    let latest = try HDF5File(bytes: fixtureBytes("Hostile/latest.h5"), name: "latest.h5")
    #expect(try latest.tensor("group/x", as: Float.self) == expected)
    #expect(latest.attributes(of: "group") == ["name": .text("dense")])
    let many = try HDF5File(bytes: fixtureBytes("Hostile/many.h5"), name: "many.h5")
    #expect(many.tensors.map(\.name) == (0..<200).map { "v\($0)" })
    #expect(try many.tensor("v137", as: Float.self).scalar == 137)
  }

  @Test(arguments: ["user-block", "user-block-1024", "user-block-4096"])
  func `what stands before the signature is passed over`(_ name: String) throws {
    var bytes = fixtureBytes("Hostile/\(name).h5")
    bytes.replaceSubrange(0..<9, with: Array("user data".utf8))
    let file = try #require(try openTensorFile(FileBytes(bytes: bytes, name: "a.h5")) as? HDF5File)
    let expected: Tensor<Float> = [[0, 1, 2], [3, 4, 5]]
    for tensor in file.tensors { #expect(try file.tensor(tensor.name, as: Float.self) == expected) }
    #expect(!file.tensors.isEmpty)
    // The signature stands where addresses do not say that it does.
    #expect(throws: ModelFileError.self) { try HDF5File(bytes: Array(bytes.dropFirst(512)), name: "a.h5") }
    #expect(throws: ModelFileError.self) { try HDF5File(bytes: bytes.dropLast(8), name: "a.h5") }
  }

  @Test func `what is missing is told with what there is`() throws {
    let file = try HDF5File(bytes: fixtureBytes("k3_sequential.weights.h5"), name: "a.h5")
    let error = #expect(throws: ModelFileError.self) {
      let _: Tensor<Float> = try file.tensor("layers/dense_7/vars/0")
    }
    #expect(try #require(error).found.hasPrefix("batch_normalization, dense, dense_1, dense_2, dropout"))
  }

  @Test(arguments: [0, 7, 96, 800, 5000]) func `a file that is cut off is refused`(_ count: Int) {
    #expect(throws: ModelFileError.self) {
      try HDF5File(bytes: Array(fixtureBytes("k3_sequential.weights.h5").prefix(count)), name: "cut.h5")
    }
  }

  @Test(arguments: [
    "k3_sequential.weights.h5", "k2_layer_activations.h5", "k2_odd_legacy.h5", "Hostile/many.h5",
    "Hostile/compressed.h5", "Hostile/latest.h5", "Hostile/narrow.h5", "k2_unicode.h5",
  ]) func `damaged files are refused or read, and never stop the program`(_ name: String) throws {
    var generator = PhiloxGenerator(seed: 5)
    let bytes = fixtureBytes(name)
    for _ in 0..<60 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let byte: UInt8 = [0, 1, 8, 0x7F, 0xFF, .random(in: 0...255, using: &generator)].randomElement(
          using: &generator)!
        damaged[Int.random(in: 0..<damaged.count, using: &generator)] = byte
      }
      guard let file = try? HDF5File(bytes: damaged, name: name) else { continue }
      for tensor in file.tensors where tensor.byteCount < 1 << 24 {
        _ = try? file.tensor(tensor.name, as: Float.self, converting: true)
      }
    }
  }
}
