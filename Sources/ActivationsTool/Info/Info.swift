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

  @Flag(help: "Only whether all layers of models are supported, and those that are not; then the exit status is 1.")
  var support = false

  @Flag(help: "As JSON.")
  var json = false

  func run() throws {
    if support { return try printSupport() }
    let infos = try files.map { try FileInfo($0, readsElements: !short) }
    if json {
      try printJSON(infos)
    } else {
      print(infos.map { $0.text(.output) }.joined(separator: "\n\n\n"))
    }
  }

  private func printSupport() throws {
    let all = try files.map { try LayerSupport($0) }
    if json {
      try printJSON(all)
    } else {
      print(all.map { $0.text(.output) }.joined(separator: "\n\n"))
    }
    if all.contains(where: { $0.unknown != nil }) { throw ExitCode.failure }
  }
}
