import Foundation
import ModelFiles
import Tensor
import TestSupport

/// Pictures, models of pictures, and what Keras and Pillow make of them.
enum PictureFixtures {
  static let folder = Bundle.module.resourceURL!.appending(path: "Fixtures").path
  static let pictures = folder + "/pictures/"
  static let expected = Result { try NPZFile(folder + "/pictures.npz") }

  /// What Keras's `load_img` reads: names of files and numbers of channels.
  static let decodings = try! expected.get().tensors.map { $0.name.split(separator: " ").map { String($0) } }
    .filter { $0.count == 2 && ($0[0].hasSuffix("png") || $0[0].hasSuffix("jpg")) && Int($0[1]) != nil }

  static func tensor<Scalar>(_ name: String) throws -> Tensor<Scalar> {
    try expected.get().tensor(name, converting: true)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: pictures + name)))
  }

  /// Writes a file that is no good picture.
  static func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let path = temporaryFile(name)
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }
}
