import Foundation
import Tensor

/// The pictures that arguments name: files, and those in folders and the folders within, sorted by path.
enum PictureList {
  /// Whether arguments name pictures, not arrays: one of them is a folder, or a file that is a picture by its name or
  /// its first bytes.
  static func isOne(_ arguments: [String]) -> Bool {
    arguments.contains { isFolder($0) || PictureFormat.isNamed(by: $0) || isPicture($0) }
  }

  private static func isPicture(_ path: String) -> Bool {
    // To open and close a pipe would end the process that writes to it.
    guard !ArrayInput.isPipe(path), let source = try? FileSource(path: path),
      let beginning = try? source.prefix(PictureFormat.signatureLength)
    else { return false }
    return PictureFormat(of: beginning) != nil
  }

  /// - Throws: ``FileError`` for a folder without pictures.
  static func paths(_ arguments: [String]) throws(FileError) -> [String] {
    var paths: [String] = []
    for argument in arguments {
      guard isFolder(argument) else {
        paths.append(argument)
        continue
      }
      let found = try pictures(in: argument)
      if found.isEmpty {
        throw FileError(file: argument, expected: "a folder of pictures (.png, .jpg, .jpeg)", found: "none")
      }
      paths += found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    return paths
  }

  /// Files whose names are pictures', unless they are hidden. As in Keras, links to folders are not followed.
  private static func pictures(in folder: String) throws(FileError) -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw FileError(file: folder, expected: "a folder that can be read", found: error.localizedDescription)
    }
    var paths: [String] = []
    for name in names where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
      if !isFolder(path) {
        if PictureFormat.isNamed(by: name) { paths.append(path) }
      } else if !isLink {
        paths += try pictures(in: path)
      }
    }
    return paths
  }
}
