import Foundation
import ModelFiles
import Tensor
import TestSupport
import Testing

@Suite(.temporaryFolder) struct TensorFileTests {
  /// Every file of NumPy's and of safetensors' own writer: descriptions, elements to the last bit, from path and memory.
  @Test(arguments: TensorFixture.sound) func `files are read to the last bit`(_ fixture: TensorFixture) throws {
    var files = [try openTensorFile(fixture.path)]
    if fixture.file.hasSuffix(".npz") {
      files.append(try NPZFile(bytes: fixture.bytes))
    } else {
      files.append(try SafetensorsFile(bytes: fixture.bytes))
      files.append(try SafetensorsFile(mapping: fixture.path))
    }
    let contents = try #require(fixture.tensors)
    for file in files {
      #expect(Set(file.tensors.map(\.name)) == Set(contents.map(\.name)))
      #expect(file.tensors.count == contents.count)
      #expect(file.metadata == fixture.metadata ?? [:])
      for content in contents { try check(file, content) }
    }
  }

  private func check(_ file: any TensorFile, _ content: TensorFixture.Content) throws {
    let description = try file.description(of: content.name)
    #expect(description.type?.name == content.type)
    guard let type = description.type else {
      let error = #expect(throws: ModelFileError.self) { try file.anyTensor(content.name) }
      #expect(error?.kind == .unsupported)
      return
    }
    #expect(description.shape == content.shape)
    #expect(description.byteCount == content.shape.reduce(type.byteCount, *))
    let tensor = try file.anyTensor(content.name)
    #expect(tensor.shape == content.shape)
    #expect(tensor.elementType == type.readingType)
    if let bytes = content.bytes { #expect(hexadecimalElements(tensor.opened, as: type) == bytes) }
  }

  @Test(arguments: TensorFixture.damaged)
  func `damaged and hostile files are refused`(_ fixture: TensorFixture) throws {
    for fromMemory in [false, true] {
      let error = #expect(throws: ModelFileError.self) {
        let file = fromMemory ? try NPZFile(bytes: fixture.bytes, name: fixture.path) : try NPZFile(fixture.path)
        for tensor in file.tensors { _ = try file.anyTensor(tensor.name) }
      }
      let found = try #require(error)
      #expect("\(found.kind)" == fixture.error)
      #expect("\(found)".contains(fixture.text ?? ""), "\(found)")
      #expect("\(found)".hasPrefix(fixture.path))
    }
  }

  @Test func `a .npy file is a file of one tensor`() throws {
    let directory = temporaryFolder()
    let x = Tensor<Int32>([[1, 2], [3, 4]])
    try x.write(to: directory + "/labels.npy")
    let file = try openTensorFile(directory + "/labels.npy")
    #expect(
      file.tensors == [TensorDescription(name: "labels", type: .int32, shape: [2, 2], byteCount: 16)])
    #expect(try file.anyTensor("labels") == .int32(x))
    let wrong = #expect(throws: ModelFileError.self) { let _: Tensor<Int32> = try file.tensor("x") }
    #expect("\(wrong!)" == "\(directory)/labels.npy: expected a tensor \"x\", found \"labels\"")
    let type = #expect(throws: ModelFileError.self) { let _: Tensor<Float> = try file.tensor("labels") }
    #expect(
      "\(type!)" == "\(directory)/labels.npy, byte 20: expected float32 (any type with converting: true), found int32")
    #expect(try file.tensor("labels", converting: true) == x.cast(to: Float.self))
  }

  @Test func `formats are told by the content, and by the extension where there is none yet`() throws {
    let directory = temporaryFolder()
    for (content, text) in [("", "an empty file"), ("text text text", "other bytes")] {
      let path = directory + "/x.npz"
      try Data(content.utf8).write(to: URL(filePath: path))
      let error = #expect(throws: ModelFileError.self) { try openTensorFile(path) }
      #expect("\(error!)".hasSuffix("found \(text)"))
    }
    let missing = #expect(throws: ModelFileError.self) { try openTensorFile(directory + "/missing.npz") }
    #expect(missing?.kind == .system)
    #expect(FileFormat(extensionOf: "a/b.NPZ") == .npz)
    #expect(FileFormat(extensionOf: "model.weights.h5") == .hdf5)
    #expect(FileFormat(extensionOf: "a.npz/b") == nil)
  }
}
