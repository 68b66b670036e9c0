import ArgumentParser
import Foundation

/// Refuses a name that promises another format than .npy. Names with endings of any other kind, such as `mktemp` gives, are fine.
func requireArrayName(_ path: String, _ argument: String) throws {
  let others = ["csv", "h5", "jpg", "json", "keras", "npz", "pdf", "png", "safetensors", "svg", "tsv", "txt"]
  guard path != "-", others.contains(URL(filePath: path).pathExtension.lowercased()) else { return }
  throw ValidationError("\(argument) is \(path), written are .npy files")
}
