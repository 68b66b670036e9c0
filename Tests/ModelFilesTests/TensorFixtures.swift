import Foundation
import Tensor
import Testing

@testable import ModelFiles

/// A file that `make_tensor_files.py` has made, and what it says about it.
struct TensorFixture: Decodable, CustomTestStringConvertible {
  struct Content: Decodable {
    let name: String
    let type: String?
    let shape: [Int]
    let bytes: String?
  }

  let file: String
  let tensors: [Content]?
  let metadata: [String: String]?
  let error: String?
  let text: String?

  var testDescription: String { file }
  var path: String { Self.folder.appending(path: file).path }
  var bytes: [UInt8] { get throws { [UInt8](try Data(contentsOf: URL(filePath: path))) } }

  static let folder = Bundle.module.url(forResource: "Fixtures", withExtension: nil)!
  static let all = try! JSONDecoder().decode(
    [TensorFixture].self, from: Data(contentsOf: folder.appending(path: "manifest.json")))
  static let sound = all.filter { $0.error == nil }
  static let damaged = all.filter { $0.error != nil }
  static func named(_ file: String) -> TensorFixture { all.first { $0.file == file }! }
}

/// The elements in row-major order as bytes, as hexadecimal digits.
func hexadecimalElements(_ elements: some TypedTensor, as type: StoredType) -> String {
  var result = ""
  elements.tensor.writeElements(
    as: type, refuse: { fatalError("\($0), \($1)") },
    { bytes in result += bytes.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined() })
  return result
}

func fileBytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }
