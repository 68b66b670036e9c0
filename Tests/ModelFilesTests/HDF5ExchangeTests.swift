import Foundation
import Testing

@testable import ModelFiles

/// Files that h5py and PyTables write are read, and files for h5py to read are written. `Scripts/check-hdf5` makes the files,
/// says where they are, and compares.
struct HDF5ExchangeTests {
  private static let folder = ProcessInfo.processInfo.environment["ACTIVATIONS_HDF5_FOLDER"]

  @Test(.enabled(if: folder != nil)) func `files of others are read and files for others are written`() throws {
    let folder = Self.folder!
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).filter({ $0.hasSuffix(".h5") }).sorted() {
      let base = "\(folder)/\(name.dropLast(3))"
      var read: [NamedTensor] = []
      var told: [String: String] = [:]
      do {
        let file = try HDF5File("\(folder)/\(name)")
        for tensor in file.tensors {
          do {
            read.append(NamedTensor(tensor.name, StoredTensor(try file.anyTensor(tensor.name), as: tensor.type)))
          } catch {
            told[tensor.name] = "\(error)"
          }
        }
        for (path, group) in file.groups {
          for (name, what) in group.refused {
            told[path.text.isEmpty ? name.text : "\(path.text)/\(name.text)"] = what
          }
        }
        for path in file.groups.keys.map(\.text) + file.tensors.map(\.name) {
          for (name, value) in file.attributes(of: path) {
            if let text = value.text { told["\(path)@\(name)"] = text }
          }
        }
      } catch {
        told[""] = "\(error)"
      }
      try NPZFile.write(read, to: "\(base).read.npz")
      try JSONEncoder().encode(told).write(to: URL(filePath: "\(base).read.json"))
    }
    try Self.written().write(to: URL(filePath: "\(folder)/written.hdf5"))
  }

  /// Groups whose trees have several levels, every type, odd names and texts.
  private static func written() throws -> Data {
    var root = HDF5NewGroup()
    root.attributes = [
      "name": .text("größe"), "empty": .text(""), "long": .text(String(repeating: "x", count: 100_000)),
    ]
    root.at("types") { group in
      group.attributes = ["name": .text("types")]
      for type in StoredType.allCases where type != .bool {
        group.datasets.append((type.name, StoredTensor(.int64([0, 1, 100]), as: type)))
      }
      group.datasets.removeAll { $0.tensor.type != .int64 && $0.name.contains("float") }
      for type in [StoredType.float16, .float32, .float64, .bfloat16] {
        group.datasets.append((type.name, StoredTensor(.double([0, 1, 100]), as: type)))
      }
      group.datasets.append(("bool", StoredTensor(.bool([true, false]))))
      group.datasets.append(("scalar", StoredTensor(.float(Tensor(2)))))
      group.datasets.append(("empty", StoredTensor(.float(.zeros([2, 0, 3])))))
    }
    for count in [0, 1, 8, 9, 255, 256, 257, 9000] {
      root.at("many/\(count)") { group in
        for number in 0..<count {
          group.datasets.append(("出力 \(number)", StoredTensor(.int32(Tensor(Int32(number))))))
        }
      }
    }
    root.at("texts") { group in
      for number in 0..<3000 {
        var child = HDF5NewGroup()
        child.attributes = ["number": .text("\(number)"), "text": .text(String(repeating: "é", count: number))]
        group.groups.append(("\(number)", child))
      }
    }
    return Data(try HDF5Writer.bytes(root, file: "written.hdf5"))
  }
}
