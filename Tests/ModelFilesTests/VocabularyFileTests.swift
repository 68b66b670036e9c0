import Layers
import Testing

@testable import ModelFiles
@testable import Tensor

/// Vocabularies that Keras writes beside the configuration of a layer that has learnt them.
@Suite struct VocabularyFileTests {
  private func bytes(vocabulary: String) throws -> [UInt8] {
    let inner = Sequential<Float> {
      StringLookup(vocabulary: ["red", "green"])
    }
    let outer = Sequential<Float> { inner }
    var model = outer
    var generator = PhiloxGenerator(seed: 1)
    try model.build(for: Tensor(texts: ["red"]), using: &generator)
    let zip = try ZipReader(FileBytes(bytes: model.kerasBytes(), name: "a.keras"))
    var members = try zip.members.map { member in
      let bytes = try zip.bytes(of: member.name, limit: 1 << 20)
      let text = String(decoding: bytes, as: UTF8.self).replacing("[\"red\", \"green\"]", with: "null")
      return (name: member.name, content: ZipContent(member.name == "config.json" ? Array(text.utf8) : bytes))
    }
    let place = "assets/layers/sequential/layers/string_lookup/vocabulary.txt"
    members.append((name: place, content: ZipContent(Array(vocabulary.utf8))))
    return try ZipWriter.bytes(members, name: "a.keras", compressed: false)
  }

  @Test func `they are read from files of their own`() throws {
    let model = try readModel(bytes: bytes(vocabulary: "[UNK]\nblue\nred"), name: "a.keras", as: Float.self)
    #expect(try model(["red", "blue", "green"]).scalars == [2, 1, 0])
  }

  @Test func `a vocabulary that cannot be is named with its place`() throws {
    let error = #expect(throws: ModelFileError.self) {
      try readModel(bytes: bytes(vocabulary: "[UNK]\nred\nred"), name: "a.keras", as: Float.self)
    }
    #expect(
      error?.description
        == "a.keras, assets/layers/sequential/layers/string_lookup/vocabulary.txt: expected a vocabulary "
        + "that fits the layer, found the vocabulary has a token twice")
  }
}
