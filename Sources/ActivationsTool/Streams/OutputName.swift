import ArgumentParser
import Foundation

/// Rejects a name with the extension of another format than .npy. Other extensions, such as `mktemp`'s, are accepted.
func requireArrayName(_ path: String, _ argument: String) throws {
  let others = ["csv", "h5", "jpg", "json", "keras", "npz", "pdf", "png", "safetensors", "svg", "tsv", "txt"]
  guard path != "-", others.contains(URL(filePath: path).pathExtension.lowercased()) else { return }
  throw ValidationError("\(argument) is \(path); allowed: .npy files")
}

/// Rejects a name with another extension than .svg.
func requireSVGName(_ path: String, _ argument: String) throws {
  let found = URL(filePath: path).pathExtension
  guard path != "-", !found.isEmpty, found.lowercased() != "svg" else { return }
  throw ValidationError("\(argument) is \(path); allowed: names that end in .svg")
}
