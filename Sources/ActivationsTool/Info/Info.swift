import ArgumentParser

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describes the contents of a file: tensors, their shapes, types and ranges, layers, metadata.",
    discussion: """
      Supported are .npy, .npz, .safetensors, Keras's .keras, .weights.h5 and .h5, and architectures in .json. Formats other \
      than .json are recognised by the first bytes, not by the name. Min and max ignore NaN.
      """)

  @Argument(help: "The files.")
  var files: [String]

  @Flag(help: "Read only headers, not the elements.")
  var short = false

  @Flag(help: "As JSON.")
  var json = false

  func run() throws {
    let infos = try files.map { try FileInfo($0, readsElements: !short) }
    if json {
      try printJSON(infos)
    } else {
      print(infos.map { $0.text(.output) }.joined(separator: "\n\n\n"))
    }
  }
}
